"""Who waits near a venue, and exactly how many more a group there would take.

``Situation`` counts by tables, quick and hopeful: it does not see who is kept apart from whom,
or that partners must come along. This looks at the people themselves, a seat at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np

from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.eligible import TIE_KM, Floats, Places, distances
from goround.domain.matching.fits import can_attend, in_reach, is_free, meets_needs, speaks, wants
from goround.domain.matching.people import busy_facilitators, most_members
from goround.domain.matching.problem import Facilitator, Parent, Span, Venue
from goround.domain.matching.situation import Situation

Unit = tuple[Parent, ...]
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class People(Generic[Row]):
    """Rows, and where somebody of each lives and how far they go."""

    rows: Sequence[Row]
    lat: Floats
    lon: Floats
    reach: Floats

    @classmethod
    def of(cls, rows: Sequence[Row], homes: Sequence[Parent | Facilitator]) -> People[Row]:
        lat, lon, reach = (
            np.array([getattr(home, name) for home in homes], float)
            for name in ("lat", "lon", "max_km")
        )
        return cls(rows, lat, lon, reach)


class Company:
    """Remembers who is near which venue, and who of them is free when."""

    def __init__(self, now: Situation) -> None:
        self.now = now
        self.policy = now.layout.problem.policy
        self._units: dict[str, list[Unit]] = {}
        self._free: dict[tuple[str, Span], list[Unit]] = {}
        self._leading: dict[tuple[str, Span], list[Facilitator]] = {}
        self._busy = busy_facilitators(now.groups)

    def lacking(
        self, block: Sequence[Parent], venue: Venue, slot: Span, language: str, kind: str
    ) -> int | None:
        """How many more parents this block needs for a group, beside those who wait.

        Of the block only the first may yet have to be brought there; None if no number of
        parents would do.
        """
        seats = most_members(self.policy, venue)
        if len(block) > seats or seats < self.policy.size_min:
            return None
        if not all(_would_sit(row, venue, slot, language, kind) for row in block[1:]):
            return None
        if self.is_barred(block, venue, slot):
            return None
        chosen = {row.id for row in block}
        away = self._away(block)
        for unit in self._free_at(venue, slot):
            if len(chosen) >= self.policy.size_min:
                break
            names = {row.id for row in unit}
            if len(chosen) + len(unit) > seats:
                continue
            if not (names.isdisjoint(chosen) and names.isdisjoint(away)):
                continue
            if all(speaks(row, language) and wants(row, kind) for row in unit):
                chosen |= names
                away |= self._away(unit)
        return max(0, self.policy.size_min - len(chosen))

    def leaders(self, venue: Venue, slot: Span, language: str, kind: str) -> int:
        """How many facilitators could lead there next to the groups they have."""
        key = venue.id, slot
        if key not in self._leading:
            people = self._leaders
            km = distances(people.lat, people.lon, Places.of([venue]), np.array([0]))[:, 0]
            near = np.flatnonzero(km <= people.reach + TIE_KM).tolist()
            some = [people.rows[place] for place in near]
            self._leading[key] = [row for row in some if self._may_lead(row, venue, slot)]
        rows = self._leading[key]
        return sum(speaks(row, language) and wants(row, kind) for row in rows)

    def _may_lead(self, row: Facilitator, venue: Venue, slot: Span) -> bool:
        held = self._busy.get(row.id, ())
        free = is_free(row.available, slot) and not any(slot.overlaps(one) for one in held)
        return free and in_reach(row, venue)

    @cached_property
    def _leaders(self) -> People[Facilitator]:
        rows = self.now.layout.problem.facilitators
        left = [row for row in rows if len(self._busy.get(row.id, ())) < row.groups]
        return People.of(left, left)

    def is_barred(self, unit: Sequence[Parent], venue: Venue, slot: Span) -> bool:
        """Whether somebody to be kept apart from is at that venue on that day."""
        away = self._away(unit)
        homes = [self._home[name] for name in away if name in self._home]
        return any(group.venue == venue.id and group.slot.day == slot.day for group in homes)

    def _away(self, unit: Sequence[Parent]) -> set[str]:
        return {other for row in unit for other in self.now.apart.get(row.id, ())}

    @cached_property
    def _home(self) -> dict[str, FormedGroup]:
        return {name: group for group in self.now.groups for name in group.members}

    def _free_at(self, venue: Venue, slot: Span) -> list[Unit]:
        """Units who wait and could all be there, the smallest first."""
        key = venue.id, slot
        if key not in self._free:
            self._free[key] = [
                unit
                for unit in self._near(venue)
                if all(is_free(row.available, slot) for row in unit)
                and not self.is_barred(unit, venue, slot)
            ]
        return self._free[key]

    def _near(self, venue: Venue) -> list[Unit]:
        """Units who wait and could all come to the venue, whatever the hour."""
        if venue.id not in self._units:
            self._units[venue.id] = [
                unit
                for unit in self._within(venue)
                if all(in_reach(row, venue) and meets_needs(row, venue) for row in unit)
            ]
        return self._units[venue.id]

    def _within(self, venue: Venue) -> list[Unit]:
        """Units whose first is not too far, by a quick look at all of them at once."""
        units = self._waiting
        km = distances(units.lat, units.lon, Places.of([venue]), np.array([0]))[:, 0]
        return [units.rows[place] for place in np.flatnonzero(km <= units.reach + TIE_KM).tolist()]

    @cached_property
    def _waiting(self) -> People[Unit]:
        """Blocks of whom nobody is placed and each could be, the smallest first."""
        now, parents = self.now, self.now.layout.problem.parents
        out = now.placed | now.impossible
        blocks = sorted({now.block[row.id] for row in parents if row.id not in out})
        blocks = [names for names in blocks if not out.intersection(names)]
        blocks.sort(key=len)
        units = [tuple(parents[now.number[name]] for name in names) for names in blocks]
        return People.of(units, [unit[0] for unit in units])


def _would_sit(row: Parent, venue: Venue, slot: Span, language: str, kind: str) -> bool:
    return speaks(row, language) and wants(row, kind) and can_attend(row, venue, slot)
