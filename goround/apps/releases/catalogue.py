"""What can be released: a fixed list of tables. There is no other question to ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from goround.domain.disclosure import Model, Rules, Span

RULES = Rules(threshold=10, base=5)


class Kind(StrEnum):
    """Which periods a table comes in."""

    MONTH = "month"
    YEAR = "year"
    FEDERAL_YEAR = "federal-year"  # 1 October to 30 September

    @property
    def months(self) -> int:
        return 1 if self is Kind.MONTH else 12

    def spans(self, first: date, today: date) -> list[Span]:
        """Every such period from the one of ``first`` on that is over, the latest first."""
        if self is Kind.MONTH:
            span = Span.of(first.year, first.month)
        elif self is Kind.YEAR:
            span = Span.of(first.year, 1, 12)
        else:
            span = Span.of(first.year - (first.month < 10), 10, 12)
        found = []
        while last_day(span) < today:
            found.append(span)
            span = Span(span.first + span.months, span.months)
        return found[::-1]


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing counted in a table, whole and by these splits.

    ``depth`` says how far down it is shown: 1 for organisations, 2 for groups.
    ``by_survey``: one for each survey that was answered, split by each of its parts.
    """

    key: str
    splits: tuple[str, ...] = ()
    depth: int = 1
    by_survey: bool = False

    def has(self, measure: str, split: str) -> bool:
        """Whether a figure of this measure belongs here."""
        if self.by_survey:
            return family(measure) == self.key
        return measure == self.key and (not split or split in self.splits)


def family(measure: str) -> str:
    """What is counted, whichever survey it is from."""
    return measure.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Table:
    """``people`` are protected. ``exact`` count meetings and groups, never a person.

    ``has_money``: with what the network's groups cost, see ``money``.
    """

    key: str
    kind: Kind
    people: tuple[Measure, ...]
    exact: tuple[Measure, ...] = ()
    has_money: bool = False

    @property
    def has_families(self) -> bool:
        return any(measure.key == "families" for measure in self.people)

    @property
    def has_outcomes(self) -> bool:
        return any(measure.by_survey for measure in self.people)


# What the measures are, and how they hang together: see ``measuring``.
ADDING = frozenset({"attendances", "children-attendances"})
MODEL = Model(
    adding=ADDING,
    within=(("parents", "attendances"), ("families", "parents")),
    # How parents moved. Who stayed the same are few: with them in one, declines can be told.
    nested={"same": "not-better", "worse": "not-better"},
)
# Measures that one question answers together.
PERSONS = ("parents", "families", "children", "trained")

SNAPSHOT = Table(
    "snapshot",
    Kind.YEAR,
    (Measure("parents", ("gender", "source")), Measure("trained")),
    (Measure("groups", ("type",)), Measure("meetings", ("state",))),
)
MONTH = Table(
    "month",
    Kind.MONTH,
    (Measure("attendances", ("newness",)), Measure("children-attendances")),
    (Measure("groups"), Measure("meetings", ("state",))),
)
GROUP_YEAR = Table("groups", Kind.YEAR, (Measure("attendances", depth=2),))
FEDERAL = Table(
    "federal-year",
    Kind.FEDERAL_YEAR,
    (
        Measure("children"),
        Measure("parents", ("disability",)),
        Measure("families", ("child-disability",)),
    ),
    (Measure("groups"), Measure("meetings", ("state",))),
)
COSTS = Table(
    "costs",
    Kind.YEAR,
    (Measure("parents"), Measure("attendances")),
    (Measure("groups"), Measure("groups-with-costs"), Measure("meetings", ("state",))),
    has_money=True,
)
# Of two kinds that are never put together: asked twice, and asked once about before and now.
OUTCOMES = Table(
    "outcomes",
    Kind.YEAR,
    (Measure("followed", by_survey=True), Measure("recalled", by_survey=True)),
)

TABLES: Mapping[str, Table] = {
    table.key: table for table in (SNAPSHOT, MONTH, GROUP_YEAR, OUTCOMES, FEDERAL, COSTS)
}


def first_day(span: Span) -> date:
    year, month = divmod(span.first, 12)
    return date(year, month + 1, 1)


def last_day(span: Span) -> date:
    return first_day(Span(span.first + span.months)) - timedelta(days=1)


Asked = tuple[str, Span]


def scope(table: Table, span: Span, known: Iterable[Asked]) -> set[Asked]:
    """All that the audit of a table has to look at: it, and what hangs together with it.

    ``known`` are the measures and periods of every earlier release.
    """
    known = set(known)
    needed: set[Asked] = {(measure.key, span) for measure in table.people}
    while True:
        more = {each for one in needed for each in _tied(one, known)} - needed
        if not more:
            return needed
        needed |= more


def _tied(one: Asked, known: set[Asked]) -> set[Asked]:
    measure, span = one
    found = {
        (other, span)
        for pair in MODEL.within
        if measure in pair
        for other in pair
        if (other, span) in known
    }
    if measure in ADDING:
        found |= {(measure, month) for month in span.each()}
        found |= {(key, other) for key, other in known if key == measure and _meet(other, span)}
    return found


def _meet(one: Span, other: Span) -> bool:
    return one.first < other.first + other.months and other.first < one.first + one.months
