"""Make the search's arena from a layout, with everybody still unplaced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Any, Final

import numpy as np

from goround.domain.matching import tables as c
from goround.domain.matching.eligible import Hours
from goround.domain.matching.layout import Layout, members_of, pairs_apart
from goround.domain.matching.people import most_members
from goround.domain.matching.problem import Span
from goround.domain.matching.tables import Arena

MOST_GROUPS_LED: Final = 64
MANY_ROOMS: Final = 1_000_000
PUSH: Final = 0.01  # of the cost of an unplaced parent
MOST_LOSS: Final = c.NEVER // 4


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where each kind of record begins, and how many there are."""

    unit: int
    hour: int
    leader: int
    spot: int
    spots: int
    people: int = 0  # lists of who is in each group, up to ``end``
    end: int = 0


@dataclass(frozen=True, slots=True)
class Filled:
    arena: Arena
    at: Addresses


def fill_arena(layout: Layout, *, seed: int, home: Sequence[int] = ()) -> Filled:
    """The layout as an arena, every unit unplaced.

    ``home`` gives the hour of each unit in an earlier answer, -1 for none; with a
    disturbance weight, other hours cost more.
    """
    plan = Plan()
    units, members = len(layout.units), members_of(layout)
    spots = min(units, len(members) // layout.problem.policy.size_min + 64) + 2
    leaders = len(layout.problem.facilitators)
    plan.skip(c.HEAD)
    at = Addresses(
        unit=plan.skip((units + 1) * c.U_WIDTH),
        hour=plan.skip((len(layout.hours) + 1) * c.H_WIDTH),
        leader=plan.skip(leaders * c.F_WIDTH),
        spot=plan.skip(spots * c.G_WIDTH),
        spots=spots,
    )
    member = plan.skip((len(members) + 1) * c.M_WIDTH)
    pair = plan.skip((len(layout.unit_pairs.hour) + 1) * c.P_WIDTH)
    head = plan.records(0, 1, c.HEAD)
    _fill_head(head, plan, layout, at)
    _fill_units(plan.records(at.unit, units + 1, c.U_WIDTH), plan, layout, (at, member, pair))
    _fill_members(plan.records(member, len(members) + 1, c.M_WIDTH), plan, members, layout)
    by_hour = _fill_pairs(plan, layout, (at, pair), home)
    _fill_hours(plan.records(at.hour, len(layout.hours) + 1, c.H_WIDTH), plan, layout, at, by_hour)
    _fill_leaders(plan.records(at.leader, leaders, c.F_WIDTH), plan, layout)
    people = plan.skip(0)
    _fill_spots(plan.records(at.spot, spots, c.G_WIDTH), plan, layout)
    head[0, c.RANDOM] = first_random(seed)
    return Filled(plan.arena(), replace(at, people=people, end=plan.skip(0)))


class Plan:
    """An arena in the making: records and lists end to end."""

    def __init__(self) -> None:
        self._parts: list[tuple[int, Arena]] = []
        self._length = 0

    def skip(self, length: int) -> int:
        """Set so many numbers aside; gives their address."""
        begin = self._length
        self._length += length
        return begin

    def records(self, begin: int, count: int, width: int) -> Arena:
        """A table to fill in, which will stand at that address."""
        table = np.zeros((count, width), np.int64)
        self._parts.append((begin, table))
        return table

    def put(self, values: Arena) -> int:
        begin = self.skip(len(values))
        self._parts.append((begin, values))
        return begin

    def lists(self, lists: Sequence[Sequence[int]]) -> Arena:
        """Where each of these lists begins, and where the last ends."""
        flat = np.array([value for row in lists for value in row], np.int64)
        return self.put(flat) + _starts(len(row) for row in lists)

    def room(self, lengths: Iterable[int]) -> Arena:
        """Empty lists of these lengths: where each begins, and where the last ends."""
        starts = _starts(lengths)
        return self.skip(int(starts[-1])) + starts

    def arena(self) -> Arena:
        whole = np.zeros(self._length, np.int64)
        for begin, part in self._parts:
            whole[begin : begin + part.size] = part.ravel()
        return whole


def _fill_head(head: Arena, plan: Plan, layout: Layout, at: Addresses) -> None:
    policy, units = layout.problem.policy, len(layout.units)
    small = 2 * _most(layout) + _wanted(layout) + 4
    lengths = dict.fromkeys(range(c.LISTS), small)
    lengths |= {c.UNPLACED: units, c.GROUPS: at.spots, c.TOUCHED: at.spots, c.POOL: 2 * units + 64}
    for which in (c.GROUPS, c.TOUCHED, c.POOL, c.TEAM, c.PLAN, c.CREW, c.LEADERS, c.SCORE):
        head[0, which] = plan.skip(lengths[which])
    head[0, c.UNPLACED] = plan.put(at.unit + c.U_WIDTH * np.arange(units))
    head[0, c.SPARE] = plan.put(at.spot + c.G_WIDTH * np.arange(at.spots)[::-1])
    head[0, c.COUNT + c.UNPLACED] = units
    head[0, c.COUNT + c.SPARE] = at.spots
    head[0, c.SIZE_MIN], head[0, c.LEADERS_WANTED] = policy.size_min, _wanted(layout)
    head[0, c.WINDOW_WEIGHT] = round(policy.window_weight * c.MILLION / c.YEAR)
    head[0, c.WISH_WEIGHT] = round(policy.wish_weight * c.MILLION)
    head[0, c.TOTAL] = head[0, c.COST] = sum(losses(layout))
    head[0, c.PUSH] = round(PUSH * policy.unplaced_weight * c.MILLION)
    head[0, c.UNITS], head[0, c.UNIT_COUNT] = at.unit, units


def _most(layout: Layout) -> int:
    """How many members the lists of a group must hold, however large the policy's groups."""
    return min(layout.problem.policy.size_max, sum(map(len, layout.units)))


def _wanted(layout: Layout) -> int:
    """Facilitators for each group; more than there are is as good as one too many."""
    return min(layout.problem.policy.facilitators, len(layout.problem.facilitators) + 1)


def losses(layout: Layout) -> list[int]:
    """What each unit costs unplaced; all scaled down if their sum would not fit the arena."""
    parents = layout.problem.parents
    each = round(layout.problem.policy.unplaced_weight * c.MILLION)
    found = [each * sum(parents[place].priority for place in unit) for unit in layout.units]
    total = sum(found)
    return found if total <= MOST_LOSS else [loss * MOST_LOSS // total for loss in found]


def _fill_units(u: Arena, plan: Plan, layout: Layout, where: tuple[Addresses, int, int]) -> None:
    at, member, pair = where
    members = members_of(layout)
    first = _starts(len(unit) for unit in layout.units)
    u[:-1, c.U_SIZE] = np.diff(first)
    u[:-1, c.U_LANGUAGE] = _all_of([layout.languages.mask(m.languages) for m in members], first)
    u[:-1, c.U_TYPE] = _all_of([layout.type_mask(m.interests) for m in members], first)
    u[:-1, c.U_LOSS] = u[:-1, c.U_COST] = losses(layout)
    u[:, c.U_MEMBER] = member + c.M_WIDTH * first
    u[:, c.U_APART] = plan.lists(
        [[at.unit + c.U_WIDTH * other for other in row] for row in _apart(layout)]
    )
    u[:, c.U_PAIR] = pair + c.P_WIDTH * layout.unit_pairs.first
    u[:, c.U_SPOT] = -1
    u[:, c.U_UNPLACED] = np.arange(len(u))


def _apart(layout: Layout) -> list[list[int]]:
    """For each unit those it is kept apart from, in ascending order."""
    found: list[list[int]] = [[] for _ in layout.units]
    for one, two in pairs_apart(layout):
        found[one].append(two)
        found[two].append(one)
    return [sorted(row) for row in found]


def _fill_members(m: Arena, plan: Plan, members: Sequence[Any], layout: Layout) -> None:
    carried = frozenset(tag for member in members for tag in member.tags)
    m[:, c.M_CHILD] = plan.lists(
        [sorted({round(age * c.YEAR) for age in member.children}) for member in members]
    )
    for row, member in enumerate(members):
        m[row, c.M_TAGS] = layout.tags.mask(member.tags)
        m[row, c.M_WISHES] = layout.tags.mask(member.wishes & carried)
        m[row, c.M_DEAD] = len(member.wishes - carried)


def _fill_pairs(
    plan: Plan, layout: Layout, where: tuple[Addresses, int], home: Sequence[int]
) -> int:
    """Fill in the pairs and the list of pairs hour by hour; gives that list's address."""
    at, first = where
    pairs, policy = layout.unit_pairs, layout.problem.policy
    count = len(pairs.hour)
    owner = np.repeat(np.arange(len(layout.units)), np.diff(pairs.first))
    km = np.round(pairs.km.astype(np.float64) * policy.km_weight * c.MILLION).astype(np.int64)
    if len(home) and policy.disturbance_weight:
        mine = np.asarray(home, np.int64)[owner]
        km[(mine >= 0) & (mine != pairs.hour)] += round(policy.disturbance_weight * c.MILLION)
    order = np.argsort(pairs.hour, kind="stable")
    by_hour = plan.put(first + c.P_WIDTH * order)
    p = plan.records(first, count + 1, c.P_WIDTH)
    p[:-1, c.P_HOUR] = at.hour + c.H_WIDTH * pairs.hour.astype(np.int64)
    p[:-1, c.P_UNIT] = at.unit + c.U_WIDTH * owner
    p[:-1, c.P_KM] = km
    p[order, c.P_PLACE] = by_hour + np.arange(count)
    return by_hour


def _fill_hours(h: Arena, plan: Plan, layout: Layout, at: Addresses, by_hour: int) -> None:
    hours, problem = layout.hours, layout.problem
    venues = [problem.venues[place] for place in hours.venue]
    counts = np.bincount(layout.unit_pairs.hour, minlength=len(hours))
    h[:-1, c.H_VENUE] = hours.venue
    for row, slot in enumerate(hours.slot):
        span = hours.spans[slot]
        h[row, c.H_DAY], h[row, c.H_START], h[row, c.H_END] = span.day, span.start, span.end
    h[:-1, c.H_MOST] = [most_members(problem.policy, venue) for venue in venues]
    h[:-1, c.H_LEAST] = problem.policy.size_min
    h[:-1, c.H_ROOMS] = [min(venue.rooms, MANY_ROOMS) for venue in venues]
    h[:-1, c.H_TAKEN] = taken(layout)
    if layout.reserved is not None:
        h[:-1, c.H_TAKEN] += layout.reserved
    h[:, c.H_CLASH] = plan.lists(
        [[at.hour + c.H_WIDTH * other for other in row] for row in _clashes(hours)]
    )
    h[:, c.H_PAIR] = by_hour + _starts(counts.tolist())
    h[:, c.H_SPOT] = plan.room(np.minimum(h[:-1, c.H_ROOMS], counts + 1).tolist())
    h[:, c.H_LEADER] = plan.lists(
        [[at.leader + c.F_WIDTH * one for one in row] for row in _leaders_by_hour(layout)]
    )
    h[:-1, c.H_FREE] = counts


def taken(layout: Layout) -> list[int]:
    """Locked groups at each hour."""
    hours, venues = layout.hours, layout.problem.venues
    held = Counter((group.venue, group.slot) for group in layout.fixed)
    return [
        held[venues[hours.venue[hour]].id, hours.span(hour)] if held else 0
        for hour in range(len(hours))
    ]


def _clashes(hours: Hours) -> list[list[int]]:
    """For each hour, the hours of the same venue that overlap it, itself too."""
    parts = np.array([(span.day, span.start, span.end) for span in hours.spans], np.int64)
    day, start, end = parts.reshape(-1, 3)[hours.slot].T
    first, found = hours.first.tolist(), []
    for begin, stop in pairwise(first):
        mine = slice(begin, stop)
        clash = day[mine, None] == day[mine]
        clash &= (start[mine, None] < end[mine]) & (start[mine] < end[mine, None])
        found += [(begin + np.flatnonzero(row)).tolist() for row in clash]
    return found


def _leaders_by_hour(layout: Layout) -> list[list[int]]:
    """Who could lead when, next to what the fixed groups take of their time."""
    busy, hours = _busy(layout), layout.hours
    spans = [hours.spans[slot] for slot in hours.slot.tolist()]
    by_hour: list[list[int]] = [[] for _ in spans]
    for number, person in enumerate(layout.problem.facilitators):
        mine = busy.get(person.id, ())
        if len(mine) >= person.groups:
            continue
        for hour in layout.lead.of(number).tolist():
            if not mine or not any(spans[hour].overlaps(other) for other in mine):
                by_hour[hour].append(number)
    return by_hour


def leading_elsewhere(layout: Layout) -> dict[int, list[Span]]:
    """When facilitators of fixed groups lead those, by the facilitator's number."""
    number = {person.id: place for place, person in enumerate(layout.problem.facilitators)}
    return {number[name]: spans for name, spans in _busy(layout).items() if name in number}


def _busy(layout: Layout) -> dict[str, list[Span]]:
    busy: dict[str, list[Span]] = {}
    for group in layout.fixed:
        for name in group.facilitators:
            busy.setdefault(name, []).append(group.slot)
    return busy


def _fill_leaders(f: Arena, plan: Plan, layout: Layout) -> None:
    people, busy = layout.problem.facilitators, _busy(layout)
    for number, person in enumerate(people):
        language = layout.languages.mask(person.languages)
        kind = layout.type_mask(person.interests)
        breadth = language.bit_count() * min(4, kind.bit_count())
        ease = round(100 * breadth * (len(layout.lead.of(number)) + 1) ** 0.5)
        most = min(MOST_GROUPS_LED, max(0, person.groups - len(busy.get(person.id, ()))))
        f[number] = (most, language, kind, ease, plan.skip(most + 1), 0)


def _fill_spots(g: Arena, plan: Plan, layout: Layout) -> None:
    count = len(g)
    g[:, c.G_HOUR] = -1
    for column in (c.G_UNIT, c.G_PAIR, c.OLD_UNIT):
        g[:, column] = plan.room([_most(layout)] * count)[:-1]
    for column in (c.G_LEADER, c.OLD_LEADER):
        g[:, column] = plan.room([_wanted(layout)] * count)[:-1]


def first_random(seed: int) -> int:
    """A first state for the kernels' generator: 32 bits, never 0, near seeds far apart."""
    mixed = (seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) & 0xFFFFFFFFFFFFFFFF
    mixed = ((mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
    return (mixed >> 32) or 0x6C078965


def _starts(sizes: Iterable[Any]) -> Arena:
    return np.array([0, *accumulate(sizes)], np.int64)


def _all_of(masks: Sequence[int], first: Arena) -> Arena:
    """Bits that all members of each unit share."""
    if not masks:
        return np.zeros(0, np.int64)
    return np.bitwise_and.reduceat(np.array(masks, np.int64), first[:-1])
