"""What is true, what was ever told, and how the numbers hang together.

Each release looks at the figures as they were known then. A figure that has changed since is a
number of its own, and so is the change: somebody who holds both releases can subtract.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from goround.domain.disclosure.cells import Cell


@dataclass(frozen=True, slots=True)
class Model:
    """Which measures add up, and which count some of the same people.

    Every measure adds up over the organisations of a network: nobody is compared across them.
    Those in ``adding`` also add up over groups and months, because they count each time anew;
    different persons do not. ``within`` says that one measure is never more than another.
    ``nested`` has categories that are parts of another one of their split, and of which.
    """

    adding: frozenset[str] = frozenset()
    within: tuple[tuple[str, str], ...] = ()
    nested: Mapping[str, str] = field(default_factory=dict)

    def whole_of(self, cell: Cell) -> Cell:
        """What the categories of a split add up to."""
        above = self.nested.get(cell.category)
        return cell.whole if above is None else replace(cell, category=above)


@dataclass(frozen=True, slots=True)
class Past:
    """One release: every figure it hangs together with, as known then, and what was shown.

    ``figures`` must be complete: each whole with all its parts, a year with every month in
    which there was anything, or with none.
    ``shown`` has None for what was hidden.
    """

    figures: Mapping[Cell, int]
    shown: Mapping[Cell, int | None]


class Number(NamedTuple):
    """A figure as it was known up to some correction, or the change that one made."""

    cell: Cell
    version: int
    is_change: bool = False


@dataclass(slots=True)
class Facts:
    """Numbers by index, the lines they obey, and what was told of them.

    A line is a sum of numbers times factors that is zero, or at most zero when ``at_most``.
    """

    numbers: list[Number] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    index: dict[Number, int] = field(default_factory=dict)
    equal: dict[tuple[tuple[int, int], ...], None] = field(default_factory=dict)
    at_most: dict[tuple[tuple[int, int], ...], None] = field(default_factory=dict)
    # Rounded figures of the ledger.
    told: dict[int, int] = field(default_factory=dict)
    # The cells of the candidate, and where each stands.
    asked: dict[Cell, int] = field(default_factory=dict)
    # The number a candidate's number was before it was last corrected.
    before: dict[int, int] = field(default_factory=dict)
    # The change between the two.
    change: dict[int, int] = field(default_factory=dict)

    def add(self, number: Number, count: int) -> int:
        at = self.index.setdefault(number, len(self.numbers))
        if at == len(self.numbers):
            self.numbers.append(number)
            self.counts.append(count)
        return at

    def lines(self) -> Iterator[tuple[tuple[tuple[int, int], ...], bool]]:
        """Each line, and whether it is an equation."""
        for line in self.equal:
            yield line, True
        for line in self.at_most:
            yield line, False


class Unsound(ValueError):
    """The figures do not add up. The message names the cell, and no count."""


def facts_of(
    past: Sequence[Past], figures: Mapping[Cell, int], asked: Iterable[Cell], model: Model
) -> Facts:
    """All that the audit of a candidate has to know.

    ``figures`` are the present ones, complete like those of the past. ``asked`` are the cells
    that are to be shown.
    """
    facts, latest = Facts(), dict[Cell, int]()
    for release in past:
        here = _enter(facts, latest, release.figures)
        _tie(facts, here, model)
        for cell, shown in release.shown.items():
            if shown is not None:
                facts.told[here[cell]] = shown
    here = _enter(facts, latest, figures)
    _tie(facts, here, model)
    facts.asked = {cell: here[cell] for cell in sorted(asked)}
    return facts


def _enter(facts: Facts, latest: dict[Cell, int], figures: Mapping[Cell, int]) -> dict[Cell, int]:
    """The index of each figure; one that changed gets a new number, tied to the old one."""
    here = {}
    for cell, count in sorted(figures.items()):
        if count < 0:
            raise Unsound(f"{cell} is below zero")
        old = latest.get(cell)
        if old is None:
            here[cell] = latest[cell] = facts.add(Number(cell, 1), count)
        elif facts.counts[old] == count:
            here[cell] = old
        else:
            here[cell] = latest[cell] = _correct(facts, old, count)
    return here


def _correct(facts: Facts, old: int, count: int) -> int:
    cell, version, _ = facts.numbers[old]
    new = facts.add(Number(cell, version + 1), count)
    change = facts.add(Number(cell, version + 1, is_change=True), count - facts.counts[old])
    facts.equal[((new, 1), (old, -1), (change, -1))] = None
    facts.before[new], facts.change[new] = old, change
    return new


def _tie(facts: Facts, here: Mapping[Cell, int], model: Model) -> None:
    """The lines between figures that were known at the same time."""
    sums: dict[tuple[str, Cell], list[int]] = defaultdict(list)
    for cell, at in here.items():
        if cell.split:
            sums[cell.split, model.whole_of(cell)].append(at)
        if len(cell.unit) == 1 or (cell.unit and cell.measure in model.adding):
            sums["unit", cell.above].append(at)
        if cell.measure in model.adding and cell.span.months > 1:
            _add_months(facts, here, cell)
        for small, large in model.within:
            if cell.measure == small and cell.of(large) in here:
                facts.at_most[((at, 1), (here[cell.of(large)], -1))] = None
    for (_kind, whole), parts in sums.items():
        if whole in here:
            _sum(facts, here[whole], parts, whole)


def _add_months(facts: Facts, here: Mapping[Cell, int], cell: Cell) -> None:
    """Months in which a unit did not meet are left out; the others make up the whole."""
    months = [cell.during(month) for month in cell.span.each()]
    met = [here[month] for month in months if month in here]
    if met:
        _sum(facts, here[cell], met, cell)


def _sum(facts: Facts, whole: int, parts: Iterable[int], cell: Cell) -> None:
    parts = sorted(parts)
    if facts.counts[whole] != sum(facts.counts[part] for part in parts):
        raise Unsound(f"The parts of {cell} do not add up to it")
    facts.equal[((whole, 1), *((part, -1) for part in parts))] = None
