"""Small invented cases of all kinds, small enough that their best answer can be proved.

The same number of parents and seed give the same case. Few hours, few languages and scarce
rooms, so that parents often fit together and often just do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from goround.domain.matching.problem import Facilitator, Parent, Policy, Problem, Span, Venue

DAYS: Final = ("mon", "tue", "wed", "thu", "sat")
FREE: Final = ("09:00-12:00", "13:00-16:00", "17:00-21:00", "17:30-19:30")
# Some overlap, some only touch.
HOURS: Final = ("09:30-11:30", "13:30-15:00", "17:30-19:00", "18:00-20:00", "19:00-20:30")
LANGUAGES: Final = ("en", "es", "zh", "hy")
TYPES: Final = ("self-care", "new-baby", "men", "teen")
TAGS: Final = ("single-parent", "recent-diagnosis", "grandparent")
FEATURES: Final = ("step-free", "childcare")
AGES: Final = (0, 0.5, 1, 2, 3, 5, 8, 8, 12, 15)
SIZES: Final = ((4, 6), (4, 6), (4, 6), (3, 5), (2, 4), (3, 3), (1, 3))
WEIGHTS: Final = ({}, {}, {}, {"window_weight": 0.0}, {"km_weight": 3.0, "wish_weight": 10.0})
CENTRE: Final = (34.05, -118.25)


@dataclass(frozen=True, slots=True)
class _Town:
    """What this case is like; every case is another town."""

    random: Random
    languages: int
    types: int
    days: int
    spread: float
    online: bool
    leisure: int


def small_case(parents: int, *, seed: int) -> Problem:
    """A case of so many parents; every second seed has facilitators."""
    random = Random(f"small/{seed}/{parents}")
    town = _Town(
        random,
        languages=random.choice((1, 2, 2, 3, 4)),
        types=random.choice((0, 0, 2, 3, 4)),
        days=random.choice((1, 2, 3, 4)),
        spread=random.choice((0.01, 0.04, 0.1)),
        online=random.random() < 0.3,
        leisure=random.choice((0, 2, 4)),
    )
    people = tuple(_parent(town, number) for number in range(parents))
    bonds = random.choice((0.0, 0.1, 0.3))
    people = _bound(random, people, "together", round(bonds * parents / 2))
    people = _bound(random, people, "apart", round(random.choice((0.0, 0.1, 0.5)) * parents / 2))
    venues = tuple(_venue(town, number) for number in range(max(1, parents // 8)))
    if town.online:
        venues = (*venues, _room(town))
    led = random.choice((1, 1, 2)) if seed % 2 else 0
    count = max(led, parents // random.choice((3, 4, 6))) if led else 0
    low, high = random.choice(SIZES)
    policy = Policy(low, high, led, **random.choice(WEIGHTS))
    return Problem(people, venues, tuple(_leader(town, number) for number in range(count)), policy)


def _some(random: Random, values: Sequence[str], chance: float) -> frozenset[str]:
    return frozenset(value for value in values if random.random() < chance)


def _at_least_one(random: Random, values: Sequence[str], chance: float) -> frozenset[str]:
    return _some(random, values, chance) or frozenset({random.choice(values)})


def _spans(town: _Town, texts: Sequence[str], count: int) -> tuple[Span, ...]:
    every = [f"{day} {text}" for day in DAYS[: town.days] for text in texts]
    return tuple(sorted(map(Span.parse, town.random.sample(every, min(count, len(every))))))


def _place(town: _Town) -> tuple[float, float]:
    north, east = (town.random.gauss(0, town.spread) for _ in range(2))
    return round(CENTRE[0] + north, 4), round(CENTRE[1] + east, 4)


def _parent(town: _Town, number: int) -> Parent:
    random = town.random
    lat, lon = _place(town)
    return Parent(
        id=f"p{number:02d}",
        lat=lat,
        lon=lon,
        children=tuple(sorted(random.sample(AGES, random.choice((0, 1, 1, 1, 2, 2, 3))))),
        languages=_at_least_one(random, LANGUAGES[: town.languages], 0.5),
        available=_spans(town, FREE, town.leisure + random.choice((1, 2, 3, 4))),
        interests=_some(random, TYPES[: town.types], 0.45),
        modes=random.choice(
            (frozenset(), frozenset(), frozenset({"in-person"}), frozenset({"online"}))
            if town.online
            else (frozenset(), frozenset({"in-person"}))
        ),
        max_km=random.choice((4.0, 8.0, 15.0, 15.0, 30.0)),
        needs=_some(random, FEATURES, 0.08),
        tags=_some(random, TAGS, 0.25),
        wishes=_some(random, TAGS, 0.15),
        priority=random.choice((1, 1, 1, 1, 1, 3)),
    )


def _bound(
    random: Random, people: tuple[Parent, ...], field: str, count: int
) -> tuple[Parent, ...]:
    """So many pairs who must be together, or must not; nobody is in both kinds."""
    rows = list(people)
    for _ in range(count if len(rows) > 1 else 0):
        one, two = random.sample(range(len(rows)), 2)
        if field == "together" or not (rows[one].together or rows[two].together):
            other = getattr(rows[one], field) | {rows[two].id}
            rows[one] = replace(rows[one], **{field: other})
    return tuple(rows)


def _venue(town: _Town, number: int) -> Venue:
    random = town.random
    lat, lon = _place(town)
    return Venue(
        id=f"v{number}",
        name=f"Venue {number}",
        lat=lat,
        lon=lon,
        slots=_spans(town, HOURS, random.choice((2, 3, 4, 5))),
        rooms=random.choice((1, 1, 1, 2)),
        capacity=random.choice((None, None, 5, 6, 8)),
        features=_some(random, FEATURES, 0.8),
    )


def _room(town: _Town) -> Venue:
    slots = _spans(town, HOURS, town.random.choice((2, 3)))
    return Venue("online", "Video room", "online", slots=slots, rooms=2)


def _leader(town: _Town, number: int) -> Facilitator:
    random = town.random
    lat, lon = _place(town)
    return Facilitator(
        id=f"f{number:02d}",
        languages=_at_least_one(random, LANGUAGES[: town.languages], 0.5),
        available=_spans(town, FREE, random.choice((2, 4, 6))),
        lat=lat,
        lon=lon,
        max_km=random.choice((10.0, 30.0)),
        interests=_some(random, TYPES[: town.types], 0.4),
        groups=random.choice((0, 1, 1, 2, 3)),
    )
