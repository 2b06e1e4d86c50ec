from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from goround.apps.keys.checking import check_keys
from goround.apps.keys.roots import KeyTrouble, make_key_file


class Command(BaseCommand):
    help = "Make the key file, or see that the keys open what is stored."
    # The key file is made before there is a database.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        does = parser.add_subparsers(dest="does", metavar="new or check", required=True)
        does.add_parser("new", help="make the key file on a new server")
        does.add_parser("check", help="open every key once and say what does not open")

    def handle(self, *, does: str, **options: Any) -> None:
        try:
            {"new": self.new, "check": self.check_all}[does]()
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
