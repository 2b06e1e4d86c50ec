"""Everybody's possible hours, as arrays: who alone could be where and when, and how far.

An *hour* is one slot of one venue. Hours are numbered venue by venue, so a venue's hours
lie side by side. Memory is bounded: at most ``MOST_HOURS`` per person, the nearest ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from goround.domain.matching.fits import EARTH_RADIUS_KM, in_reach
from goround.domain.matching.problem import Facilitator, Parent, Span, Venue

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST_HOURS: Final = 600
_CHUNK: Final = 1024
_AT_ONCE: Final = 8_000_000
_CLASSES: Final = 32
_KM_PER_DEGREE: Final = 110.0
TIE_KM: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Hours:
    """Every venue's slots; ``slot`` numbers the distinct spans in ``spans``."""

    venue: Ints
    slot: Ints
    first: Ints
    spans: tuple[Span, ...]

    def __len__(self) -> int:
        return len(self.venue)

    def span(self, hour: int) -> Span:
        return self.spans[int(self.slot[hour])]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Possible hours person by person: those of person i are ``hour[first[i]:first[i + 1]]``.

    Sorted by hour. ``capped`` is true when somebody had more than ``MOST_HOURS``.
    """

    first: Ints
    hour: NDArray[np.int32]
    km: NDArray[np.float32]
    capped: bool = False

    def of(self, person: int) -> NDArray[np.int32]:
        return self.hour[self.first[person] : self.first[person + 1]]

    def km_of(self, person: int) -> NDArray[np.float32]:
        return self.km[self.first[person] : self.first[person + 1]]


def hours_of(venues: Sequence[Venue]) -> Hours:
    spans = tuple(sorted({slot for venue in venues for slot in venue.slots}))
    number = {span: place for place, span in enumerate(spans)}
    owner = [place for place, venue in enumerate(venues) for _ in dict.fromkeys(venue.slots)]
    slots = [number[slot] for venue in venues for slot in dict.fromkeys(venue.slots)]
    first = np.zeros(len(venues) + 1, np.int64)
    np.cumsum([len(set(venue.slots)) for venue in venues], out=first[1:])
    return Hours(np.array(owner, np.int64), np.array(slots, np.int64), first, spans)


def attending(parents: Sequence[Parent], venues: Sequence[Venue], hours: Hours) -> Pairs:
    """The hours each parent alone could attend: reach, mode, needs and free time."""
    wants = [(parent.modes, parent.needs) for parent in parents]
    offers = [(venue.mode, venue.features) for venue in venues]
    kinds, shown = list(dict.fromkeys(wants)), list(dict.fromkeys(offers))
    fits = np.zeros((len(kinds), len(shown)), np.bool_)
    for row, (modes, needs) in enumerate(kinds):
        for column, (mode, features) in enumerate(shown):
            fits[row, column] = (not modes or mode in modes) and needs <= features
    kind = {value: place for place, value in enumerate(kinds)}
    offer = {value: place for place, value in enumerate(shown)}
    mine = np.array([kind[value] for value in wants], np.int64)
    theirs = np.array([offer[value] for value in offers], np.int64)
    return _pairs(parents, venues, hours, _Fit(fits, mine, theirs))


def leading(facilitators: Sequence[Facilitator], venues: Sequence[Venue], hours: Hours) -> Pairs:
    """The hours each facilitator alone could lead: reach and free time."""
    fit = _Fit(
        np.ones((1, 1), np.bool_),
        np.zeros(len(facilitators), np.int64),
        np.zeros(len(venues), np.int64),
    )
    return _pairs(facilitators, venues, hours, fit)


@dataclass(frozen=True, slots=True)
class _Fit:
    """Which kind of person suits which kind of venue."""

    table: Flags
    person: Ints
    venue: Ints


@dataclass(frozen=True, slots=True)
class Places:
    """Where venues are."""

    lat: Floats
    lon: Floats
    online: Flags

    @classmethod
    def of(cls, venues: Sequence[Venue]) -> Places:
        return cls(
            np.array([venue.lat or 0.0 for venue in venues], float),
            np.array([venue.lon or 0.0 for venue in venues], float),
            np.array([venue.is_online for venue in venues], np.bool_),
        )


def _pairs(
    people: Sequence[Parent] | Sequence[Facilitator],
    venues: Sequence[Venue],
    hours: Hours,
    fit: _Fit,
) -> Pairs:
    count = len(people)
    lat, lon = (np.array([getattr(row, axis) for row in people], float) for axis in ("lat", "lon"))
    reach = np.array([row.max_km for row in people], float)
    places = Places.of(venues)
    order = np.lexsort((lon, np.round(lat, 1)))
    found: list[tuple[Ints, Ints, Floats]] = []
    capped = False
    chunk = max(16, min(_CHUNK, _AT_ONCE // max(1, len(hours))))
    for begin in range(0, count, chunk):
        some = order[begin : begin + chunk]
        near = _venues_near(lat[some], lon[some], reach[some], places)
        km = distances(lat[some], lon[some], places, near)
        who, where = np.nonzero(
            _reached(people, venues, some, near, km)
            & fit.table[fit.person[some]][:, fit.venue[near]]
        )
        free = _free(people, some, hours.spans)
        who, hour, far = _expand(who, near[where], km[who, where], hours, free)
        who, hour, far, cut = _nearest(who, hour, far, turn=_turns(some, hours))
        capped |= cut
        found.append((some[who], hour, far))
    return _gather(found, count, capped)


def _venues_near(lat: Floats, lon: Floats, reach: Floats, places: Places) -> Ints:
    """Video rooms, and venues in a box that holds everywhere these people can reach."""
    margin = reach.max() / _KM_PER_DEGREE + 0.01
    box = (places.lat >= lat.min() - margin) & (places.lat <= lat.max() + margin)
    widest = min(89.0, max(abs(lat.min()), abs(lat.max())) + margin)
    across = margin / np.cos(np.radians(widest))
    west, east = lon.min() - across, lon.max() + across
    if west > -180 and east < 180:
        box &= (places.lon >= west) & (places.lon <= east)
    return np.flatnonzero(box | places.online)


def distances(lat: Floats, lon: Floats, places: Places, near: Ints) -> Floats:
    """Kilometres from each home to each of these places; 0 to a video room."""
    one, two = np.radians(lat)[:, None], np.radians(places.lat[near])[None, :]
    south = two - one
    east = np.radians(places.lon[near][None, :] - lon[:, None])
    half = np.sin(south / 2) ** 2 + np.cos(one) * np.cos(two) * np.sin(east / 2) ** 2
    km: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(half)))
    km[:, places.online[near]] = 0.0
    return km


def _reached(
    people: Sequence[Any], venues: Sequence[Venue], some: Ints, near: Ints, km: Floats
) -> Flags:
    """Within reach; a tie is decided by the plain formula, as the rules do."""
    most = np.array([people[place].max_km for place in some], float)[:, None]
    reached: Flags = km <= most
    for row, column in zip(*np.nonzero(np.abs(km - most) < TIE_KM), strict=True):
        reached[row, column] = in_reach(people[some[row]], venues[near[column]])
    return reached


def _free(people: Sequence[Any], some: Ints, spans: Sequence[Span]) -> Flags:
    """Whether each person is free for the whole of each distinct slot."""
    owner = [row for row, place in enumerate(some) for _ in people[place].available]
    held = [span for place in some for span in people[place].available]
    day, start, end = (
        np.array([getattr(span, part) for span in held], np.int64) for part in Span.__slots__
    )
    owners = np.array(owner, np.int64)
    free = np.zeros((len(some), len(spans)), np.bool_)
    for column, slot in enumerate(spans):
        covers = (day == slot.day) & (start <= slot.start) & (end >= slot.end)
        free[owners[covers], column] = True
    return free


def _expand(
    who: Ints, venue: Ints, km: Floats, hours: Hours, free: Flags
) -> tuple[Ints, Ints, Floats]:
    """From (person, venue) to (person, hour), where the person is free."""
    counts = hours.first[venue + 1] - hours.first[venue]
    ends = np.cumsum(counts)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    hour = np.repeat(hours.first[venue], counts) + within
    who, km = np.repeat(who, counts), np.repeat(km, counts)
    keep = free[who, hours.slot[hour]]
    return who[keep], hour[keep], km[keep]


def _turns(some: Ints, hours: Hours) -> Ints:
    """Where each person begins to count hours, so that not all keep the same of equal ones."""
    return some % _CLASSES * (len(hours) // _CLASSES)


def _nearest(who: Ints, hour: Ints, km: Floats, turn: Ints) -> tuple[Ints, Ints, Floats, bool]:
    """At most ``MOST_HOURS`` for each, sorted by person and hour."""
    order = np.lexsort((hour, who))
    who, hour, km = who[order], hour[order], km[order]
    counts = np.bincount(who) if len(who) else np.zeros(0, np.int64)
    if not len(who) or counts.max() <= MOST_HOURS:
        return who, hour, km, False
    later = hour < turn[who]
    by_km = np.lexsort((hour, later, km, who))
    start = np.repeat(np.cumsum(counts) - counts, counts)
    keep = np.sort(by_km[np.arange(len(who)) - start < MOST_HOURS])
    return who[keep], hour[keep], km[keep], True


def _gather(found: list[tuple[Ints, Ints, Floats]], count: int, capped: bool) -> Pairs:
    """Chunks into one table in the order of the people."""
    first = np.zeros(count + 1, np.int64)
    for who, _, _ in found:
        first[1:] += np.bincount(who, minlength=count)
    np.cumsum(first, out=first)
    hours = np.empty(first[-1], np.int32)
    kms = np.empty(first[-1], np.float32)
    for who, hour, km in found:
        counts = np.bincount(who, minlength=count)
        began = np.flatnonzero(np.r_[True, who[1:] != who[:-1]]) if len(who) else who
        within = np.arange(len(who)) - np.repeat(began, counts[who[began]])
        place = first[who] + within
        hours[place], kms[place] = hour, km
    return Pairs(first, hours, kms, capped)
