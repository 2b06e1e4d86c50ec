"""Every group that could be part of an answer better than the one known.

A group whose reduced cost, at prices that prove a bound, is more than what lies between the
bound and a known answer, is part of no better answer. The others are listed, hour by hour and
market by market, each set of units grown in one order only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from goround.domain.matching import relaxed as c
from goround.domain.matching.bounding import Bounding
from goround.domain.matching.eligible import Flags, Floats, Ints
from goround.domain.matching.layout import Layout, pairs_apart
from goround.domain.matching.relaxing import wish_tables

NOBODY = -1
SPARE = 1e-6


class TooMany(Exception):
    """More groups than asked for."""


@dataclass(slots=True)
class Candidates:
    """Groups with their true cost; ``member`` is -1 where one has fewer units.

    ``crew`` numbers, for groups that need facilitators, who could lead them: ``crews[crew]``
    is an hour and the facilitators.
    """

    hour: Ints
    member: Ints
    cost: Floats
    crew: Ints
    crews: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.cost)


@dataclass(frozen=True, slots=True)
class _Grown:
    """Sets of units of one market, as places in an order of its own, and what is known of each."""

    places: Ints
    seats: Ints
    value: Floats
    upto: Ints  # by lowest age: how far a window from there must reach
    cost: Floats


@dataclass(frozen=True, slots=True)
class _Market:
    """One market's units, those that cost least for a seat first."""

    unit: Ints
    size: Ints
    cost: Floats
    value: Floats
    following: Ints
    apart: Flags
    rest: Floats  # by place and seats taken: least that those who follow could still add


def candidates(bounding: Bounding, most_value: float, *, most: int) -> Candidates:
    """All groups with a reduced cost of at most ``most_value``.

    Raises ``TooMany`` beyond ``most`` of them.
    """
    finder = _Finder(bounding, most_value, most)
    hour, member, cost, crew = [], [], [], []
    for number in range(len(bounding.layout.hours)):
        for found, costs, who in finder.at_hour(number):
            hour.append(np.full(len(found), number, np.int64))
            member.append(found)
            cost.append(costs)
            crew.append(np.full(len(found), who, np.int64))
    width = bounding.pool.width
    return Candidates(
        np.concatenate([np.zeros(0, np.int64), *hour]),
        np.concatenate([np.zeros((0, width), np.int64), *member]),
        np.concatenate([np.zeros(0), *cost]),
        np.concatenate([np.zeros(0, np.int64), *crew]),
        finder.crews,
    )


class _Finder:
    def __init__(self, bounding: Bounding, most_value: float, most: int) -> None:
        relaxed = bounding.proving
        self.relaxed, self.layout, self.markets = relaxed, relaxed.layout, relaxed.markets
        self.prices, self.rooms = bounding.prices, bounding.rooms
        self.policy = self.layout.problem.policy
        self.most_value, self.left = most_value + SPARE, most
        self.crews: list[tuple[int, tuple[int, ...]]] = []
        t, units = relaxed.t, len(self.layout.units)
        self.ages = int(t[c.N_AGES])
        self.size = relaxed.whole(c.A_SIZE, units)
        self.following = relaxed.whole(c.A_NEXT, units * self.ages).reshape(units, self.ages)
        self.low = relaxed.part(c.X_LOW, self.ages)
        self.high = relaxed.part(c.X_HIGH, self.ages)
        self.first = relaxed.whole(c.A_MARKET, len(self.layout.hours) + 1)
        self.chairs = relaxed.whole(c.A_CHAIRS, len(self.layout.hours))
        self.apart = _apart_table(self.layout)
        self.wishes = wish_tables(self.layout)

    def at_hour(self, hour: int) -> Iterator[tuple[Ints, Floats, int]]:
        """Groups with their costs and the number of their crew, each group and crew once."""
        numbers = range(int(self.first[hour]), int(self.first[hour + 1]))
        crews = {number: self._able(number) for number in numbers}
        fixed = self._hour_price(hour)
        by_crew: dict[frozenset[int], list[tuple[Ints, Floats]]] = {}
        for number in numbers:
            dues = fixed + self._lead_price(number)
            by_crew.setdefault(crews[number], []).append(self._grow(number, hour, dues))
        known: list[tuple[frozenset[int], set[bytes]]] = []
        for crew in sorted(by_crew, key=lambda some: (-len(some), sorted(some))):
            better = set().union(*(rows for other, rows in known if crew < other), set())
            rows = np.concatenate([found for found, _ in by_crew[crew]])
            costs = np.concatenate([cost for _, cost in by_crew[crew]])
            keys = [row.tobytes() for row in rows]
            mine = {key: place for place, key in enumerate(keys) if key not in better}
            keep = np.array(sorted(mine.values()), np.int64)
            known.append((crew, set(mine)))
            if len(keep):
                self.left -= len(keep)
                if self.left < 0:
                    raise TooMany
                self.crews.append((hour, tuple(sorted(crew))))
                yield rows[keep], costs[keep], len(self.crews) - 1

    def _able(self, number: int) -> frozenset[int]:
        first = self.markets.leader_first
        return frozenset(self.markets.leader[first[number] : first[number + 1]].tolist())

    def _hour_price(self, hour: int) -> float:
        first = self.relaxed.whole(c.A_ROOM_ROW, len(self.layout.hours) + 1)
        rows = self.relaxed.whole(c.A_ROOM, int(first[-1]))[first[hour] : first[hour + 1]]
        return float(self.rooms[hour] + self.prices[rows].sum())

    def _lead_price(self, number: int) -> float:
        """The cheapest facilitators for a group of this market."""
        want = self.policy.facilitators
        if not want:
            return 0.0
        whole, t = self.relaxed.whole, self.relaxed.t
        able = whole(c.A_ABLE, len(self.markets) + 1)
        duties = whole(c.A_DUTY, int(able[-1]))[able[number] : able[number + 1]]
        first = whole(c.A_DUTY_ROW, int(t[c.N_DUTIES]) + 1)
        rows = whole(c.A_ROW, int(first[-1]))
        costs = [self.prices[rows[first[duty] : first[duty + 1]]].sum() for duty in duties]
        return float(sum(sorted(costs)[:want]))

    def _market(self, number: int, hour: int) -> _Market:
        first = self.markets.unit_first
        unit = self.markets.unit[first[number] : first[number + 1]].astype(np.int64)
        km = self.markets.km[first[number] : first[number + 1]].astype(np.float64)
        cost = self.policy.km_weight * km
        value = cost - self.prices[unit]
        order = np.argsort(value / self.size[unit], kind="stable")
        unit, value = unit[order], value[order]
        size = self.size[unit]
        return _Market(
            unit,
            size,
            np.asarray(cost[order], np.float64),
            value,
            self.following[unit],
            self.apart[np.ix_(unit, unit)],
            _rest(value, size, self.policy.size_min, int(self.chairs[hour])),
        )

    def _grow(self, number: int, hour: int, dues: float) -> tuple[Ints, Floats]:
        """The market's groups: units in ascending order, and their costs."""
        market, chairs = self._market(number, hour), int(self.chairs[hour])
        width = self.policy.size_max
        rows, costs = [np.zeros((0, width), np.int64)], [np.zeros(0)]
        grown = _Grown(
            np.zeros((1, 0), np.int64),
            np.zeros(1, np.int64),
            np.full(1, dues),
            np.full((1, self.ages), NOBODY, np.int64),
            np.zeros(1),
        )
        while len(grown.seats):
            grown = self._wider(market, grown, chairs)
            found, cost = self._finished(market, grown)
            if not len(found):
                continue
            row = np.full((len(found), width), NOBODY, np.int64)
            row[:, : found.shape[1]] = found
            rows.append(row)
            costs.append(cost)
            if sum(map(len, rows)) > 4 * max(self.left, 1):
                raise TooMany
        return np.concatenate(rows), np.concatenate(costs)

    def _wider(self, market: _Market, grown: _Grown, chairs: int) -> _Grown:
        """Each set with one more unit, of those after its last; hopeless ones left out."""
        count = len(market.unit)
        last = grown.places[:, -1] if grown.places.shape[1] else np.full(len(grown.seats), -1)
        times = count - 1 - last
        of = np.repeat(np.arange(len(last)), times)
        ends = np.cumsum(times)
        new = np.arange(len(of)) - np.repeat(ends - times, times) + np.repeat(last + 1, times)
        seats = grown.seats[of] + market.size[new]
        value = grown.value[of] + market.value[new]
        keep = seats <= chairs
        keep[keep] &= value[keep] + market.rest[new[keep], seats[keep]] <= self.most_value
        for place in range(grown.places.shape[1]):
            keep &= ~market.apart[grown.places[of, place], new]
        of, new, seats, value = of[keep], new[keep], seats[keep], value[keep]
        upto = np.maximum(grown.upto[of], _as_bounds(market.following[new]))
        least = np.maximum(seats, self.policy.size_min) * self._years(upto)
        hopeful = value + self.policy.window_weight * least + market.rest[new, seats]
        keep = hopeful <= self.most_value
        if keep.sum() > 8 * max(self.left, 1):
            raise TooMany
        of, new = of[keep], new[keep]
        return _Grown(
            np.concatenate([grown.places[of], new[:, None]], axis=1),
            seats[keep],
            value[keep],
            upto[keep],
            grown.cost[of] + market.cost[new],
        )

    def _years(self, upto: Ints) -> Floats:
        """The width of the narrowest window; infinite where there is none."""
        reach = np.append(self.low, np.inf)[np.maximum(upto, 0)]
        width = np.where(upto < 0, 0.0, np.maximum(0.0, reach - self.high))
        years: Floats = width.min(axis=1)
        return years

    def _finished(self, market: _Market, grown: _Grown) -> tuple[Ints, Floats]:
        """Those large enough and worth it, with all that they cost."""
        units = market.unit[grown.places]
        extra = self.policy.window_weight * grown.seats * self._years(grown.upto)
        extra = extra + self.policy.wish_weight * self._unmet(units)
        keep = (grown.seats >= self.policy.size_min) & (grown.value + extra <= self.most_value)
        return np.sort(units[keep], axis=1), (grown.cost + extra)[keep]

    def _unmet(self, units: Ints) -> Floats:
        total = np.zeros(len(units))
        for carried, alone, other in self.wishes:
            there = carried[units].sum(axis=1)
            total += other[units].sum(axis=1) * (there == 0)
            total += alone[units].sum(axis=1) * (there == 1)
        return total


def _as_bounds(following: Ints) -> Ints:
    return np.where(following == c.NO_CHILD, NOBODY, following)


def _rest(value: Floats, size: Ints, least: int, most: int) -> Floats:
    """By place and seats taken: the least that units after that place could add, even if
    each seat could be taken alone.
    """
    seats = np.repeat(value / size, size)
    total = np.concatenate(([0.0], np.cumsum(seats)))
    rest = np.full((len(size), most + 1), np.inf)
    for place, after in enumerate(np.cumsum(size).tolist()):
        for taken in range(most + 1):
            few = total[after + max(0, least - taken) : after + most - taken + 1]
            if len(few):
                rest[place, taken] = few.min() - total[after]
    return rest


def _apart_table(layout: Layout) -> Flags:
    """Which units may not be in one group."""
    table = np.zeros((len(layout.units), len(layout.units)), np.bool_)
    for one, two in pairs_apart(layout):
        table[one, two] = table[two, one] = True
    return table
