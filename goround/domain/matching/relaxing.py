"""From layout and markets to the numbers of ``relaxed``, which the bound works on.

Whatever is left out here makes the bound lower, never wrong: who is kept apart, ages within
one of at most 64 classes, wishes that somebody there could meet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from goround.domain.matching import relaxed as c
from goround.domain.matching.eligible import Floats, Ints
from goround.domain.matching.layout import Layout
from goround.domain.matching.markets import Markets
from goround.domain.matching.people import most_members
from goround.domain.matching.problem import Span


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The two lists; ``layout`` and ``markets`` are what they were made from."""

    t: Ints
    x: Floats
    layout: Layout
    markets: Markets

    def whole(self, address: int, count: int) -> Ints:
        """Part of ``t``, to read or to change."""
        begin = int(self.t[address])
        return self.t[begin : begin + count]

    def part(self, address: int, count: int) -> Floats:
        """Part of ``x``, to read or to change."""
        begin = int(self.t[address])
        return self.x[begin : begin + count]


@dataclass(frozen=True, slots=True)
class _Lists:
    """Lists end to end: list i is ``flat[first[i]:first[i + 1]]``."""

    first: Ints
    flat: Ints

    @classmethod
    def of(cls, lists: Sequence[Sequence[int]]) -> _Lists:
        first = np.array([0, *accumulate(map(len, lists))], np.int64)
        return cls(first, np.array([value for row in lists for value in row], np.int64))


class _Plan:
    def __init__(self) -> None:
        self.t, self.x = np.zeros(c.HEAD_, np.int64), [np.zeros(0)]
        self._whole: list[Ints] = [self.t]
        self._lengths = [c.HEAD_, 0]

    def whole(self, address: int, values: Any) -> None:
        self.t[address] = self._lengths[0]
        part = np.ascontiguousarray(values, np.int64).ravel()
        self._whole.append(part)
        self._lengths[0] += len(part)

    def part(self, address: int, values: Any) -> None:
        self.t[address] = self._lengths[1]
        part = np.ascontiguousarray(values, np.float64).ravel()
        self.x.append(part)
        self._lengths[1] += len(part)

    def lists(self, first: int, flat: int, lists: _Lists) -> None:
        self.whole(first, lists.first)
        self.whole(flat, lists.flat)

    def done(self, layout: Layout, markets: Markets) -> Relaxed:
        return Relaxed(np.concatenate(self._whole), np.concatenate(self.x), layout, markets)


def relax(layout: Layout, markets: Markets) -> Relaxed:
    """Everything the bound needs. Markets with the same people count once."""
    markets = without_twins(markets)
    plan, policy, units = _Plan(), layout.problem.policy, len(layout.units)
    head = {
        c.N_UNITS: units,
        c.N_MARKETS: len(markets),
        c.N_HOURS: len(layout.hours),
        c.SIZE_MIN_: policy.size_min,
        c.SIZE_MAX_: policy.size_max,
        c.LEADERS: policy.facilitators,
    }
    for place, value in head.items():
        plan.t[place] = value
    _fill_units(plan, layout)
    _fill_markets(plan, layout, markets)
    rooms = _fill_hours(plan, layout, markets)
    leaders = _fill_duties(plan, layout, markets, units + len(rooms))
    most = np.concatenate([np.ones(units), rooms, leaders])
    _fill_rows(plan, layout, most)
    _fill_scratch(plan, markets, units, policy.size_max)
    return plan.done(layout, markets)


def without_twins(markets: Markets) -> Markets:
    """Leave out markets with the units, the facilitators and the hour of an earlier one."""
    seen, keep = set(), []
    units, leaders = markets.unit_first.tolist(), markets.leader_first.tolist()
    for number, hour in enumerate(markets.hour.tolist()):
        some = markets.unit[units[number] : units[number + 1]].tobytes()
        able = markets.leader[leaders[number] : leaders[number + 1]].tobytes()
        if (hour, some, able) not in seen:
            seen.add((hour, some, able))
            keep.append(number)
    if len(keep) == len(markets):
        return markets
    kept = np.array(keep, np.int64)
    unit, leader = _ranges(markets.unit_first, kept), _ranges(markets.leader_first, kept)
    return Markets(
        hour=markets.hour[kept],
        language=markets.language[kept],
        type=markets.type[kept],
        unit_first=_starts(np.diff(markets.unit_first)[kept]),
        unit=markets.unit[unit],
        km=markets.km[unit],
        leader_first=_starts(np.diff(markets.leader_first)[kept]),
        leader=markets.leader[leader],
    )


def _ranges(first: Ints, kept: Ints) -> Ints:
    counts = np.diff(first)[kept]
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    places: Ints = (
        np.arange(total) - np.repeat(ends - counts, counts) + np.repeat(first[kept], counts)
    )
    return places


def _starts(sizes: Ints) -> Ints:
    return np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)


def losses(layout: Layout) -> Floats:
    """What it costs to leave each unit unplaced."""
    parents, each = layout.problem.parents, layout.problem.policy.unplaced_weight
    return np.array(
        [each * sum(parents[place].priority for place in unit) for unit in layout.units], float
    )


def _fill_units(plan: _Plan, layout: Layout) -> None:
    units = len(layout.units)
    plan.whole(c.A_SIZE, [len(unit) for unit in layout.units])
    plan.whole(c.A_KEY, _keys(0, units))
    plan.part(c.X_LOSS, losses(layout))
    low, high, following = _ages(layout)
    plan.t[c.N_AGES] = len(low)
    plan.part(c.X_LOW, low)
    plan.part(c.X_HIGH, high)
    plan.whole(c.A_NEXT, following)
    plan.part(c.X_WINDOW, [layout.problem.policy.window_weight])


def _keys(first: int, count: int) -> Ints:
    """Numbers of 53 bits without any pattern: the sum of some says which they were."""
    mixed = np.arange(first + 1, first + count + 1, dtype=np.uint64)
    mixed = mixed * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (mixed >> np.uint64(11)).astype(np.int64)


def _ages(layout: Layout) -> tuple[Floats, Floats, Ints]:
    """Classes of ages, and for each unit and class the first one that will do from there."""
    parents = layout.problem.parents
    members = [parents[place].children for unit in layout.units for place in unit]
    known = np.array(sorted({age for ages in members for age in ages}) or [0.0])
    classes = np.array_split(known, min(len(known), c.MOST_AGES))
    low, high = (np.array([part[end] for part in classes]) for end in (0, -1))
    count = len(low)
    following = np.full((len(members), count), count, np.int64)
    owner = [number for number, ages in enumerate(members) for _ in ages]
    age = np.searchsorted(high, [age for ages in members for age in ages])
    following[owner, age] = age
    following = np.minimum.accumulate(following[:, ::-1], axis=1)[:, ::-1]
    following[[number for number, ages in enumerate(members) if not ages]] = -1
    if not members:
        return low, high, np.zeros((0, count), np.int64)
    first = _starts(np.array([len(unit) for unit in layout.units]))[:-1]
    together = np.maximum.reduceat(following, first, axis=0)
    together[together < 0] = c.NO_CHILD
    return low, high, together


def _fill_markets(plan: _Plan, layout: Layout, markets: Markets) -> None:
    cost = layout.problem.policy.km_weight * markets.km.astype(float)
    cost += layout.problem.policy.wish_weight * hopeless_wishes(layout, markets)
    plan.whole(c.A_HOUR, markets.hour)
    plan.whole(c.A_MARKET_KEY, _keys(len(layout.units), len(markets)))
    plan.whole(c.A_ENTRY, markets.unit_first)
    plan.whole(c.A_UNIT, markets.unit)
    plan.part(c.X_COST, cost)


def hopeless_wishes(layout: Layout, markets: Markets) -> Floats:
    """For each unit in each market: its wishes that nobody there could meet."""
    owner = np.repeat(np.arange(len(markets)), np.diff(markets.unit_first))
    total = np.zeros(len(owner))
    for carried, alone, other in wish_tables(layout):
        there = np.bincount(owner, weights=carried[markets.unit], minlength=len(markets))[owner]
        total += other[markets.unit] * (there == 0) + alone[markets.unit] * (there == 1)
    return total


def wish_tables(layout: Layout) -> list[tuple[Floats, Floats, Floats]]:
    """For each wish, unit by unit: members who carry the tag; who wish for it and carry it; who
    wish for it and do not.
    """
    parents, found = layout.problem.parents, []
    inside = [
        (number, parents[place]) for number, unit in enumerate(layout.units) for place in unit
    ]
    for wish in sorted({wish for _, row in inside for wish in row.wishes}):
        carried, alone, other = np.zeros((3, len(layout.units)))
        for number, row in inside:
            carried[number] += wish in row.tags
            if wish in row.wishes:
                (alone if wish in row.tags else other)[number] += 1
        found.append((carried, alone, other))
    return found


def _fill_hours(plan: _Plan, layout: Layout, markets: Markets) -> Floats:
    """Gives how many groups each row of overlapping hours may hold."""
    problem, policy, hours = layout.problem, layout.problem.policy, layout.hours
    venues = [problem.venues[place] for place in hours.venue.tolist()]
    sizes = np.array([len(unit) for unit in layout.units], float)
    seats = np.bincount(
        layout.unit_pairs.hour,
        weights=np.repeat(sizes, np.diff(layout.unit_pairs.first)),
        minlength=len(hours),
    )
    groups = (seats // policy.size_min).astype(int).tolist()
    rooms = [max(1, min(venue.rooms, most)) for venue, most in zip(venues, groups, strict=True)]
    plan.whole(c.A_MARKET, np.searchsorted(markets.hour, np.arange(len(hours) + 1)))
    plan.whole(c.A_CHAIRS, [max(0, most_members(policy, venue)) for venue in venues])
    plan.whole(c.A_ROOMS, rooms)
    rows: list[list[int]] = [[] for _ in venues]
    most: list[float] = []
    for begin, end in pairwise(hours.first.tolist()):
        mine = list(range(begin, end))
        for together in cliques({hour: hours.span(hour) for hour in mine}):
            if len(together) > 1:
                for hour in together:
                    rows[hour].append(len(layout.units) + len(most))
                most.append(float(venues[begin].rooms))
    plan.lists(c.A_ROOM_ROW, c.A_ROOM, _Lists.of(rows))
    plan.part(c.X_ROOM_PRICE, np.zeros(len(hours)))
    plan.part(c.X_ROOM_BEST, np.zeros(len(hours)))
    return np.array(most)


def cliques(spans: dict[int, Span]) -> list[tuple[int, ...]]:
    """Largest sets of those that go on at one moment, which is the start of one of them."""
    found = {
        tuple(
            sorted(
                key
                for key, span in spans.items()
                if span.day == now.day and span.start <= now.start < span.end
            )
        )
        for now in spans.values()
    }
    sets = [frozenset(some) for some in found]
    return sorted(some for some in found if not any(set(some) < other for other in sets))


def _fill_duties(plan: _Plan, layout: Layout, markets: Markets, first: int) -> Floats:
    """Gives how many groups each row of a facilitator may hold; ``first`` is the first row."""
    people, slots = layout.problem.facilitators, len(layout.hours.spans)
    owner = np.repeat(np.arange(len(markets)), np.diff(markets.leader_first))
    slot = layout.hours.slot[markets.hour[owner]] if len(owner) else owner
    key, duty = np.unique(
        markets.leader.astype(np.int64) * max(1, slots) + slot, return_inverse=True
    )
    mine: dict[int, list[int]] = {}
    for number, value in enumerate(key.tolist()):
        mine.setdefault(value // slots, []).append(number)
    rows: list[list[int]] = [[] for _ in key]
    most: list[float] = []
    for person, duties in mine.items():
        sets = [tuple(duties)]
        if people[person].groups > 1:
            spans = {one: layout.hours.spans[int(key[one]) % slots] for one in duties}
            sets += cliques(spans)
        for number, some in enumerate(sets):
            for one in some:
                rows[one].append(first + len(most))
            most.append(1.0 if number else float(people[person].groups))
    plan.t[c.N_DUTIES] = len(key)
    plan.whole(c.A_ABLE, markets.leader_first)
    plan.whole(c.A_DUTY, duty)
    plan.lists(c.A_DUTY_ROW, c.A_ROW, _Lists.of(rows))
    return np.array(most)


def _fill_rows(plan: _Plan, layout: Layout, most: Floats) -> None:
    plan.t[c.N_ROWS] = len(most)
    start = np.zeros(len(most))
    start[: len(layout.units)] = losses(layout)
    plan.part(c.X_MOST, most)
    plan.part(c.X_STEP, [0.0])
    for address in (c.X_PRICE, c.X_CENTRE):
        plan.part(address, start)
    for address in (c.X_MEAN, c.X_LEFT):
        plan.part(address, np.zeros(len(most)))
    for address in (c.X_SPREAD, c.X_SCALE):
        plan.part(address, np.ones(len(most)))


def _fill_scratch(plan: _Plan, markets: Markets, units: int, size: int) -> None:
    most = int(np.diff(markets.unit_first).max(initial=1))
    ages, wide = int(plan.t[c.N_AGES]), size + 1
    leaders = int(plan.t[c.LEADERS])
    whole = {
        c.A_BEST: len(markets) * leaders,
        c.A_SOME: most,
        c.A_CHAIN: most,
        c.A_HEAD: ages + 1,
        c.A_TOP: wide * (wide + 1),
        c.A_TOPS: wide,
        c.A_TAKEN: wide * (wide + 1),
        c.A_FOUND: ages * wide,
        c.A_UNDO: c.MOST_UNDONE,
    }
    part = {
        c.X_DUTY: int(plan.t[c.N_DUTIES]),
        c.X_LEAD: len(markets),
        c.X_SOME: most,
        c.X_RATIO: most,
        c.X_TOP: wide * (wide + 1),
        c.X_BEST: wide,
        c.X_FOUND: ages,
        c.X_UNDO: c.MOST_UNDONE,
        c.X_LEAST: len(markets),
        c.X_RANK: leaders + 1,
    }
    for address, length in whole.items():
        plan.whole(address, np.zeros(length, np.int64))
    for address, length in part.items():
        plan.part(address, np.zeros(length))
