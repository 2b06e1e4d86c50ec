"""Cut a window out of a round: some groups and units near each other, as a small round of its own.

Whatever is found in a window breaks no rule in the whole: groups outside keep their rooms and
their facilitators' time, and whoever is kept apart from one of their members stays away from
where that one is. Only the hours, venues and facilitators that the window's units could need
are part of it, so that a window costs the same however large the round is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from goround.domain.matching.eligible import Flags, Hours, Ints, Pairs
from goround.domain.matching.engine import Team
from goround.domain.matching.filling import leading_elsewhere, taken
from goround.domain.matching.layout import Layout, pairs_apart
from goround.domain.matching.problem import Span
from goround.domain.matching.regions import spots_of
from goround.domain.matching.tables import MOST_BITS


@dataclass(frozen=True, slots=True)
class Window:
    """``teams`` are in the window's own numbers; ``rest`` are those outside, as they were.

    ``units``, ``hours`` and ``leaders`` say which those of the window are in the whole.
    """

    layout: Layout
    teams: tuple[Team, ...]
    rest: tuple[Team, ...]
    units: Ints
    hours: Ints
    leaders: Ints

    def whole(self, teams: Iterable[Team]) -> tuple[Team, ...]:
        """All teams of the round, with these in the window's place."""
        return (*self.rest, *self.outside(teams))

    def outside(self, teams: Iterable[Team]) -> tuple[Team, ...]:
        """These teams in the numbers of the whole."""
        units, leaders = self.units.tolist(), self.leaders.tolist()
        return tuple(
            Team(
                int(self.hours[team.hour]),
                tuple(units[unit] for unit in team.units),
                tuple(leaders[one] for one in team.leaders),
            )
            for team in teams
        )

    def home(self, home: Sequence[int]) -> list[int]:
        """The same hours of an earlier answer in the window's numbers, its end for any other."""
        if not len(home):
            return []
        number = {hour: place for place, hour in enumerate(self.hours.tolist())}
        return [
            -1 if home[unit] < 0 else number.get(home[unit], len(self.hours))
            for unit in self.units.tolist()
        ]


class Windows:
    """Cuts windows out of one layout."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        parents = layout.problem.parents
        people = [parents[unit[0]] for unit in layout.units]
        self._spots = spots_of(people)
        masks = [
            layout.languages.mask(row.languages) | layout.types.mask(row.interests) << MOST_BITS
            for row in people
        ]
        count = 2 * MOST_BITS
        has = [[mask >> bit & 1 for mask in masks] for bit in range(count)]
        self._has = np.array([*has, [1] * len(masks)], np.bool_)
        self.bearers = np.count_nonzero(self._has, axis=1).tolist()
        self._apart: dict[int, list[int]] = defaultdict(list)
        for one, two in pairs_apart(layout):
            self._apart[one].append(two)
            self._apart[two].append(one)
        self._clash: dict[Span, Flags] = {}
        venues = layout.problem.venues
        self._rooms = np.array([row.rooms for row in venues], np.int64)[layout.hours.venue]
        self._fixed = np.array(taken(layout), np.int64)
        if layout.reserved is not None:
            self._fixed += layout.reserved
        self._away = leading_elsewhere(layout)

    def traits(self, unit: int) -> list[int]:
        """What others can have in common with the unit: languages, and types that it wants."""
        some: list[int] = np.flatnonzero(self._has[:, unit]).tolist()
        return some

    def around(
        self,
        seed: int,
        trait: int,
        teams: Sequence[Team],
        size: int,
        barred: Sequence[int] = (),
    ) -> Window:
        """Teams with somebody of the trait and free units of it, those nearest to the seed
        first, about so many units. A team whose units are all barred stays outside.
        """
        away = np.hypot(*(self._spots - self._spots[seed]).T)
        away[~self._has[trait]] = np.inf
        away[list(barred)] = np.inf
        seated = np.zeros(len(away), np.bool_)
        seated[[unit for team in teams for unit in team.units]] = True
        free = np.flatnonzero(~seated)
        far = np.append([away[list(team.units)].min() for team in teams], away[free])
        held = np.append([len(team.units) for team in teams], np.ones(len(free)))
        order = np.argsort(far, kind="stable")
        order = order[np.isfinite(far[order]) & (np.cumsum(held[order]) <= size)]
        chosen = set(order.tolist())
        inside = [team for place, team in enumerate(teams) if place in chosen]
        rest = [team for place, team in enumerate(teams) if place not in chosen]
        free = free[order[order >= len(teams)] - len(teams)]
        return self._cut(inside, rest, free.tolist())

    def _cut(self, inside: Sequence[Team], rest: Sequence[Team], free: Sequence[int]) -> Window:
        units, layout = self.layout.unit_pairs, self.layout
        held = self._fixed.copy()
        for team in rest:
            held[team.hour] += 1
        asked = sorted({*free, *(unit for team in inside for unit in team.units)})
        keep = _mask(units, asked) & (held < self._rooms)[units.hour]
        self._bar(keep, asked, rest)
        counts = _counts(keep, units.first)
        mine = np.flatnonzero(counts)
        hours, hour_of, part = _some_hours(
            layout.hours, np.unique(units.hour[keep]).astype(np.int64)
        )
        leads, groups = self._leads(rest, hour_of)
        led = _counts(leads, layout.lead.first)
        leaders = np.flatnonzero(led)
        problem = layout.problem
        people = [(problem.facilitators[one], groups.get(one)) for one in leaders.tolist()]
        venues = np.unique(layout.hours.venue[hours]).tolist()
        members = [place for unit in mine.tolist() for place in layout.units[unit]]
        number = {place: new for new, place in enumerate(members)}
        small = replace(
            problem,
            parents=tuple(problem.parents[place] for place in members),
            venues=tuple(problem.venues[place] for place in venues),
            facilitators=tuple(
                row if left is None else replace(row, groups=left) for row, left in people
            ),
        )
        lead = _part(layout.lead, leads, led, leaders, hour_of)
        window = replace(
            layout,
            problem=small,
            hours=part,
            attend=lead,  # nobody asks a window who alone could be where
            lead=lead,
            units=tuple(
                tuple(number[place] for place in layout.units[unit]) for unit in mine.tolist()
            ),
            unit_pairs=_part(units, keep, counts, mine, hour_of),
            fixed=(),
            markets=None,
            reserved=held[hours],
        )
        unit_of = {unit: new for new, unit in enumerate(mine.tolist())}
        leader_of = {one: new for new, one in enumerate(leaders.tolist())}
        teams = tuple(
            Team(
                int(hour_of[team.hour]),
                tuple(unit_of[unit] for unit in team.units),
                tuple(leader_of[one] for one in team.leaders),
            )
            for team in inside
        )
        return Window(window, teams, tuple(rest), mine, hours, leaders)

    def _bar(self, keep: Flags, asked: Sequence[int], rest: Sequence[Team]) -> None:
        """Nobody comes to a venue on a day when one they are kept apart from is there."""
        wanted = {other for unit in asked for other in self._apart.get(unit, ())}
        if not wanted:
            return
        hours, first = self.layout.hours, self.layout.unit_pairs.first
        days = np.array([span.day for span in hours.spans], np.int64)[hours.slot]
        inside = set(asked)
        for team in rest:
            for other in wanted.intersection(team.units):
                there = (hours.venue == hours.venue[team.hour]) & (days == days[team.hour])
                for unit in inside.intersection(self._apart[other]):
                    mine = slice(first[unit], first[unit + 1])
                    keep[mine] &= ~there[self.layout.unit_pairs.hour[mine]]

    def _leads(self, rest: Sequence[Team], hour_of: Ints) -> tuple[Flags, dict[int, int]]:
        """Which of the facilitators' pairs the window has, and how many groups those may still
        lead who lead some outside.
        """
        lead, slots = self.layout.lead, self.layout.hours.slot
        keep = hour_of[lead.hour] >= 0
        away = {one: list(spans) for one, spans in self._away.items()}
        for team in rest:
            for one in team.leaders:
                away.setdefault(one, []).append(self.layout.hours.span(team.hour))
        left = {}
        for one, busy in away.items():
            mine = slice(lead.first[one], lead.first[one + 1])
            if not keep[mine].any():
                continue
            left[one] = self.layout.problem.facilitators[one].groups - len(busy)
            keep[mine] &= left[one] > 0
            for span in busy:
                keep[mine] &= ~self._clashing(span)[slots[lead.hour[mine]]]
        return keep, left

    def _clashing(self, span: Span) -> Flags:
        """Which slots overlap it."""
        if span not in self._clash:
            spans = self.layout.hours.spans
            self._clash[span] = np.array([span.overlaps(other) for other in spans], np.bool_)
        return self._clash[span]


def _mask(pairs: Pairs, some: Sequence[int]) -> Flags:
    """Which pairs are of these people."""
    chosen = np.zeros(len(pairs.first) - 1, np.bool_)
    chosen[some] = True
    return np.repeat(chosen, np.diff(pairs.first))


def _counts(keep: Flags, first: Ints) -> Ints:
    """How many of each row's entries are kept."""
    total = np.concatenate(([0], np.cumsum(keep)))
    counts: Ints = total[first[1:]] - total[first[:-1]]
    return counts


def _part(pairs: Pairs, keep: Flags, counts: Ints, people: Ints, hour_of: Ints) -> Pairs:
    first = np.concatenate(([0], np.cumsum(counts[people])))
    hour = hour_of[pairs.hour[keep]].astype(np.int32)
    return Pairs(first, hour, pairs.km[keep], pairs.capped)


def _some_hours(hours: Hours, used: Ints) -> tuple[Ints, Ints, Hours]:
    """All hours of the venues of those used: which they are, the new number of each hour or -1,
    and themselves as hours.
    """
    venues = np.unique(hours.venue[used])
    keep = np.isin(hours.venue, venues)
    which = np.flatnonzero(keep)
    number = np.where(keep, np.cumsum(keep) - 1, -1)
    first = np.concatenate(([0], np.cumsum(np.diff(hours.first)[venues])))
    owner = np.searchsorted(venues, hours.venue[which])
    return which, number, Hours(owner, hours.slot[which], first, hours.spans)
