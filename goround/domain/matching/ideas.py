"""What an organisation could add: an hour at a venue it has, or a facilitator.

A cheap look at who waits picks a few that might place most parents; ``advice`` then tries
those in earnest. Bounded however large the round: ``PEOPLE`` who wait and who lead, ``PLACES``
venues and ``STARTS`` times of the week are looked at.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median_low
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.fits import in_reach, is_free, meets_needs, speaks, wants
from goround.domain.matching.people import (
    block_of,
    busy_facilitators,
    most_members,
    room_is_free,
    stranded,
)
from goround.domain.matching.problem import (
    ANY_TYPE,
    MINUTES_IN_DAY,
    Facilitator,
    Parent,
    Problem,
    Span,
    Venue,
)

HOUR: Final = "hour"
FACILITATOR: Final = "facilitator"
PEOPLE: Final = 1000
PLACES: Final = 40
STARTS: Final = 150
KINDS: Final = 8  # languages, and types
ALIKE: Final = 3  # ideas about one venue, or about one language
# What a parent counts if others must come over from larger groups, and if more still lacks.
COMING_OVER: Final = 0.75
NOT_READY: Final = 0.2
NOON, EVENING = 12 * 60, 17 * 60
FACILITATOR_KM: Final = 30.0

Counts = NDArray[np.float64]
Worth = tuple[float, "Idea"]


@dataclass(frozen=True, slots=True)
class Idea:
    """``hour``: ``venue`` is open at ``slot``, too.

    ``facilitator``: one more, who speaks ``language``, is free in ``slot``, leads any type, up
    to ``groups`` of them, and lives at ``venue``; if that is a video room, leads only online.
    """

    kind: str
    venue: str
    slot: Span
    language: str = ""
    groups: int = 1


def with_idea(problem: Problem, idea: Idea) -> Problem:
    """The problem as it would be. Raises ``KeyError`` for a venue it does not have."""
    venue = {row.id: row for row in problem.venues}[idea.venue]
    if idea.kind == HOUR:
        longer = replace(venue, slots=(*venue.slots, idea.slot))
        venues = tuple(longer if row.id == venue.id else row for row in problem.venues)
        return replace(problem, venues=venues)
    return replace(problem, facilitators=(*problem.facilitators, _newcomer(problem, idea, venue)))


def _newcomer(problem: Problem, idea: Idea, venue: Venue) -> Facilitator:
    return Facilitator(
        _free_name(problem),
        frozenset({idea.language}),
        (idea.slot,),
        venue.lat or 0.0,
        venue.lon or 0.0,
        max_km=0.0 if venue.is_online else FACILITATOR_KM,
        groups=idea.groups,
    )


def _free_name(problem: Problem) -> str:
    taken, name = {row.id for row in problem.facilitators}, "new"
    while name in taken:
        name += "+"
    return name


def is_used(problem: Problem, idea: Idea, groups: Iterable[FormedGroup]) -> bool:
    """Whether some of these groups could not be without it; ``problem`` is the one before."""
    if idea.kind == HOUR:
        return any(group.venue == idea.venue and group.slot == idea.slot for group in groups)
    name = _free_name(problem)
    return any(name in group.facilitators for group in groups)


def likely_ideas(problem: Problem, groups: Sequence[FormedGroup], most: int) -> list[Idea]:
    """At most ``most`` ideas, the likeliest first; a quarter at least of either kind."""
    look = _Look(problem, groups)
    hours = _unlike(look.hours(), lambda idea: idea.venue)
    leaders = _unlike(look.facilitators(), lambda idea: idea.language)
    share = most // 4
    first, rest = hours[:share] + leaders[:share], hours[share:] + leaders[share:]
    rest.sort(key=_likeliest)
    return [idea for _, idea in sorted((first + rest)[:most], key=_likeliest)]


def _likeliest(pair: Worth) -> tuple[float, str]:
    return -pair[0], str(pair[1])


def _unlike(found: Iterable[Worth], about: Callable[[Idea], str]) -> list[Worth]:
    """The best first, not more than ``ALIKE`` about the same and none at overlapping hours."""
    kept: dict[str, list[Idea]] = defaultdict(list)
    best = []
    for worth, idea in sorted(found, key=_likeliest):
        same = kept[about(idea)]
        if len(same) < ALIKE and not any(idea.slot.overlaps(other.slot) for other in same):
            same.append(idea)
            best.append((worth, idea))
    return best


class _Look:
    """Who waits, and how many of them an hour, a language and a type would suit."""

    def __init__(self, problem: Problem, groups: Sequence[FormedGroup]) -> None:
        self.problem, self.groups = problem, groups
        self.waiting = _waiting(problem, groups)
        self.venues = _busiest(problem.venues, self.waiting)
        self.kinds = _kinds(self.waiting)
        busy = busy_facilitators(groups)
        leaders = [row for row in problem.facilitators if len(busy.get(row.id, ())) < row.groups]
        self.leaders = leaders[:PEOPLE]
        self.spare = _spare(problem, groups)
        self.parents_kind = _table(self.waiting, self.kinds, _suits)
        self.spare_kind = _table(self.spare, self.kinds, _suits)
        self.leaders_kind = _table(self.leaders, self.kinds, _suits)
        self._parents_free = _Columns(self.waiting, _has_time)
        self._spare_free = _Columns(self.spare, _has_time)
        self._leaders_free = _Columns(
            self.leaders,
            lambda row, slot: (
                _has_time(row, slot)
                and not any(slot.overlaps(held) for held in busy.get(row.id, ()))
            ),
        )

    def hours(self) -> Iterator[Worth]:
        """Each venue at hours when it is closed, with the parents that might place."""
        starts = self._starts()
        for venue in self.venues:
            slots = _closed(venue, starts, self._usual_length(venue))
            worth = self._worth(venue, slots, self._led(venue, slots)).max(axis=1, initial=0.0)
            for slot, parents in zip(slots, worth, strict=True):
                if parents > 0:
                    yield float(parents), Idea(HOUR, venue.id, slot)

    def facilitators(self) -> Iterator[Worth]:
        """Somebody for a part of one day, near one venue, in one language that lacks leaders."""
        wanted = self.problem.policy.facilitators
        if not wanted:
            return
        groups = max(1, median_low([row.groups for row in self.problem.facilitators] or [1]))
        for venue in self.venues:
            slots = [slot for slot in venue.slots if room_is_free(venue, slot, self.groups)]
            led = self._led(venue, slots)
            worth = self._worth(venue, slots, led + 1) * (led < wanted)
            for free, numbers in _parts(slots):
                best = worth[numbers].max(axis=0, initial=0.0)
                for (language, _), parents in zip(self.kinds, best, strict=True):
                    if parents > 0:
                        idea = Idea(FACILITATOR, venue.id, free, language, groups)
                        yield float(parents), idea

    def _led(self, venue: Venue, slots: Sequence[Span]) -> Counts:
        """For each slot and kind, the facilitators who are free."""
        near = _table(self.leaders, [venue], in_reach)
        led: Counts = (self._leaders_free.of(slots) * near).T @ self.leaders_kind
        return led

    def _worth(self, venue: Venue, slots: Sequence[Span], led: Counts) -> Counts:
        """For each slot and kind, the parents that one more group there might place."""
        policy, seats = self.problem.policy, most_members(self.problem.policy, venue)
        near = _table(self.waiting, [venue], _could_come)
        come: Counts = (self._parents_free.of(slots) * near).T @ self.parents_kind
        near = _table(self.spare, [venue], _could_come)
        over: Counts = (self._spare_free.of(slots) * near).T @ self.spare_kind
        if seats < policy.size_min:
            return come * 0
        share = np.where(come >= policy.size_min, 1.0, COMING_OVER)
        ready = (come + over >= policy.size_min) & (led >= policy.facilitators)
        worth: Counts = np.minimum(come, seats) * np.where(ready, share, NOT_READY)
        return worth

    def _starts(self) -> list[tuple[int, int]]:
        """Days and minutes at which venues open or those who wait are free, commonest first."""
        seen = Counter((s.day, s.start) for venue in self.problem.venues for s in venue.slots)
        seen.update((span.day, span.start) for row in self.waiting for span in row.available)
        return sorted(seen, key=lambda key: (-seen[key], key))[:STARTS]

    def _usual_length(self, venue: Venue) -> int:
        spans = venue.slots or [slot for row in self.problem.venues for slot in row.slots]
        return median_low([span.end - span.start for span in spans] or [90])


class _Columns:
    """One column for each slot asked for, worked out once: most venues share their hours."""

    def __init__(self, rows: Sequence[Any], answer: Callable[[Any, Span], bool]) -> None:
        self.rows, self.answer = rows, answer
        self._known: dict[Span, Counts] = {}

    def of(self, slots: Sequence[Span]) -> Counts:
        for slot in slots:
            if slot not in self._known:
                self._known[slot] = _table(self.rows, [slot], self.answer)
        return np.hstack([np.zeros((len(self.rows), 0)), *(self._known[slot] for slot in slots)])


def _table(
    rows: Sequence[Any], columns: Sequence[Any], answer: Callable[[Any, Any], bool]
) -> Counts:
    flags = [[answer(row, column) for column in columns] for row in rows]
    return np.array(flags, np.float64).reshape(len(rows), len(columns))


def _waiting(problem: Problem, groups: Iterable[FormedGroup]) -> list[Parent]:
    """Without a group and able to have one, those of high priority first."""
    blocks, most = block_of(problem), problem.policy.size_max
    out = {name for group in groups for name in group.members} | stranded(problem)
    left = [row for row in problem.parents if row.id not in out and len(blocks[row.id]) <= most]
    return sorted(left, key=lambda row: (-row.priority, row.id))[:PEOPLE]


def _spare(problem: Problem, groups: Iterable[FormedGroup]) -> list[Parent]:
    """Members of groups that are larger than they must be, and may be changed."""
    least = problem.policy.size_min
    large = [group for group in groups if len(group.members) > least and not group.locked]
    names = {name for group in large for name in group.members}
    return [row for row in problem.parents if row.id in names][:PEOPLE]


def _busiest(venues: Sequence[Venue], waiting: Sequence[Parent]) -> list[Venue]:
    """The venues that most of those waiting could come to."""
    usable = [venue for venue in venues if venue.rooms]
    count = {venue.id: sum(_could_come(row, venue) for row in waiting) for venue in usable}
    return sorted(usable, key=lambda venue: (-count[venue.id], venue.id))[:PLACES]


def _could_come(parent: Parent, venue: Venue) -> bool:
    return meets_needs(parent, venue) and in_reach(parent, venue)


def _kinds(waiting: Sequence[Parent]) -> list[tuple[str, str]]:
    """Languages with types that those waiting speak and look for."""
    languages = _commonest(row.languages for row in waiting)
    types = [*_commonest(row.interests for row in waiting), ANY_TYPE]
    return [(language, kind) for language in languages for kind in types]


def _commonest(sets: Iterable[Iterable[str]]) -> list[str]:
    seen = Counter(value for values in sets for value in values)
    return sorted(seen, key=lambda key: (-seen[key], key))[:KINDS]


def _has_time(person: Parent | Facilitator, slot: Span) -> bool:
    return is_free(person.available, slot)


def _suits(person: Parent | Facilitator, kind: tuple[str, str]) -> bool:
    return speaks(person, kind[0]) and wants(person, kind[1])


def _closed(venue: Venue, starts: Iterable[tuple[int, int]], length: int) -> list[Span]:
    """Slots of this length at which the venue has none."""
    slots = [Span(day, at, at + length) for day, at in starts if at + length <= MINUTES_IN_DAY]
    return [slot for slot in slots if not any(slot.overlaps(held) for held in venue.slots)]


def _parts(slots: Sequence[Span]) -> list[tuple[Span, list[int]]]:
    """The slots of each morning, afternoon and evening: from when to when, and which they are."""
    parts: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, slot in enumerate(slots):
        parts[slot.day, (slot.start >= NOON) + (slot.start >= EVENING)].append(number)
    return [
        (
            Span(
                day,
                min(slots[number].start for number in numbers),
                max(slots[number].end for number in numbers),
            ),
            numbers,
        )
        for (day, _), numbers in sorted(parts.items())
    ]
