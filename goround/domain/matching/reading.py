"""Read parents, venues and facilitators from lines of CSV, naming every bad row.

One bad cell rejects its row and no other. Reading is lazy: 40,000 rows can pass through
in chunks, with ``parents_in``; the ``read_…`` functions gather everything.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Generic, TypeVar

from goround.domain.matching.problem import (
    IN_PERSON,
    MODES,
    ONLINE,
    Facilitator,
    Parent,
    Span,
    SpanError,
    Venue,
)

Row = TypeVar("Row", Parent, Venue, Facilitator)
Postcodes = Mapping[str, tuple[float, float]]

_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_WHOLE: Final = re.compile(r"\+?\d{1,9}", re.ASCII)
OLDEST_CHILD: Final = 25


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row was left out. ``line`` counts from 1 with the header; ``column`` may be empty."""

    file: str
    line: int
    column: str
    reason: str
    id: str = ""


class HeaderError(ValueError):
    """The file as a whole cannot be read: empty, or a column is missing or there twice."""

    def __init__(
        self, said: str, *, missing: Sequence[str] = (), twice: str = "", unreadable: int = 0
    ) -> None:
        super().__init__(said)
        self.missing = tuple(missing)
        self.twice = twice
        self.unreadable = unreadable


@dataclass(slots=True)
class Read(Generic[Row]):
    """The good rows in file order, and every reason why others were left out."""

    rows: list[Row] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)


class _CellError(ValueError):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


@dataclass(frozen=True, slots=True)
class RawRow:
    """One line of a file by column name, all cells stripped, absent ones empty."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def raw_rows(lines: Iterable[str], *, file: str, must: Iterable[str] = ()) -> Iterator[RawRow]:
    """Rows by column name, blank lines skipped. Raises ``HeaderError``.

    Takes a byte order mark, either line ending, quoted cells, extra and reordered columns.
    """
    reader = csv.reader(_without_mark(lines), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _check_header(header, file, must)
        began = reader.line_num + 1
        for cells in reader:
            line, began = began, reader.line_num + 1
            if any(cell.strip() for cell in cells):
                yield RawRow(line, _named(header, cells))
    except csv.Error as error:
        line = reader.line_num
        said = f"{file}, line {line}: not readable as CSV: {error}"
        raise HeaderError(said, unreadable=line) from None


def _without_mark(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield line.removeprefix("\ufeff") if number == 0 else line


def _check_header(header: list[str], file: str, must: Iterable[str]) -> None:
    if not any(header):
        raise HeaderError(f"{file} is empty; its first line should name the columns")
    for name in header:
        if name and header.count(name) > 1:
            raise HeaderError(f"{file} has two columns named {name!r}", twice=name)
    if missing := [name for name in must if name not in header]:
        named = ", ".join(repr(name) for name in missing)
        raise HeaderError(f"{file} has no column {named}", missing=missing)


def _named(header: list[str], cells: list[str]) -> dict[str, str]:
    named = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
    if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
        named["\n"] = "too many cells"
    return named


PARENT_COLUMNS: Final = ("id", "languages", "available")
VENUE_COLUMNS: Final = ("id", "mode", "slots")
FACILITATOR_COLUMNS: Final = ("id", "languages", "available", "lat", "lon")


def read_parents(
    lines: Iterable[str], *, postcodes: Postcodes | None = None, file: str = "parents.csv"
) -> Read[Parent]:
    """Parents of a file. A row needs ``lat`` and ``lon``, or a ``postcode`` that is known."""
    return _read(lines, file, PARENT_COLUMNS, lambda row: parent_from(row, postcodes=postcodes))


def read_venues(lines: Iterable[str], *, file: str = "venues.csv") -> Read[Venue]:
    return _read(lines, file, VENUE_COLUMNS, venue_from)


def read_facilitators(lines: Iterable[str], *, file: str = "facilitators.csv") -> Read[Facilitator]:
    return _read(lines, file, FACILITATOR_COLUMNS, facilitator_from)


def read_postcodes(
    lines: Iterable[str], *, file: str = "postcodes.csv"
) -> dict[str, tuple[float, float]]:
    """A table ``postcode,lat,lon``; the last of several lines for one postcode counts.

    Raises ``HeaderError`` at the first bad line: a wrong table must not misplace people.
    """
    table = {}
    for row in raw_rows(lines, file=file, must=("postcode", "lat", "lon")):
        try:
            place = (_degrees(row, "lat", 90.0), _degrees(row, "lon", 180.0))
        except _CellError as error:
            raise HeaderError(f"{file}, line {row.line}, {error.column}: {error.reason}") from None
        table[postcode_key(row["postcode"])] = place
    return table


def postcode_key(text: str) -> str:
    """Postcodes compare without spaces and in capitals."""
    return "".join(text.split()).upper()


def _read(
    lines: Iterable[str], file: str, must: Iterable[str], make: Callable[[RawRow], Row]
) -> Read[Row]:
    read, lines_of = Read[Row](), dict[str, list[int]]()
    made: list[tuple[str, Row]] = []
    for raw in raw_rows(lines, file=file, must=must):
        lines_of.setdefault(raw["id"], []).append(raw.line)
        try:
            made.append((raw["id"], make(raw)))
        except _CellError as error:
            read.problems.append(RowProblem(file, raw.line, error.column, error.reason, raw["id"]))
    _refuse_twins(read, file, lines_of)
    read.rows = [row for name, row in made if len(lines_of[name]) == 1]
    read.problems.sort(key=lambda problem: problem.line)
    return read


def _refuse_twins(read: Read[Row], file: str, lines_of: Mapping[str, list[int]]) -> None:
    """Refuse every row of an id that stands twice: which of them is meant cannot be known."""
    named = {problem.line for problem in read.problems}
    for name, numbers in lines_of.items():
        for line in numbers if len(numbers) > 1 else ():
            if line not in named:
                also = ", ".join(str(other) for other in numbers if other != line)
                reason = f"the same id is on line {also} too"
                read.problems.append(RowProblem(file, line, "id", reason, name))


def parent_from(row: RawRow, *, postcodes: Postcodes | None = None) -> Parent:
    lat, lon = _home(row, postcodes)
    name = _id(row)
    return Parent(
        id=name,
        lat=lat,
        lon=lon,
        children=_ages(row),
        languages=_some(row, "languages"),
        available=_spans(row, "available", must=True),
        interests=_set(row, "interests"),
        modes=_modes(row),
        max_km=_amount(row, "max_km", 15.0),
        needs=_set(row, "needs"),
        tags=_set(row, "tags"),
        wishes=_set(row, "wishes"),
        together=_set(row, "together") - {name},
        apart=_others(row, "apart", name),
        priority=_count(row, "priority", 1, least=1),
    )


def venue_from(row: RawRow) -> Venue:
    name, mode = _id(row), row["mode"].lower()
    if mode not in MODES:
        raise _CellError("mode", f"{row['mode']!r} should be in-person or online")
    in_person = mode == IN_PERSON
    return Venue(
        id=name,
        name=row["name"] or name,
        mode=mode,
        lat=_degrees(row, "lat", 90.0) if in_person else None,
        lon=_degrees(row, "lon", 180.0) if in_person else None,
        slots=tuple(dict.fromkeys(_spans(row, "slots", must=False))),
        rooms=_count(row, "rooms", 1),
        capacity=_count(row, "capacity", 0) if row["capacity"] else None,
        features=_set(row, "features"),
    )


def facilitator_from(row: RawRow) -> Facilitator:
    return Facilitator(
        id=_id(row),
        languages=_some(row, "languages"),
        available=_spans(row, "available", must=True),
        lat=_degrees(row, "lat", 90.0),
        lon=_degrees(row, "lon", 180.0),
        max_km=_amount(row, "max_km", 30.0),
        interests=_set(row, "interests"),
        groups=_count(row, "groups", 1),
    )


def _id(row: RawRow) -> str:
    name = row["id"]
    if "\n" in row.cells:
        raise _CellError("", "more cells than the header has columns")
    if not 1 <= len(name) <= 64:
        raise _CellError("id", "an id has 1 to 64 characters")
    if ";" in name or not name.isprintable():
        raise _CellError("id", "an id holds no semicolon and no control character")
    return name


def _home(row: RawRow, postcodes: Postcodes | None) -> tuple[float, float]:
    if row["lat"] or row["lon"] or not row["postcode"]:
        return _degrees(row, "lat", 90.0), _degrees(row, "lon", 180.0)
    place = (postcodes or {}).get(postcode_key(row["postcode"]))
    if place is None:
        raise _CellError("postcode", f"{row['postcode']!r} is not in the table of postcodes")
    return place


def _degrees(row: RawRow, column: str, most: float) -> float:
    if not row[column]:
        raise _CellError(column, "empty; a place needs lat and lon")
    value = _number(row, column)
    if abs(value) > most:
        raise _CellError(column, f"{row[column]!r} is outside -{most:g} to {most:g}")
    return value


def _number(row: RawRow, column: str) -> float:
    return _as_number(column, row[column])


def _as_number(column: str, text: str) -> float:
    if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        raise _CellError(column, f"{text!r} is not a number such as 12 or 0.5")
    return float(text)


def _amount(row: RawRow, column: str, default: float) -> float:
    if not row[column]:
        return default
    value = _number(row, column)
    if value < 0:
        raise _CellError(column, f"{row[column]!r} is less than 0")
    return value


def _count(row: RawRow, column: str, default: int, *, least: int = 0) -> int:
    text = row[column]
    if not text:
        return default
    if not _WHOLE.fullmatch(text) or int(text) < least:
        raise _CellError(column, f"{text!r} should be a whole number, {least} or more")
    return int(text)


def cells(text: str) -> list[str]:
    """The values of one cell; empty ones are dropped."""
    return [part.strip() for part in text.split(";") if part.strip()]


def _set(row: RawRow, column: str) -> frozenset[str]:
    return frozenset(cells(row[column]))


def _some(row: RawRow, column: str) -> frozenset[str]:
    found = _set(row, column)
    if not found:
        raise _CellError(column, "empty; at least one value is needed")
    return found


def _others(row: RawRow, column: str, name: str) -> frozenset[str]:
    found = _set(row, column)
    if name in found:
        raise _CellError(column, "a parent cannot be kept apart from themselves")
    return found


def _modes(row: RawRow) -> frozenset[str]:
    modes = frozenset(part.lower() for part in cells(row["modes"]))
    if unknown := modes - {IN_PERSON, ONLINE}:
        raise _CellError("modes", f"{min(unknown)!r} should be in-person or online")
    return modes


def _spans(row: RawRow, column: str, *, must: bool) -> tuple[Span, ...]:
    try:
        spans = tuple(_span(text) for text in cells(row[column]))
    except SpanError as error:
        raise _CellError(column, str(error)) from None
    if must and not spans:
        raise _CellError(column, "empty; at least one such as 'mon 18:00-20:30' is needed")
    return spans


# The same few hours stand in thousands of rows.
@lru_cache(maxsize=4096)
def _span(text: str) -> Span:
    return Span.parse(text)


def _ages(row: RawRow) -> tuple[float, ...]:
    ages = tuple(_as_number("children", text) for text in cells(row["children"]))
    for age in ages:
        if not 0 <= age <= OLDEST_CHILD:
            raise _CellError("children", f"{age:g} years is outside 0 to {OLDEST_CHILD}")
    return ages
