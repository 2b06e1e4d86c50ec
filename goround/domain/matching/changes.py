"""The cheapest change of the world, of a few kinds, that would place a parent.

What a change is reckoned to take: 1 for each further parent, 2 for each facilitator, 3 for
a room, 2 for coming at another hour, 1 and a fifth for each kilometre further. What is enough
by itself is proposed before what takes several kinds of things.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from goround.domain.matching.answer import Change, FormedGroup
from goround.domain.matching.eligible import Ints
from goround.domain.matching.fits import in_reach, is_free, km_to, meets_needs
from goround.domain.matching.problem import ANY_TYPE, Parent, Span, Venue
from goround.domain.matching.situation import Situation

_EACH: Final = {"parents": 1.0, "facilitators": 2.0, "room": 3.0}
SEVERAL: Final = 1000.0
GROUPS_LOOKED_AT: Final = 40
ANOTHER_HOUR: Final = 2.0
EACH_KM: Final = 0.2
NOTHING: Final = Change("none")


@dataclass(frozen=True, slots=True)
class Asked:
    """A parent without a group. Venues are only gathered when no hour suits."""

    parent: Parent
    hours: Ints
    reach: Sequence[Venue]
    fitting: Sequence[Venue]


def cheapest_change(now: Situation, asked: Asked, reason: str) -> Change:
    if reason == "no-venue-in-reach":
        return _farther(now, asked.parent)
    if reason == "no-venue-meets-needs":
        return _features(asked)
    if reason == "no-shared-hour":
        return _hour(asked)
    if reason == "partner-cannot":
        return _partners(now, asked.parent)
    if reason == "kept-apart":
        return _apart(now, asked.parent)
    found = [*_new_group(now, asked), *_open_group(now, asked.parent)]
    return min(found, key=lambda pair: (pair[0], str(pair[1])), default=(0.0, NOTHING))[1]


def _farther(now: Situation, parent: Parent) -> Change:
    """The venue that takes the fewest kilometres more, one that else suits if there is one."""
    venues = [venue for venue in now.layout.problem.venues if not venue.is_online]
    suiting = [venue for venue in venues if meets_needs(parent, venue) and _open(parent, venue)]
    if not suiting:
        return NOTHING
    nearest = min(suiting, key=lambda venue: (km_to(parent, venue), venue.id))
    return Change("farther", venue=nearest.id, km=km_to(parent, nearest) - parent.max_km)


def _open(parent: Parent, venue: Venue) -> bool:
    return any(is_free(parent.available, slot) for slot in venue.slots)


def _features(asked: Asked) -> Change:
    """The venue in reach that lacks least, one with a fitting hour if there is one."""
    parent = asked.parent

    def lacks(venue: Venue) -> tuple[bool, bool, int, float, str]:
        other_mode = bool(parent.modes) and venue.mode not in parent.modes
        missing = len(parent.needs - venue.features)
        return not _open(parent, venue), other_mode, missing, km_to(parent, venue), venue.id

    best = min(asked.reach, key=lacks)
    if parent.modes and best.mode not in parent.modes:
        return Change("mode", venue=best.id, wanted=(best.mode,))
    return Change("features", venue=best.id, wanted=tuple(sorted(parent.needs - best.features)))


def _hour(asked: Asked) -> Change:
    """The nearest fitting venue, opened for as long as it mostly is when the parent is free."""
    for venue in sorted(asked.fitting, key=lambda row: (km_to(asked.parent, row), row.id)):
        lengths = sorted(slot.end - slot.start for slot in venue.slots)
        length = lengths[len(lengths) // 2] if lengths else 60
        for span in asked.parent.available:
            if span.end - span.start >= length:
                slot = Span(span.day, span.start, span.start + length)
                return Change("hour", venue=venue.id, slot=slot)
    return NOTHING


def _partners(now: Situation, parent: Parent) -> Change:
    """Who of those to be placed together cannot, or is not in the problem at all."""
    block = now.block[parent.id]
    parents = now.layout.problem.parents
    unknown = {
        other
        for name in block
        for other in parents[now.number[name]].together
        if other not in now.number
    }
    idle = {name for name in block if not len(now.layout.attend.of(now.number[name]))}
    people = unknown or (idle - {parent.id}) or (set(block) - {parent.id})
    return Change("partners", people=tuple(sorted(people)))


def _apart(now: Situation, parent: Parent) -> Change:
    return Change("apart", people=tuple(sorted(now.apart.get(parent.id, ()))))


def _new_group(now: Situation, asked: Asked) -> Iterator[tuple[float, Change]]:
    """For a new group at one of the parent's hours: what one kind of thing alone would do.

    Only if nothing alone would do, the least of several kinds together.
    """
    policy, parent, hours = now.layout.problem.policy, asked.parent, _shared(now, asked)
    if not len(hours):
        return
    own = int(parent.id in now.impossible)
    parents = np.maximum(0, policy.size_min - own - now.seats(now.waiting, parent, hours))
    leaders = np.maximum(0, policy.facilitators - now.seats(now.free, parent, hours))
    rooms = np.zeros_like(parents) + ~now.has_room[hours][:, None, None]
    lacks = {"parents": parents, "facilitators": leaders, "room": rooms}
    effort = parents * _EACH["parents"] + leaders * _EACH["facilitators"] + rooms * _EACH["room"]
    kinds = (parents > 0).astype(np.int64) + (leaders > 0) + (rooms > 0)
    best = np.where(kinds == 1, effort, np.where(kinds == 0, np.inf, effort + SEVERAL))
    place = np.unravel_index(int(best.argmin()), best.shape)
    if not np.isfinite(best[place]):
        return
    change = _at(now, parent, hours, place)
    if kinds[place] == 1:
        (kind,) = (kind for kind, lack in lacks.items() if lack[place])
        yield float(effort[place]), replace(change, kind=kind, count=int(lacks[kind][place]))
    else:
        count, led = int(parents[place]), int(leaders[place])
        yield float(best[place]), replace(change, count=count, leaders=led)


def _shared(now: Situation, asked: Asked) -> Ints:
    """Hours that suit all who must be placed with the parent, and are not barred by apart."""
    hours = asked.hours
    for name in now.block[asked.parent.id]:
        hours = np.intersect1d(hours, now.layout.attend.of(now.number[name]))
    away = now.apart.get(asked.parent.id, frozenset())
    if not away:
        return hours
    days = {(g.venue, g.slot.day) for g in now.groups if away.intersection(g.members)}
    every, venues = now.layout.hours, now.layout.problem.venues
    kept = [
        hour
        for hour in hours.tolist()
        if (venues[every.venue[hour]].id, every.span(hour).day) not in days
    ]
    return np.array(kept, np.int64)


def _at(now: Situation, parent: Parent, hours: Ints, place: Sequence[np.intp]) -> Change:
    rows, columns = now.masks(parent)
    hour, types = int(hours[place[0]]), (*now.layout.types.values, ANY_TYPE)
    return Change(
        "several",
        venue=now.layout.problem.venues[now.layout.hours.venue[hour]].id,
        slot=now.layout.hours.span(hour),
        language=now.layout.languages.values[rows[place[1]]],
        type=types[columns[place[2]]],
    )


def _open_group(now: Situation, parent: Parent) -> Iterator[tuple[float, Change]]:
    """For a group with an open place, where only the hour or the distance is in the way.

    Looks at the nearest ``GROUPS_LOOKED_AT`` groups of the parent's languages and types.
    """
    if len(now.block[parent.id]) > 1 or now.apart.get(parent.id):
        return
    for group, venue in now.open_groups.near(parent, GROUPS_LOOKED_AT):
        if not meets_needs(parent, venue):
            continue
        free, near = is_free(parent.available, group.slot), in_reach(parent, venue)
        if near and not free:
            yield ANOTHER_HOUR, _joining("join", group, None)
        if free and not near:
            more = km_to(parent, venue) - parent.max_km
            yield 1 + EACH_KM * more, _joining("farther", group, more)


def _joining(kind: str, group: FormedGroup, km: float | None) -> Change:
    return Change(kind, venue=group.venue, slot=group.slot, group=group.id, km=km)
