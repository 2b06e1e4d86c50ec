"""From a problem to tables and back: which number stands for which id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.eligible import Hours, Ints, Pairs, attending, hours_of, leading
from goround.domain.matching.markets import Markets, markets_of
from goround.domain.matching.people import Person, apart_from, blocks, contradictions, stranded
from goround.domain.matching.problem import Parent, Problem
from goround.domain.matching.tables import MOST_BITS, NO_TYPE_BIT


@dataclass(frozen=True, slots=True)
class Bits:
    """Values as bits of a whole number, the most frequent ``MOST_BITS`` of them."""

    values: tuple[str, ...]
    bit: Mapping[str, int]

    @classmethod
    def of(cls, sets: Iterable[frozenset[str]]) -> Bits:
        counted: dict[str, int] = {}
        for values in sets:
            for value in values:
                counted[value] = counted.get(value, 0) + 1
        ranked = sorted(counted, key=lambda value: (-counted[value], value))[:MOST_BITS]
        return cls(tuple(ranked), {value: 1 << place for place, value in enumerate(ranked)})

    def mask(self, values: Iterable[str]) -> int:
        return sum(self.bit.get(value, 0) for value in values)

    @property
    def all(self) -> int:
        return (1 << len(self.values)) - 1

    def first(self, mask: int) -> str:
        """The most frequent value of the mask."""
        return self.values[(mask & -mask).bit_length() - 1]


@dataclass(frozen=True, slots=True)
class Layout:
    """The problem in numbers. ``units`` hold places in ``problem.parents``.

    ``fixed`` are groups that the search must leave alone; their members are in no unit and
    what they use is taken off beforehand. ``attend`` and ``lead`` are everybody's hours.
    Every unit lies in one of the ``markets``, unless those are None.
    ``reserved`` counts the rooms at each hour that are kept for others.
    """

    problem: Problem
    hours: Hours
    attend: Pairs
    lead: Pairs
    units: tuple[tuple[int, ...], ...]
    unit_pairs: Pairs
    languages: Bits
    types: Bits
    tags: Bits
    fixed: tuple[FormedGroup, ...] = ()
    markets: Markets | None = None
    reserved: Ints | None = None

    def type_mask(self, stated: frozenset[str]) -> int:
        """Everything, and a bit of its own, for whoever stated nothing."""
        return self.types.mask(stated) if stated else self.types.all | NO_TYPE_BIT


def lay_out(problem: Problem, fixed: Sequence[FormedGroup] = ()) -> Layout:
    """Number everything; leave out parents who cannot be placed whatever is tried."""
    hours = hours_of(problem.venues)
    attend = attending(problem.parents, problem.venues, hours)
    lead = leading(problem.facilitators, problem.venues, hours)
    units = _units(problem, fixed)
    people: tuple[Person, ...] = (*problem.parents, *problem.facilitators)
    whole = Layout(
        problem=problem,
        hours=hours,
        attend=attend,
        lead=lead,
        units=units,
        unit_pairs=_unit_pairs(problem, hours, attend, units, fixed),
        languages=Bits.of(person.languages for person in people),
        types=Bits.of(person.interests for person in people),
        tags=Bits.of(parent.wishes for parent in problem.parents),
        fixed=tuple(fixed),
    )
    return _without_hopeless(whole, markets_of(whole))


def _without_hopeless(layout: Layout, markets: Markets | None) -> Layout:
    """Keep only units that some group could take, were everybody else at hand."""
    counts = np.diff(layout.unit_pairs.first)
    keep = counts > 0
    if markets is not None:
        keep &= np.isin(np.arange(len(keep)), markets.unit)
        number = np.cumsum(keep) - 1
        markets = replace(markets, unit=number[markets.unit].astype(np.int32))
    pairs = layout.unit_pairs
    staying = np.repeat(keep, counts)
    return replace(
        layout,
        units=tuple(unit for unit, kept in zip(layout.units, keep.tolist(), strict=True) if kept),
        unit_pairs=replace(
            pairs,
            first=np.concatenate(([0], np.cumsum(counts[keep]))),
            hour=pairs.hour[staying],
            km=pairs.km[staying],
        ),
        markets=markets,
    )


def _units(problem: Problem, fixed: Sequence[FormedGroup]) -> tuple[tuple[int, ...], ...]:
    """Blocks that may be placed at all, as places in ``problem.parents``."""
    number = {parent.id: place for place, parent in enumerate(problem.parents)}
    out = set(stranded(problem))
    settled = {member for group in fixed for member in group.members}
    out |= {name for pair in contradictions(problem) for name in pair} | settled
    return tuple(
        tuple(number[name] for name in block)
        for block in blocks(problem)
        if len(block) <= problem.policy.size_max and not out.intersection(block)
    )


def _unit_pairs(
    problem: Problem,
    hours: Hours,
    attend: Pairs,
    units: Sequence[tuple[int, ...]],
    fixed: Sequence[FormedGroup],
) -> Pairs:
    """The hours that all of a unit could attend, with the sum of their kilometres.

    Leaves out hours on a day when somebody in a fixed group, from whom one of the unit is
    kept apart, is at that venue.
    """
    barred = _barred(problem, hours, fixed)
    alone = np.array([len(unit) == 1 and unit[0] not in barred for unit in units], np.bool_)
    several = [
        _shared_hours(units[place], attend, barred) for place in np.flatnonzero(~alone).tolist()
    ]
    lead = np.array([unit[0] for unit in units], np.int64)
    begin, count = attend.first[lead], np.diff(attend.first)[lead]
    count[~alone] = [len(hour) for hour, _ in several]
    first = np.zeros(len(units) + 1, np.int64)
    np.cumsum(count, out=first[1:])
    whole = Pairs(
        first, np.empty(first[-1], np.int32), np.empty(first[-1], np.float32), attend.capped
    )
    place = np.repeat(begin - first[:-1], count) + np.arange(first[-1])
    mine = np.repeat(alone, count)
    whole.hour[mine], whole.km[mine] = attend.hour[place[mine]], attend.km[place[mine]]
    for unit, (hour, km) in zip(np.flatnonzero(~alone).tolist(), several, strict=True):
        whole.of(unit)[:], whole.km_of(unit)[:] = hour, km
    return whole


def _shared_hours(
    unit: tuple[int, ...], attend: Pairs, barred: Mapping[int, Ints]
) -> tuple[Any, Any]:
    hour, km = attend.of(unit[0]), attend.km_of(unit[0])
    for other in unit[1:]:
        hour, mine, theirs = np.intersect1d(
            hour, attend.of(other), assume_unique=True, return_indices=True
        )
        km = km[mine] + attend.km_of(other)[theirs]
    for member in unit:
        if member in barred:
            keep = ~np.isin(hour, barred[member])
            hour, km = hour[keep], km[keep]
    return hour, km


def _barred(problem: Problem, hours: Hours, fixed: Sequence[FormedGroup]) -> dict[int, Ints]:
    """Hours closed to parents who are kept apart from members of fixed groups."""
    apart = apart_from(problem) if fixed else {}
    number = {parent.id: place for place, parent in enumerate(problem.parents)}
    venue = {row.id: place for place, row in enumerate(problem.venues)}
    barred: dict[int, list[int]] = {}
    for group in fixed:
        if group.venue not in venue:
            continue
        first, end = hours.first[venue[group.venue] : venue[group.venue] + 2]
        days = [hour for hour in range(first, end) if hours.span(hour).day == group.slot.day]
        for member in group.members:
            for other in apart.get(member, ()):
                barred.setdefault(number[other], []).extend(days)
    return {parent: np.array(found, np.int64) for parent, found in barred.items()}


def members_of(layout: Layout) -> list[Parent]:
    """The parents of all units, in the order in which the tables number members."""
    return [layout.problem.parents[place] for unit in layout.units for place in unit]


def pairs_apart(layout: Layout) -> list[tuple[int, int]]:
    """Units who are kept apart, the smaller number first."""
    parents, apart = layout.problem.parents, apart_from(layout.problem)
    unit_of = {parents[p].id: number for number, unit in enumerate(layout.units) for p in unit}
    return sorted(
        {
            (min(mine, unit_of[other]), max(mine, unit_of[other]))
            for name, mine in unit_of.items()
            for other in apart.get(name, ())
            if other in unit_of and unit_of[other] != mine
        }
    )
