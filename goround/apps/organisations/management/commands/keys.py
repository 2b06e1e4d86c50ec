from __future__ import annotations

import sys
from getpass import getpass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from goround.apps.accounts.models import User
from goround.apps.keys.checking import check_keys
from goround.apps.keys.lead_keys import NotTheCard, WordsWrong
from goround.apps.keys.roots import KeyTrouble, make_key_file
from goround.apps.organisations.key_keeping import (
    NoKeyYet,
    change_organisation_key,
    change_root_key,
    forget_old_root_keys,
    read_by_card,
)
from goround.apps.organisations.models import Organisation


class Command(BaseCommand):
    help = "Make or change the key file, see that the keys open what is stored, use a card."
    # The key file is made before there is a database.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        does = parser.add_subparsers(
            dest="does", metavar="new, check, rotate, forget-old or recover", required=True
        )
        does.add_parser("new", help="make the key file on a new server")
        does.add_parser("check", help="open every key once and say what does not open")
        rotate = does.add_parser("rotate", help="add a new root key and use it from now on")
        rotate.add_argument(
            "organisation",
            nargs="?",
            help="its short name in addresses: give only this organisation a new key of its own",
        )
        does.add_parser("forget-old", help="take older root keys out of the key file")
        recover = does.add_parser(
            "recover", help="let a safeguarding lead read with the words of the recovery card"
        )
        recover.add_argument("organisation", help="its short name in addresses")
        recover.add_argument("handle", help="the lead who is to read; they have made their key")

    def handle(self, *, does: str, **options: Any) -> None:
        try:
            match does:
                case "new":
                    self.new()
                case "check":
                    self.check_all()
                case "rotate" if options["organisation"]:
                    self.rotate_one(options["organisation"])
                case "rotate":
                    self.rotate()
                case "forget-old":
                    self.forget_old()
                case "recover":
                    self.recover(options["organisation"], options["handle"])
        except KeyTrouble as error:
            raise CommandError(str(error)) from error

    def new(self) -> None:
        path = Path(settings.KEY_FILE)
        if not make_key_file(path):
            raise CommandError(f"There is a key file at {path} already. Nothing was changed.")
        self.stdout.write(
            f"The key file is made: {path}\n"
            "Copy it now to a place of its own, such as a password safe or a printed sheet in a "
            "locked drawer. Without it contact details can never be read again. Never keep it "
            "beside a backup: whoever has both can read everything but sealed records."
        )

    def check_all(self) -> None:
        checked = check_keys()
        for sentence in checked.troubles:
            self.stderr.write(sentence)
        if checked.troubles:
            raise CommandError(f"Not everything opens: {len(checked.troubles)} of the keys above.")
        self.stdout.write(
            f"All is well: {checked.organisations} organisation keys and {checked.data} data keys "
            "open with this key file."
        )

    def rotate(self) -> None:
        rotated = change_root_key(by=None, at=timezone.now())
        self.stdout.write(
            f"Root key {rotated.name} is in use: {rotated.organisations} organisation keys were "
            "wrapped anew. Copy the key file again to where you keep it. Older root keys stay in "
            "it, because older backups need them; when the last of those is gone, or a root key "
            "was seen by somebody: goround keys forget-old"
        )

    def rotate_one(self, slug: str) -> None:
        organisation = Organisation.objects.filter(slug=slug).first()
        if organisation is None:
            raise CommandError(f"No organisation is called {slug!r}. Nothing was changed.")
        wrapped = change_organisation_key(organisation=organisation, by=None, at=timezone.now())
        self.stdout.write(
            f"{slug} has a new key, and {wrapped} keys below it were wrapped anew. Nothing else "
            "was written again, and the key file is as it was."
        )

    def forget_old(self) -> None:
        gone = forget_old_root_keys(by=None, at=timezone.now())
        self.stdout.write(
            f"{gone} older root keys were taken out of the key file. A backup from before they "
            "were changed opens only with a copy of the key file of that time."
        )

    def recover(self, slug: str, handle: str) -> None:
        organisation = Organisation.objects.filter(slug=slug).first()
        reader = User.objects.filter(handle=handle.strip().lower()).first()
        if organisation is None or reader is None:
            missing = f"organisation is called {slug!r}" if reader else f"handle is {handle!r}"
            raise CommandError(f"No {missing}. Nothing was changed.")
        try:
            lacked = read_by_card(
                organisation=organisation,
                words=self.words(),
                reader=reader,
                by=None,
                at=timezone.now(),
            )
        except NoKeyYet as error:
            raise CommandError(
                "They have made no key of their own yet. Ask them to sign in, make one on the "
                "page Sealed records, and type its six words once. Nothing was changed."
            ) from error
        except (WordsWrong, NotTheCard) as error:
            raise CommandError(
                "These are not the words of this organisation's card. Nothing was changed."
            ) from error
        self.stdout.write(f"{handle} can read {lacked} more sealed records now.")

    def words(self) -> str:
        """Never an argument: those stand in the shell's history."""
        if sys.stdin.isatty():
            return getpass("The words of the card, with spaces between: ")
        return sys.stdin.read()
