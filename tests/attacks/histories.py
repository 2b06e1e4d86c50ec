"""Random networks, what happens in them, and what they release: the defending side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random

from goround.domain.disclosure import (
    Cell,
    Decision,
    Model,
    NotReleasable,
    Past,
    Rules,
    Span,
    decide,
    facts_of,
)
from tests.attacks.answered import Answered
from tests.attacks.attack import Figure, Issue
from tests.attacks.erased import Families

RULES = Rules()
COMES = "attendances"
PARENTS = "parents"
FAMILIES = "families"
MODEL = Model(
    adding=frozenset({COMES}),
    within=((PARENTS, COMES), (FAMILIES, PARENTS)),
    nested={"same": "not-better", "worse": "not-better"},
)


@dataclass(frozen=True)
class Shape:
    """The tables of one network: what each measure is split by, and over which months."""

    groups: tuple[int, ...]  # of each organisation
    months: int
    splits: tuple[tuple[str, str, int], ...]  # measure, split, number of categories
    largest: int


def shape(rng: Random) -> Shape:
    """Small ones, of each kind that the catalogue has."""
    kind = rng.choice(["persons", "persons", "months", "both"])
    organisations = rng.randint(1, 3)
    groups = tuple(rng.randint(1, 3) for _ in range(organisations))
    months = 1 if kind == "persons" else rng.randint(2, 3)
    splits: list[tuple[str, str, int]] = []
    if kind != "months":
        splits.append((PARENTS, "gender", rng.randint(2, 4)))
        splits += [(PARENTS, "source", rng.randint(2, 4))] * (rng.random() < 0.5)
    if kind != "persons":
        splits.append((COMES, "", 1))
    return Shape(groups, months, tuple(splits), rng.choice([12, 25, 60]))


class World:
    """The smallest counts there are, and every figure that follows from them."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.shape = rng, shape(rng)
        self.year = Span.of(2015, 1, self.shape.months)
        self.atoms: dict[Cell, int] = {}
        splits = self.shape.splits
        for measure, split, categories in splits:
            if measure == PARENTS and split == "gender":
                for organisation in range(len(self.shape.groups)):
                    for number in range(categories):
                        cell = Cell(PARENTS, self.year, (organisation,), split, f"g{number}")
                        self.atoms[cell] = self._count()
            if measure == COMES:
                for organisation, groups in enumerate(self.shape.groups):
                    for group, month in product(range(groups), self.year.each()):
                        self.atoms[Cell(COMES, month, (organisation, group))] = self._count()
        self.sources = next((n for _m, split, n in splits if split == "source"), 0)
        self.shares = {
            organisation: [self.rng.random() for _ in range(self.sources)]
            for organisation in range(len(self.shape.groups))
        }

    def _count(self) -> int:
        """Often small, often nobody."""
        if self.rng.random() < 0.25:
            return 0
        return self.rng.randint(0, self.shape.largest)

    def change(self) -> None:
        """Late data: a few counts move, mostly by a few."""
        for cell in self.rng.sample(sorted(self.atoms), k=min(2, len(self.atoms))):
            by = self.rng.choice([-3, -1, 1, 1, 2, 5, 14, -12])
            self.atoms[cell] = max(0, self.atoms[cell] + by)

    def figures(self) -> dict[Cell, int]:
        found: dict[Cell, int] = {}
        for cell, count in self.atoms.items():
            for up in self._counts_in(cell):
                found[up] = found.get(up, 0) + count
        if self.sources:
            self._split_by_source(found)
        self._keep_within(found)
        return found

    def _counts_in(self, cell: Cell) -> Iterator[Cell]:
        spans = {cell.span, self.year} if cell.measure == COMES else {cell.span}
        for span, up in product(spans, range(len(cell.unit) + 1)):
            for split, category in {(cell.split, cell.category), ("", "")}:
                yield Cell(cell.measure, span, cell.unit[:up], split, category)

    def _split_by_source(self, found: dict[Cell, int]) -> None:
        for organisation, shares in self.shares.items():
            left = found[Cell(PARENTS, self.year, (organisation,))]
            for number, share in enumerate(shares):
                part = left if number == len(shares) - 1 else int(left * share)
                left -= part
                for unit in ((), (organisation,)):
                    cell = Cell(PARENTS, self.year, unit, "source", f"s{number}")
                    found[cell] = found.get(cell, 0) + part

    def _keep_within(self, found: dict[Cell, int]) -> None:
        """Where more persons than attendances were drawn, the two are not compared."""
        wholes = [cell for cell in found if cell.measure == PARENTS and not cell.split]
        if any(found[cell] > found.get(cell.of(COMES), 0) for cell in wholes):
            for cell in [cell for cell in found if cell.measure == PARENTS]:
                if any(other.measure == COMES for other in self.atoms):
                    del found[cell]

    def known(self, past: Sequence[Past]) -> dict[Cell, int]:
        """What is true by the time of the next release."""
        return self.figures()

    def tables(self, figures: dict[Cell, int]) -> list[list[Cell]]:
        """What could be released in one go: a measure, a split and a span, over all units."""
        groups: dict[tuple[str, Span], list[Cell]] = {}
        for cell in sorted(figures):
            groups.setdefault((cell.measure, cell.span), []).append(cell)
        tables = list(groups.values())
        for cells in groups.values():
            splits = sorted({cell.split for cell in cells if cell.split})
            if len(splits) > 1:
                tables += [[c for c in cells if c.split in {"", split}] for split in splits]
        return tables


def history(
    seed: int, *, audited: bool = True, of: Callable[[Random], World | Answered | Families] = World
) -> list[Issue]:
    """Some releases of one network, with late data between them."""
    rng = Random(seed)
    world, past, ledger = of(rng), list[Past](), list[Issue]()
    for _ in range(rng.randint(2, 4)):
        figures = world.known(past)
        tables = world.tables(figures)
        if not tables:
            return ledger
        asked = rng.choice(tables)
        try:
            decision = decide(facts_of(past, figures, asked, MODEL), RULES, audited=audited)
        except NotReleasable:
            continue  # refused: rare, and safe
        past.append(Past(figures, said(decision)))
        ledger.append(issue(figures, decision))
        if rng.random() < 0.5:
            world.change()
    return ledger


def said(decision: Decision) -> dict[Cell, int | None]:
    """New statements: a figure that stands from before says nothing anew."""
    return {
        cell: shown.number if shown.because is None else None
        for cell, shown in decision.shown.items()
    }


def issue(figures: dict[Cell, int], decision: Decision) -> Issue:
    printed = {plain(cell): shown for cell, shown in said(decision).items() if shown is not None}
    return Issue({plain(cell): count for cell, count in figures.items()}, printed)


def plain(cell: Cell) -> Figure:
    return (
        cell.measure,
        cell.span.first,
        cell.span.months,
        cell.unit,
        cell.split,
        cell.category,
    )
