from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from goround.apps.organisations.models import Organisation, Programme
from goround.apps.organisations.playbooks import shipped_playbooks, shipped_rules
from goround.apps.organisations.programmes import use_own_rules
from goround.domain.playbook.read import PlaybookError, read_playbook

WRONG = 2
"""The status at the end when something is to be corrected."""


class Command(BaseCommand):
    help = "Check a playbook, copy one that ships, or put a copy in force."
    # Checking a file and copying one need neither a database nor the rest of Goround.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        does = parser.add_subparsers(dest="does", metavar="check, copy or use", required=True)
        check = does.add_parser("check", help="say every mistake in a file")
        check.add_argument("file")
        copy = does.add_parser("copy", help="print a playbook that ships")
        copy.add_argument("key", help=f"one of {', '.join(shipped_playbooks())}")
        use = does.add_parser("use", help="put a file in force for a programme")
        use.add_argument("file")
        use.add_argument("--organisation", required=True, help="its short name in addresses")

    def handle(self, *, does: str, **options: Any) -> None:
        try:
            if does == "check":
                self.check_file(options["file"])
            elif does == "copy":
                self.copy_shipped(options["key"])
            else:
                self.use_file(options["file"], options["organisation"])
        except PlaybookError as error:
            self.stop(*error.problems)
        except DatabaseError as error:
            self.stop(f"The database cannot be used: {error}. Is Goround set up here?")

    def check_file(self, name: str) -> None:
        playbook = read_playbook(self.text_of(name), source=Path(name).name)
        self.stdout.write(f"{Path(name).name}: all is well with {playbook.name}.")

    def copy_shipped(self, key: str) -> None:
        if key not in shipped_playbooks():
            self.stop(f"No playbook is called {key!r}. There are {', '.join(shipped_playbooks())}.")
        self.stdout.write(shipped_rules(key), ending="")

    def use_file(self, name: str, slug: str) -> None:
        text, source = self.text_of(name), Path(name).name
        key = read_playbook(text, source=source).key
        programme = self.programme(slug, key, source)
        before = programme.own_rules
        after = use_own_rules(
            programme=programme, text=text, source=source, by=None, at=timezone.now()
        )
        if before == after.own_rules:
            self.stdout.write(f"{source}: is in force at {slug} already. Nothing was changed.")
        else:
            self.stdout.write(f"{source}: is in force at {slug} from now on.")

    def programme(self, slug: str, key: str, source: str) -> Programme:
        """The organisation's programme on this playbook, or a sentence about those there are."""
        organisation = Organisation.objects.filter(slug=slug).first()
        if organisation is None:
            there = ", ".join(Organisation.objects.order_by("slug").values_list("slug", flat=True))
            self.stop(f"No organisation is called {slug!r}. There are: {there or 'none yet'}.")
        running = {p.playbook_key: p for p in Programme.objects.filter(organisation=organisation)}
        if key not in running:
            self.stop(
                f"{source}: key is {key!r}, and {slug} runs no programme on that playbook. "
                f"It runs: {', '.join(sorted(running)) or 'none yet'}. "
                "A copy keeps the key of the playbook it was made from. Nothing was changed."
            )
        return running[key]

    def text_of(self, name: str) -> str:
        try:
            return Path(name).read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            self.stop(f"There is no file {name}.")
        except UnicodeDecodeError:
            self.stop(f"{name} is no plain text in UTF-8. Save it as plain text and try again.")
        except OSError as error:
            self.stop(f"{name} cannot be read: {error.strerror}.")

    def stop(self, *sentences: str) -> NoReturn:
        for sentence in sentences:
            self.stderr.write(sentence)
        sys.exit(WRONG)
