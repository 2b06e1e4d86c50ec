"""What every kind of list can do: be read, be compared with what is known, be saved."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, ClassVar

from goround.apps.accounts.models import User
from goround.apps.people.models import ListImport
from goround.domain.matching.files import RowProblem
from goround.domain.matching.reading import RawRow, raw_rows

# What a column for whole numbers holds on every database.
MOST = 32_767


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows are new, differ from what is known, or say what is known already."""

    new: int = 0
    changed: int = 0
    same: int = 0
    withdrawn: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.new + other.new,
            self.changed + other.changed,
            self.same + other.same,
            self.withdrawn + other.withdrawn,
        )


@dataclass(slots=True)
class Listed:
    """The good rows of a file, in its order, and what is wrong with the others."""

    rows: list[Any] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    # Ids in ``together`` and ``apart`` that nobody has.
    unknown_ids: list[str] = field(default_factory=list)
    # Whether it names people to keep apart; nobody is told whether that is new.
    parts_people: bool = False


class ListKind(ABC):
    """One kind of list for one import. ``save`` runs inside its caller's transaction."""

    file: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]

    def __init__(self, list_import: ListImport, rng: Random) -> None:
        self.list_import = list_import
        self.organisation = list_import.organisation
        self.rng = rng

    @abstractmethod
    def read(self, lines: Iterable[str]) -> Listed:
        """Every row of the file. Raises ``HeaderError`` when it cannot be read as a whole."""

    @abstractmethod
    def compare(self, rows: Sequence[Any]) -> Tally:
        """What saving these rows would do."""

    @abstractmethod
    def save(self, rows: Sequence[Any], *, by: User, at: datetime) -> Tally:
        """Save these rows; rows that say nothing new change nothing."""

    def raw(self, lines: Sequence[str], columns: Sequence[str]) -> dict[str, RawRow]:
        """The rows as they stand in the file, by id; of 40,000 rows, only what is needed."""
        return {
            row["id"]: RawRow(row.line, {name: row[name] for name in ("id", *columns)})
            for row in raw_rows(lines, file=self.file)
        }
