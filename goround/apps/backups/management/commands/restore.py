from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from goround.apps.backups.files import BadBackup
from goround.apps.backups.rows import CannotRestore
from goround.apps.backups.services import NotWhole, restore_backup
from goround.apps.keys.roots import KeyTrouble


class Command(BaseCommand):
    help = (
        "Bring a backup back into an empty database. Everything is checked first; if anything "
        "is wrong with the file or the key, the database stays empty."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what `goround backup` wrote")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            restored = restore_backup(path=file, by=None, at=timezone.now())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except (BadBackup, CannotRestore, KeyTrouble, NotWhole) as error:
            raise CommandError(f"{error}\nNothing was restored.") from error
        total = sum(restored.counts.values())
        self.stdout.write(
            f"{total} rows are back, as they were at {restored.label.made_at}. "
            "Everybody must sign in again."
        )
        if restored.erased_again:
            self.stdout.write(
                f"{restored.erased_again} parents who had been erased since were erased again."
            )
        if restored.held_back:
            self.stdout.write(
                f"{restored.held_back} messages were due and may have been sent: they are held "
                "back. A coordinator finds them under Messages and can send them again."
            )
        if restored.troubles:
            raise CommandError(
                "\n".join(["Every row is back, but look at this first:", *restored.troubles])
            )
        self.stdout.write("The trail holds, and the key file opens every key.")
