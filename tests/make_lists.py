"""Uploaded lists as coordinators send them, and what becomes of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from random import Random
from typing import Any

from goround.apps.accounts.models import User
from goround.apps.jobs.work import run_next
from goround.apps.organisations.models import Programme
from goround.apps.people.imports.services import confirm_list, receive_list
from goround.apps.people.models import ListImport
from tests.make import NOON, make_coordinator

Cells = Mapping[str, str]


def row(id: str, **cells: str) -> dict[str, str]:
    """A parent near Pacoima who speaks English and is free on Monday evenings."""
    usual = {
        "id": id,
        "lat": "34.262",
        "lon": "-118.42",
        "languages": "en",
        "available": "mon 17:30-20:30",
    }
    return usual | cells


def as_csv(rows: Iterable[Cells]) -> bytes:
    rows = list(rows)
    columns = list(dict.fromkeys(column for one in rows for column in one))
    text = io.StringIO()
    table = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode()


def make_list(
    programme: Programme,
    rows: Iterable[Cells] | bytes,
    *,
    kind: ListImport.Kind = ListImport.Kind.PARENTS,
    by: User | None = None,
    at: datetime = NOON,
    **more: Any,
) -> ListImport:
    """A list received and read, not yet saved."""
    return receive_list(
        organisation=programme.organisation,
        programme=programme,
        kind=kind,
        data=rows if isinstance(rows, bytes) else as_csv(rows),
        by=by or make_coordinator(programme.organisation),
        at=at,
        rng=Random(7),
        **more,
    )


def save(listed: ListImport, *, at: datetime = NOON) -> ListImport:
    """Confirm the list, let a worker save it, and look at it again."""
    confirm_list(list_import=listed, by=listed.uploaded_by, at=at)
    run_next("worker")
    listed.refresh_from_db()
    return listed


def counts(listed: ListImport) -> tuple[int, int, int, int]:
    """New, changed, same and bad rows."""
    return listed.new_rows, listed.changed_rows, listed.same_rows, listed.bad_rows
