"""Cut a large round into regions that can be searched side by side.

A region has its own venues, parents and facilitators, and its own share of the rooms of each
video room, so that whatever is found in one breaks no rule in another. The cuts are straight
lines through the middle of the people; each ``turn`` draws them at another angle, so that
whoever sits at a seam this time is well inside the next.

A group whose facilitator also leads in another region stays as it is for that turn. So does,
at a video room, a group with somebody who is kept apart from a person in another region.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np

from goround.domain.matching.eligible import Flags, Floats, Ints, Pairs
from goround.domain.matching.engine import Team, formed
from goround.domain.matching.filling import taken
from goround.domain.matching.layout import Layout, pairs_apart

GOLDEN_ANGLE: Final = math.pi * (3 - math.sqrt(5))
NOWHERE: Final = -1


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the layout; ``units`` are the numbers in the whole, in the part's order."""

    layout: Layout
    units: Ints
    teams: tuple[Team, ...]

    def whole(self, teams: Sequence[Team]) -> list[Team]:
        """The part's teams in the numbers of the whole."""
        names = self.units.tolist()
        return [
            Team(team.hour, tuple(names[unit] for unit in team.units), team.leaders)
            for team in teams
        ]


@dataclass(frozen=True, slots=True)
class Cut:
    """All regions of one turn, and the teams that none of them may touch."""

    regions: tuple[Region, ...]
    resting: tuple[Team, ...]


def cut(layout: Layout, teams: Sequence[Team], count: int, turn: int) -> Cut:
    """Cut into ``count`` regions with about as many parents each."""
    return _Cutter(layout, teams, count, turn).cut()


class _Cutter:
    """Says which region each venue, team, unit and facilitator belongs to."""

    def __init__(self, layout: Layout, teams: Sequence[Team], count: int, turn: int) -> None:
        self.layout, self.count, self.turn = layout, count, turn
        people = layout.problem.parents
        homes = spots_of([people[unit[0]] for unit in layout.units])
        lines = _lines(homes, count, turn * GOLDEN_ANGLE)
        venues, region = layout.problem.venues, _locate(spots_of(layout.problem.venues), lines)
        overlapping = _have_overlapping_hours(layout)
        online = np.array([venue.is_online for venue in venues], np.bool_) & ~overlapping
        region[overlapping] = turn % count
        region[online] = NOWHERE
        self.hour: Ints = region[layout.hours.venue]
        self.online: Flags = online[layout.hours.venue]
        self.unit = _locate(homes, lines)
        self.leader = _locate(spots_of(layout.problem.facilitators), lines)
        self.staying: list[tuple[Team, int]] = []
        self.resting: list[Team] = []
        self._place(teams)
        self._part_the_apart()

    def _place(self, teams: Sequence[Team]) -> None:
        """Give each team a region and its people with it; in-person teams go first."""
        settled: set[int] = set()
        for team in sorted(teams, key=lambda team: bool(self.online[team.hour])):
            region = int(self.hour[team.hour])
            if region == NOWHERE:
                region = int(self.leader[team.leaders[0]] if team.leaders else NOWHERE)
                region = region if region != NOWHERE else int(self.unit[team.units[0]])
            if any(self.leader[one] != region for one in settled.intersection(team.leaders)):
                self.resting.append(team)
                continue
            self.leader[list(team.leaders)] = region
            settled.update(team.leaders)
            self.unit[list(team.units)] = region
            self.staying.append((team, region))
        for team in self.resting:
            self.unit[list(team.units)] = NOWHERE

    def _part_the_apart(self) -> None:
        """Bar hours, so that people kept apart cannot meet across a seam."""
        seat = {unit: team for team, _ in self.staying for unit in team.units}
        pairs = pairs_apart(self.layout)
        for one, two in pairs:
            both = [unit for unit in (one, two) if self._is_online(seat.get(unit))]
            if len(both) == 2 and self.unit[one] != self.unit[two]:
                for unit in both:
                    self._rest(seat[unit])
        resting = {unit: team for team in self.resting for unit in team.units}
        self.barred: dict[int, Flags] = {}
        for one, two in pairs:
            if self.unit[one] == self.unit[two]:
                continue
            stays, goes = (two, one) if self._is_online(seat.get(two)) else (one, two)
            stays, goes = (goes, stays) if goes in resting else (stays, goes)
            bar = self._days_of(resting[stays]) if stays in resting else self.online
            self.barred[goes] = self.barred.get(goes, False) | bar

    def _days_of(self, team: Team) -> Flags:
        """The hours of the team's venue on its day."""
        hours = self.layout.hours
        days = np.array([span.day for span in hours.spans], np.int64)[hours.slot]
        same: Flags = (hours.venue == hours.venue[team.hour]) & (days == days[team.hour])
        return same

    def _is_online(self, team: Team | None) -> bool:
        return team is not None and bool(self.online[team.hour])

    def _rest(self, team: Team) -> None:
        if team not in self.resting:
            self.resting.append(team)
            self.staying = [row for row in self.staying if row[0] != team]
            self.unit[list(team.units)] = NOWHERE

    def cut(self) -> Cut:
        fixed = (*self.layout.fixed, *formed(self.layout, self.resting))
        base = replace(self.layout, fixed=fixed, markets=None)
        shares = self._shares()
        regions = [self._region(base, number, shares[number]) for number in range(self.count)]
        return Cut(tuple(region for region in regions if len(region.units)), tuple(self.resting))

    def _shares(self) -> list[Ints]:
        """For each region, the rooms of each hour that it must leave to the others."""
        hours, venues = self.layout.hours, self.layout.problem.venues
        held = np.zeros((self.count, len(hours)), np.int64)
        for team, region in self.staying:
            held[region, team.hour] += 1
        rooms = np.array([venue.rooms for venue in venues], np.int64)[hours.venue]
        spare = np.maximum(0, rooms - held.sum(0) - self._fixed_at())
        first = (np.arange(len(hours)) + self.turn) % self.count
        shares = []
        for region in range(self.count):
            more = spare // self.count + ((region - first) % self.count < spare % self.count)
            others = held.sum(0) - held[region] + spare - more
            shares.append(np.where(self.online, others, 0))
        return shares

    def _fixed_at(self) -> Ints:
        """Groups at each hour that no region may touch."""
        total = np.array(taken(self.layout), np.int64)
        for team in self.resting:
            total[team.hour] += 1
        return total

    def _region(self, base: Layout, number: int, reserved: Ints) -> Region:
        layout = self.layout
        open_hours: Flags = (self.hour == number) | self.online
        pairs = layout.unit_pairs
        keep = open_hours[pairs.hour] & np.repeat(self.unit == number, np.diff(pairs.first))
        for unit, bar in self.barred.items():
            mine = slice(pairs.first[unit], pairs.first[unit + 1])
            keep[mine] &= ~bar[pairs.hour[mine]]
        counts = _counts(keep, pairs.first)
        units = np.flatnonzero(counts)
        part_pairs = Pairs(
            np.concatenate(([0], np.cumsum(counts[units]))), pairs.hour[keep], pairs.km[keep]
        )
        lead = layout.lead
        leads = open_hours[lead.hour] & np.repeat(self.leader == number, np.diff(lead.first))
        number_of = {unit: place for place, unit in enumerate(units.tolist())}
        part = replace(
            base,
            units=tuple(layout.units[unit] for unit in units.tolist()),
            unit_pairs=part_pairs,
            lead=Pairs(
                np.concatenate(([0], np.cumsum(_counts(leads, lead.first)))),
                lead.hour[leads],
                lead.km[leads],
            ),
            reserved=reserved,
        )
        teams = [
            Team(team.hour, tuple(number_of[unit] for unit in team.units), team.leaders)
            for team, region in self.staying
            if region == number
        ]
        return Region(part, units, tuple(teams))


def spots_of(rows: Sequence[Any]) -> Floats:
    """Degrees east and north, the east ones shrunk to about the length of the north ones."""
    lat = np.array([row.lat or 0.0 for row in rows], float)
    lon = np.array([row.lon or 0.0 for row in rows], float)
    spots: Floats = np.stack([lon * np.cos(np.radians(lat)), lat], axis=1)
    return spots


@dataclass(frozen=True, slots=True)
class _Line:
    """A straight cut: what lies below ``middle`` along ``along`` goes to ``low``."""

    along: Floats
    middle: float
    low: _Line | int
    high: _Line | int


def _lines(spots: Floats, count: int, angle: float, first: int = 0) -> _Line | int:
    if count == 1:
        return first
    low = count // 2
    along = np.array([math.cos(angle), math.sin(angle)])
    far = spots @ along
    middle = float(np.quantile(far, low / count)) if len(far) else 0.0
    turned = angle + math.pi / 2
    return _Line(
        along,
        middle,
        _lines(spots[far < middle], low, turned, first),
        _lines(spots[far >= middle], count - low, turned, first + low),
    )


def _locate(spots: Floats, lines: _Line | int) -> Ints:
    if isinstance(lines, int):
        return np.full(len(spots), lines, np.int64)
    is_low = spots @ lines.along < lines.middle
    found = np.empty(len(spots), np.int64)
    found[is_low] = _locate(spots[is_low], lines.low)
    found[~is_low] = _locate(spots[~is_low], lines.high)
    return found


def _counts(keep: Flags, first: Ints) -> Ints:
    """How many of each row's entries are kept."""
    total = np.concatenate(([0], np.cumsum(keep)))
    counts: Ints = total[first[1:]] - total[first[:-1]]
    return counts


def _have_overlapping_hours(layout: Layout) -> Flags:
    """Video rooms some of whose hours overlap; one region at a time has such a room."""
    found = np.zeros(len(layout.problem.venues), np.bool_)
    for place, venue in enumerate(layout.problem.venues):
        slots = sorted(venue.slots) if venue.is_online else []
        found[place] = any(one.overlaps(two) for one, two in pairwise(slots))
    return found
