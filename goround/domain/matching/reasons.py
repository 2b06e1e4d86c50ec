"""Why a parent has no group: the first true reason of ``formation.md``, and its remedy.

The first three are true of the parent alone. ``no-facilitator``: at none of the parent's
hours could enough facilitators lead a group in the parent's language and type; or they are
the one thing that lacks for a group of parents who wait. ``too-few-alike`` counts all
parents, placed ones too. ``no-room-left`` is what remains: others came first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from goround.domain.matching.answer import FormedGroup, Unplaced
from goround.domain.matching.changes import cheapest_change
from goround.domain.matching.company import Company
from goround.domain.matching.eligible import Ints
from goround.domain.matching.fits import meets_needs
from goround.domain.matching.layout import Layout, lay_out
from goround.domain.matching.problem import Parent, Problem, Venue
from goround.domain.matching.situation import Situation
from goround.domain.matching.wording import sentence


def reason_unplaced(problem: Problem, groups: Iterable[FormedGroup], parent_id: str) -> Unplaced:
    """Why this parent has no group, given the groups there are."""
    return reasons_unplaced(problem, groups, [parent_id])[0]


def reasons_unplaced(
    problem: Problem,
    groups: Iterable[FormedGroup],
    parent_ids: Sequence[str],
    *,
    layout: Layout | None = None,
) -> list[Unplaced]:
    """The same for several at once, which is much faster than one by one."""
    if not parent_ids:
        return []
    now = Situation(layout or lay_out(problem), tuple(groups))
    company = Company(now)
    return [_unplaced(now, company, problem.parents[now.number[name]]) for name in parent_ids]


def _unplaced(now: Situation, company: Company, parent: Parent) -> Unplaced:
    asked = _ask(now, parent)
    reason = _reason(now, asked)
    change = cheapest_change(now, company, parent, asked.hours, reason)
    return Unplaced(parent.id, reason, sentence(now.layout.problem, parent, change), change)


def _ask(now: Situation, parent: Parent) -> Asked:
    hours = now.layout.attend.of(now.number[parent.id]).astype(np.int64)
    if len(hours):
        return Asked(parent, hours, (), ())
    reach = now.venues_in_reach(parent)
    return Asked(parent, hours, reach, [venue for venue in reach if meets_needs(parent, venue)])


def _reason(now: Situation, asked: Asked) -> str:
    alone = _reason_alone(asked)
    if alone is not None:
        return alone
    return _Seats(now, asked.parent, asked.hours).reason()


def _reason_alone(asked: Asked) -> str | None:
    if len(asked.hours):
        return None
    if not asked.reach:
        return "no-venue-in-reach"
    return "no-shared-hour" if asked.fitting else "no-venue-meets-needs"


@dataclass(frozen=True, slots=True)
class Asked:
    """A parent without a group. Venues are only gathered when no hour suits."""

    parent: Parent
    hours: Ints
    reach: Sequence[Venue]
    fitting: Sequence[Venue]


@dataclass
class _Seats:
    """The parent's hours, each with every language and type of theirs."""

    now: Situation
    parent: Parent
    hours: Ints

    def reason(self) -> str:
        if not all(map(len, self.now.masks(self.parent))):
            return self._reason_of_rare()
        now, policy = self.now, self.now.layout.problem.policy
        led = self._of(now.able) >= policy.facilitators
        if not led.any() or self._only_leaders_lack():
            return "no-facilitator"
        alike = led & (self._of(now.alike) >= policy.size_min)
        if not alike.any():
            return "too-few-alike"
        if not self._some_not_apart(np.flatnonzero(alike.any(axis=(1, 2)))):
            return "kept-apart"
        return "partner-cannot" if self._partner_cannot() else "no-room-left"

    def _reason_of_rare(self) -> str:
        """For whoever has only languages or types too rare for the tables: counted plainly.

        The search does not place them, so ``no-room-left`` is what remains here too.
        """
        policy = self.now.layout.problem.policy
        seats = [
            seat for hour in self.hours.tolist() for seat in self.now.seats_at(hour, self.parent)
        ]
        led = [parents for parents, leaders in seats if leaders >= policy.facilitators]
        if not led:
            return "no-facilitator"
        if max(led) < policy.size_min:
            return "too-few-alike"
        return "partner-cannot" if self._partner_cannot() else "no-room-left"

    def _of(
        self, table: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        return self.now.seats(table, self.parent, self.hours)

    def _only_leaders_lack(self) -> bool:
        """A room is free and enough parents wait, but no seat has facilitators left."""
        now, policy = self.now, self.now.layout.problem.policy
        if policy.facilitators == 0 or self.parent.id in now.impossible:
            return False
        wait = self._of(now.waiting) >= policy.size_min
        room = now.has_room[self.hours][:, None, None]
        ready = wait & room
        enough = self._of(now.free) >= policy.facilitators
        return bool(ready.any() and not (ready & enough).any() and self._apart_free())

    def _apart_free(self) -> bool:
        return not self.now.apart.get(self.parent.id)

    def _some_not_apart(self, places: Ints) -> bool:
        """Whether at some of these hours enough are left when those kept apart go."""
        away = self.now.apart.get(self.parent.id)
        if not away:
            return True
        barred, gone = self._barred_days(away), self.now.numbers(away)
        hours, venues = self.now.layout.hours, self.now.layout.problem.venues
        for hour in self.hours[places]:
            day = (venues[hours.venue[hour]].id, hours.span(int(hour)).day)
            if day not in barred and self._enough_without(gone, int(hour)):
                return True
        return False

    def _barred_days(self, away: frozenset[str]) -> set[tuple[str, int]]:
        return self.now.days_of(away)

    def _enough_without(self, away: Ints, hour: int) -> bool:
        now, rows_columns = self.now, self.now.masks(self.parent)
        table = now.seats(now.alike, self.parent, np.array([hour]))[0]
        gone = now.count_at(away, hour)[np.ix_(*rows_columns)]
        return bool((table - gone >= now.layout.problem.policy.size_min).any())

    def _partner_cannot(self) -> bool:
        """Whether those to be placed with the parent have no hour, language or type in common."""
        now, name = self.now, self.parent.id
        if name in now.impossible:
            return True
        return len(now.block[name]) > 1 and not now.can_meet(now.block[name])
