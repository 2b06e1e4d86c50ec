"""Tables as files that a spreadsheet opens without carrying anything out."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO, StringIO

Cell = str | int | float | None

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


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a workbook; its first row says what the columns are."""

    name: str
    rows: Sequence[Sequence[Cell]]


def as_xlsx(
    sheets: Iterable[Sheet], *, title: str, made_at: datetime, right_to_left: bool = False
) -> bytes:
    """A workbook of plain values: no formula, no link, no temporary file.

    The same sheets at the same time are the same bytes.
    """
    # Loaded when somebody takes a workbook along, and not for every page.
    from xlsxwriter import Workbook  # noqa: PLC0415

    out = BytesIO()
    book = Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": title, "created": made_at.replace(tzinfo=None)})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name[:31])
        if right_to_left:
            page.right_to_left()
        page.freeze_panes(1, 0)
        for number, row in enumerate(sheet.rows):
            for place, cell in enumerate(row):
                style = plain if number else head
                if isinstance(cell, str):
                    page.write_string(number, place, str(safe(cell)), style)
                elif cell is not None:
                    page.write_number(number, place, cell, style)
        for place, wide in enumerate(_widths(sheet.rows)):
            page.set_column(place, place, wide)
    book.close()
    return out.getvalue()


def _widths(rows: Sequence[Sequence[Cell]]) -> list[int]:
    """Wide enough for what stands in a column, up to what can still be read across."""
    columns = max((len(row) for row in rows), default=0)
    return [
        min(max((len(str(row[place])) for row in rows if place < len(row)), default=8) + 2, 60)
        for place in range(columns)
    ]
