"""Who was erased, kept outside the database, so that no older backup brings anybody back.

A line for each parent, made with the key file: it says nothing to anybody, and only a database
that still holds the parent can be compared with it. The file only ever grows. It is written
before the erasure is: should the machine stop between the two, the erasure, still due, is
carried out again.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterable
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from django.conf import settings

from goround.apps.keys.roots import derived
from goround.apps.people.models import Parent

PURPOSE = "erased"


def own_list() -> Path:
    return Path(settings.ERASED_FILE)


def note_erased(parents: Iterable[Parent]) -> None:
    """Add these parents. Raises ``OSError``; then they must not be erased either."""
    there, line_of = lines_in(own_list()), _liner()
    add_lines(line for line in map(line_of, parents) if line not in there)


def add_lines(lines: Iterable[str]) -> None:
    """Write them at the end of our own list, and see them onto the disk."""
    path = own_list()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())


def lines_in(path: Path) -> set[str]:
    """The lines of a list; none where there is no such file."""
    try:
        return set(path.read_text(encoding="ascii").split())
    except FileNotFoundError:
        return set()


def parents_in(lines: set[str]) -> list[list[Parent]]:
    """Those of the listed who are in this database and not erased, by organisation."""
    if not lines:
        return []
    rows, line_of = Parent.objects.filter(erased_at=None), _liner()
    rows = rows.select_related("organisation", "user").order_by("organisation", "pk")
    listed = [row for row in rows if line_of(row) in lines]
    return [list(here) for _, here in groupby(listed, key=lambda row: row.organisation_id)]


def _liner() -> Callable[[Parent], str]:
    """What makes a parent's line; derives the key once for however many parents."""
    key = derived(PURPOSE)

    def line_of(parent: Parent) -> str:
        # The row's number alone may be given again after an old backup came back.
        who = f"{parent.organisation_id} {parent.pk} {parent.created_at.timestamp():.6f}"
        return hmac.new(key, who.encode(), sha256).hexdigest()

    return line_of
