"""The cheapest change of the world, of a few kinds, that would place a parent.

What a change is reckoned to take: 1 for each further parent, 2 for each facilitator, 3 for
a room, 2 for coming at another hour, 4 for meeting online or in person after all, 3 for each
feature of a venue, 4 for a new hour there, 1 and a fifth for each kilometre further. What is
enough by itself is proposed before what takes several kinds of things. Each was looked at with
the people themselves: with it, a group can be opened or joined in which no rule is broken.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median_low
from typing import Any, Final

import numpy as np

from goround.domain.matching.answer import Change
from goround.domain.matching.company import Company
from goround.domain.matching.eligible import Ints, distances
from goround.domain.matching.fits import in_reach, is_free, km_to
from goround.domain.matching.people import room_is_free
from goround.domain.matching.problem import ANY_TYPE, MINUTES_IN_DAY, Parent, Span, Venue
from goround.domain.matching.situation import Situation

EACH_PARENT, EACH_FACILITATOR, A_ROOM = 1.0, 2.0, 3.0
ANOTHER_TIME: Final = 2.0
ANOTHER_MODE: Final = 4.0
EACH_FEATURE: Final = 3.0
NEW_HOUR: Final = 4.0
EACH_KM: Final = 0.2
SEVERAL: Final = 1000.0
GROUPS_LOOKED_AT: Final = 40
VENUES_LOOKED_AT: Final = 30
SEATS_LOOKED_AT: Final = 40
# Where and when a venue might open anew.
NEW_AT, NEW_STARTS = 2, 5
MOST_NAMED: Final = 20
NOTHING: Final = Change("none")

# What it takes, and the change.
Way = tuple[float, Change]
# Where and when, in which language, of which type.
Seat = tuple[Venue, Span, str, str]
# Parents, facilitators and rooms.
Needs = tuple[int, int, int]


def cheapest_change(
    now: Situation, company: Company, parent: Parent, hours: Ints, reason: str
) -> Change:
    """For a parent without a group for this reason; ``hours`` are those they could be at."""
    if reason == "partner-cannot":
        return _partners(now, parent)
    found = None
    if parent.id not in now.impossible:
        found = _Ways(now, company, parent, hours).cheapest()
    if found is None:
        return _apart(now, parent) if reason == "kept-apart" else NOTHING
    return found


def _partners(now: Situation, parent: Parent) -> Change:
    """Who of those to be placed together cannot, or is not in the problem at all."""
    block = now.block[parent.id]
    missing = now.missing_of(block)
    return _about("partners", sorted(block) if missing == [parent.id] else missing, parent)


def _apart(now: Situation, parent: Parent) -> Change:
    return _about("apart", sorted(now.apart.get(parent.id, ())), parent)


def _about(kind: str, people: Sequence[str], parent: Parent) -> Change:
    """Names the first of these people, and how many there are besides the parent."""
    named = [name for name in people[: MOST_NAMED + 1] if name != parent.id][:MOST_NAMED]
    place = bisect_left(people, parent.id)
    with_parent = place < len(people) and people[place] == parent.id
    return Change(kind, people=tuple(named), count=len(people) - with_parent)


class _Ways:
    """Ways in which one parent, with those to be placed together, could come to a group."""

    def __init__(self, now: Situation, company: Company, parent: Parent, hours: Ints) -> None:
        self.now, self.company, self.parent, self.own = now, company, parent, hours
        names = [name for name in now.block[self.parent.id] if name != self.parent.id]
        parents = now.layout.problem.parents
        self.block = [self.parent, *(parents[now.number[name]] for name in names)]
        self.policy = now.layout.problem.policy
        rows, columns = now.masks(self.parent)
        self.languages = [now.layout.languages.values[row] for row in rows]
        kinds = (*now.layout.types.values, ANY_TYPE)
        self.kinds = [kinds[column] for column in columns]

    def cheapest(self) -> Change | None:
        """Other venues are only looked at if nothing single would do; then new hours.

        New hours are only proposed to whom no present one suits.
        """
        found = [*self._open_groups(), *self._new_group(self._shared(self.own), [])]
        for more in (self._elsewhere,) if len(self.own) else (self._elsewhere, self._new_hours):
            if min((effort for effort, _ in found), default=SEVERAL) >= SEVERAL:
                found += more()
        if not found:
            return None
        return min(found, key=lambda way: (way[0], str(way[1])))[1]

    def _shared(self, hours: Ints) -> Ints:
        """Those of the hours that suit everybody else of the block."""
        for row in self.block[1:]:
            hours = np.intersect1d(hours, self.now.layout.attend.of(self.now.number[row.id]))
        return hours

    def _open_groups(self) -> Iterator[Way]:
        """Groups with an open place, where one thing of the parent's is in the way.

        Looks at the nearest ``GROUPS_LOOKED_AT`` of the parent's languages and types.
        """
        if len(self.block) > 1:
            return
        for group, venue in self.now.open_groups.near(self.parent, GROUPS_LOOKED_AT):
            if self.company.is_barred(self.block, venue, group.slot):
                continue
            lacks = _lacks(self.parent, venue)
            if not is_free(self.parent.available, group.slot):
                lacks.append((ANOTHER_TIME, Change("join", venue=venue.id)))
            if len(lacks) == 1:
                effort, change = lacks[0]
                yield effort, replace(change, slot=group.slot, group=group.id)

    def _elsewhere(self) -> Iterator[Way]:
        """New groups at venues that one thing keeps the parent from."""
        hours, first = self.now.layout.hours, dict[int, Way]()
        for place, venue in self._venues():
            lacks = _lacks(self.parent, venue)
            if len(lacks) == 1:
                for hour in range(hours.first[place], hours.first[place + 1]):
                    if is_free(self.parent.available, hours.span(hour)):
                        first[hour] = lacks[0]
        suit = self._shared(np.array(sorted(first), np.int64)).astype(np.int64)
        yield from self._new_group(suit, [first[hour] for hour in suit.tolist()])

    def _venues(self) -> Iterator[tuple[int, Venue]]:
        """The nearest venues, with their places in the problem."""
        venues = self.now.layout.problem.venues
        home = np.array([self.parent.lat]), np.array([self.parent.lon])
        km = distances(*home, self.now.places, np.arange(len(venues)))[0]
        for place in np.argsort(km, kind="stable")[:VENUES_LOOKED_AT].tolist():
            yield place, venues[place]

    def _new_group(self, hours: Ints, first: list[Way]) -> Iterator[Way]:
        """The cheapest new group at these hours; ``first`` is what each takes beforehand.

        Tables tell the least that each seat takes. What it does take, the people themselves
        tell, seat by seat until no other can be cheaper.
        """
        # Words too rare for the tables are in no seat.
        if not len(hours) or not self.languages or not self.kinds:
            return
        needs, before = self._needs(hours, own=len(first)), np.zeros((len(hours), 1, 1))
        before[:, 0, 0] = np.array([effort for effort, _ in first] or [0.0])
        effort = _effort(before, *needs)
        looked: dict[Any, Needs] = {}
        for _ in range(SEATS_LOOKED_AT):
            place = np.unravel_index(int(effort.argmin()), effort.shape)
            if not np.isfinite(effort[place]):
                return
            seat = self._seat(int(hours[place[0]]), place)
            if place in looked:
                change = first[place[0]][1] if first else None
                yield float(effort[place]), _needing(change, seat, looked[place])
                return
            lacking = self.company.lacking(self.block, *seat)
            if lacking is None:
                effort[place] = np.inf
                continue
            looked[place] = lacking, int(needs[1][place]), int(needs[2][place])
            # What takes nothing at all is no change; the search just has not found it.
            effort[place] = _effort(before[place[0], 0, 0], *looked[place]) or np.inf

    def _needs(self, hours: Ints, *, own: int) -> tuple[Ints, Ints, Ints]:
        """The least parents, facilitators and rooms that each seat lacks.

        The parent is counted among those waiting at hours of their ``own`` only.
        """
        waiting = self.now.seats(self.now.waiting, self.parent, hours) + bool(own)
        free = self.now.seats(self.now.free, self.parent, hours)
        parents = np.maximum(0, self.policy.size_min - waiting)
        leaders = np.maximum(0, self.policy.facilitators - free)
        rooms = np.zeros_like(parents) + ~self.now.has_room[hours][:, None, None]
        return parents, leaders, rooms

    def _seat(self, hour: int, place: Sequence[np.intp]) -> Seat:
        hours, venues = self.now.layout.hours, self.now.layout.problem.venues
        venue = venues[hours.venue[hour]]
        return venue, hours.span(hour), self.languages[place[1]], self.kinds[place[2]]

    def _new_hours(self) -> Iterator[Way]:
        """A venue nearby, opened for as long as it mostly is when the parent is free."""
        suiting = [venue for _, venue in self._venues() if not _lacks(self.parent, venue)]
        for venue in suiting[:NEW_AT]:
            for slot in _openings(self.parent, venue):
                if not room_is_free(venue, slot, self.now.groups):
                    continue
                for language in self.languages:
                    for kind in self.kinds:
                        yield from self._at_new_hour((venue, slot, language, kind))

    def _at_new_hour(self, seat: Seat) -> Iterator[Way]:
        parents = self.company.lacking(self.block, *seat)
        if parents is not None:
            leaders = max(0, self.policy.facilitators - self.company.leaders(*seat))
            change = _needing(Change("hour"), seat, (parents, leaders, 0))
            yield float(_effort(NEW_HOUR, parents, leaders, 0)), change


def _effort(before: Any, parents: Any, leaders: Any, rooms: Any) -> Any:
    """For numbers, or tables of them."""
    kinds = np.sign(before) + np.sign(parents) + np.sign(leaders) + np.sign(rooms)
    effort = before + EACH_PARENT * parents + EACH_FACILITATOR * leaders + A_ROOM * rooms
    return effort + SEVERAL * np.maximum(0, kinds - 1)


def _lacks(parent: Parent, venue: Venue) -> list[Way]:
    """What keeps the parent from this venue, whatever the hour."""
    found = []
    if not in_reach(parent, venue):
        more = km_to(parent, venue) - parent.max_km
        found.append((1 + EACH_KM * more, Change("farther", venue=venue.id, km=more)))
    if parent.modes and venue.mode not in parent.modes:
        found.append((ANOTHER_MODE, Change("mode", venue=venue.id, wanted=(venue.mode,))))
    if missing := parent.needs - venue.features:
        change = Change("features", venue=venue.id, wanted=tuple(sorted(missing)))
        found.append((EACH_FEATURE * len(missing), change))
    return found


def _openings(parent: Parent, venue: Venue) -> list[Span]:
    """Hours at which the venue is shut and the parent free, as long as it usually opens."""
    length = median_low([slot.end - slot.start for slot in venue.slots] or [60])
    found = [
        Span(span.day, span.start, span.start + length)
        for span in parent.available
        if span.end - span.start >= length and span.start + length <= MINUTES_IN_DAY
    ]
    return [slot for slot in found if slot not in venue.slots][:NEW_STARTS]


def _needing(first: Change | None, seat: Seat, needs: Needs) -> Change:
    """A group at this seat, with what it takes beforehand and what it lacks besides."""
    venue, slot, language, kind = seat
    parents, leaders, rooms = needs
    there = Change(
        "several",
        venue=venue.id,
        slot=slot,
        language=language,
        type=kind,
        count=parents or None,
        leaders=leaders or None,
        room=bool(rooms),
    )
    if first is not None:
        return replace(there, kind=first.kind, km=first.km, wanted=first.wanted)
    single = {"parents": parents, "facilitators": leaders, "room": rooms}
    wanted = [(name, count) for name, count in single.items() if count]
    if len(wanted) != 1:
        return there
    ((name, count),) = wanted
    return replace(there, kind=name, count=count, leaders=None, room=False)
