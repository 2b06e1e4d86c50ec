"""Tables as CSV that a spreadsheet opens without carrying anything out."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

Cell = str | int | None

# A cell beginning so is read as a formula by one spreadsheet or another (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(cell: Cell) -> Cell:
    """Text that could be a formula gets an apostrophe before it. Numbers stay numbers.

    >>> safe("=1+1")
    "'=1+1"
    """
    if isinstance(cell, str) and cell.lstrip(" \u00a0").startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with the mark that spreadsheets look for. None, the unknown, is an empty cell."""
    out = StringIO()
    csv.writer(out).writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
