"""Make a backup that is known to be whole, and bring one back into an empty place."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from goround.apps.accounts.models import User
from goround.apps.audit import chains
from goround.apps.audit import services as audit
from goround.apps.backups import files, rows
from goround.apps.backups.erased import lines_known
from goround.apps.backups.models import Backup
from goround.apps.keys.checking import check_keys
from goround.apps.keys.roots import KeyTrouble, derived
from goround.apps.outbox.services import hold_back_due
from goround.apps.records.erasing import erase_again
from goround.apps.walls.places import working_for_all
from goround.domain.privacy.envelope import Key

PURPOSE = "backup"


class NotWhole(Exception):
    """The file that was written could not be read back as it was meant."""


@dataclass(frozen=True)
class Restored:
    """What came back: the outside of the file, rows by table, and what is wrong with them.

    ``erased_again`` parents had been erased since the backup was made, and ``held_back``
    messages may have been sent since. ``troubles`` are sentences for the person who restores.
    They are no reason to take the rows out again: a chain that was broken before, or a key that
    can still be put back.
    """

    label: files.Label
    counts: dict[str, int]
    erased_again: int
    held_back: int
    troubles: tuple[str, ...]


def make_backup(*, path: Path, by: audit.Actor | None, at: datetime) -> Backup:
    """Write every row, encrypted, to ``path``, and read it back before it gets that name.

    A process that is killed leaves no file under that name, or a whole one. Raises
    ``FileExistsError`` rather than overwrite, ``NotWhole`` when the disk gave back something else.
    """
    if path.exists():
        raise FileExistsError(path)
    with _unnamed_beside(path) as unnamed:
        with unnamed.open("wb") as file:
            files.write(file, _label(at), rows.lines(), key=_key().secret)
            file.flush()
            os.fsync(file.fileno())
        counts = _counts_in(unnamed)
        # A link, unlike a renaming, never takes the place of a file that came meanwhile.
        os.link(unnamed, path)
        _keep_name(path.parent)
    with transaction.atomic():
        made = Backup.objects.create(
            made_at=at, file_name=path.name, size=path.stat().st_size, rows=sum(counts.values())
        )
        audit.record("backup.made", made, by=by, at=at, rows=made.rows)
    return made


def restore_backup(*, path: Path, by: User | None, at: datetime) -> Restored:
    """Bring a backup back into this database, which must be empty: all of it or nothing.

    The whole file is read and checked before the first row is written. Whoever is on the list of
    the erased, our own or the one beside the backup, is erased again. Raises
    ``files.BadBackup``, ``rows.CannotRestore``, and ``KeyTrouble``.
    """
    _counts_in(path)
    with path.open("rb") as file:
        label = files.read_label(file)
    counts = rows.load(_lines_of(path))
    troubles = (*_broken_chains(), *_keys_that_do_not_open())
    with transaction.atomic():
        restored = Backup.objects.create(
            made_at=datetime.fromisoformat(label.made_at),
            file_name=path.name,
            size=path.stat().st_size,
            rows=sum(counts.values()),
        )
        audit.record("backup.restored", restored, by=by, at=at, rows=restored.rows)
    with working_for_all():
        erased_again = erase_again(lines=lines_known(path.parent), by=by, at=at)
        held_back = hold_back_due(by=by, at=at)
    return Restored(label, counts, erased_again, held_back, troubles)


def _broken_chains() -> list[str]:
    """Before this restoring adds an entry of its own."""
    found = [chains.check(organisation_id) for organisation_id in chains.chains()]
    return [
        f"The trail of organisation {each.organisation_id or 'none'} does not hold: "
        f"goround audit verify says where."
        for each in found
        if each.broken
    ]


def _keys_that_do_not_open() -> list[str]:
    try:
        return list(check_keys().troubles)
    except KeyTrouble as error:
        return [str(error)]


def _label(at: datetime) -> files.Label:
    return files.Label(
        made_at=at.isoformat(),
        version=version("goround"),
        database=connection.vendor,
        key=_key().id.hex(),
    )


def _key() -> Key:
    """Comes from the key file's lasting secret: it stays when root keys are changed."""
    return Key.of(derived(PURPOSE))


def _key_named(name: str) -> bytes:
    key = _key()
    if key.id.hex() != name:
        raise files.BadBackup(
            f"The backup was made with key {name}, and the key file here gives {key.id.hex()}. "
            "Put back the key file of that time; GOROUND_KEY_FILE says where it belongs."
        )
    return key.secret


def _lines_of(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        yield from files.read(file, key_named=_key_named)


def _counts_in(path: Path) -> dict[str, int]:
    """How many rows of each table the file holds, counted by reading all of it."""
    counts: dict[str, int] = {}
    table, told = "", None
    for line in _lines_of(path):
        if isinstance(line, list):
            counts[table] += 1
        elif "table" in line:
            table = line["table"]
            counts[table] = 0
        else:
            told = line.get("counts", told)
    if counts != told:
        raise NotWhole(f"{path.name} does not hold the rows that were written into it.")
    return counts


@contextlib.contextmanager
def _unnamed_beside(path: Path) -> Iterator[Path]:
    """A file on the same disk under a name nobody looks for, gone afterwards."""
    descriptor, name = tempfile.mkstemp(prefix=".unfinished-", dir=path.parent)
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _keep_name(folder: Path) -> None:
    """Have the disk keep the file's name too, not only its content."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
