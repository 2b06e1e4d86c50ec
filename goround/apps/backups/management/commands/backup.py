from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from goround.apps.backups.erased import copy_erased_list
from goround.apps.backups.services import NotWhole, make_backup
from goround.apps.keys.roots import KeyTrouble

NAME = "goround-%Y-%m-%dT%H%M%S.backup"
NAMES = "goround-????-??-??T??????.backup"


class Command(BaseCommand):
    help = (
        "Write everything in the database, encrypted, to one file, and read it back. The key "
        "is not in it: keep the key file somewhere else, and never beside the backups."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where the file goes; best another disk")
        parser.add_argument(
            "--keep", type=int, metavar="N", help="keep the newest N in the folder, remove others"
        )

    def handle(self, *, folder: Path, keep: int | None, **options: Any) -> None:
        if keep is not None and keep < 1:
            raise CommandError(f"--keep is {keep}; keep at least 1. No backup was made.")
        path = self.free_path(folder, timezone.now())
        try:
            made = make_backup(path=path, by=None, at=timezone.now())
            copy_erased_list(folder)
        except FileExistsError as error:
            raise CommandError(f"{path} is there already. No backup was made.") from error
        except OSError as error:
            raise CommandError(
                f"The backup could not be written to {folder}: {error.strerror}. "
                "Nothing of it was left there, and the database is as it was."
            ) from error
        except NotWhole as error:
            raise CommandError(
                f"{error} It was removed. Look at the disk and try again."
            ) from error
        except KeyTrouble as error:
            raise CommandError(f"{error}\nNo backup was made.") from error
        self.stdout.write(f"{path}: {made.rows} rows, {made.size} bytes, read back whole.")
        for old in self.older(folder, keep):
            old.unlink()
            self.stdout.write(f"{old.name} was removed.")

    def free_path(self, folder: Path, moment: datetime) -> Path:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(f"{folder} cannot be made: {error.strerror}.") from error
        return folder / moment.strftime(NAME)

    def older(self, folder: Path, keep: int | None) -> list[Path]:
        """Those beyond the newest; their names sort by time."""
        return sorted(folder.glob(NAMES), reverse=True)[keep:] if keep else []
