"""Invented cases of any size, people and places spread as in the la-414 case.

The same number of parents and seed give the same case. Every 414 parents are one more town
of five communities with 18 venues and 138 facilitators; towns lie close enough to share
some of them, and all share one video room.

``python -m bench.cases 4000 DIR`` writes a case as files.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, Final, TypeVar

from goround.domain.matching.problem import Facilitator, Parent, Policy, Problem, Span, Venue

TOWN: Final = 414
SPACING_DEGREES: Final = 0.35

# Shares and places as counted in la-414: latitude, longitude, share of the people.
COMMUNITIES: Final = (
    (34.263, -118.423, 0.27),
    (34.224, -118.446, 0.20),
    (34.054, -118.254, 0.25),
    (34.066, -118.288, 0.05),
    (34.065, -118.036, 0.23),
)
SCATTER_DEGREES: Final = 0.016
LANGUAGES: Final = (
    (("en",), 156),
    (("es", "en"), 98),
    (("es",), 97),
    (("zh",), 18),
    (("hy", "en"), 14),
    (("hy",), 11),
    (("zh", "en"), 9),
    (("ar",), 6),
    (("ar", "en"), 5),
)
INTERESTS: Final = (
    (("self-care",), 86),
    (("special-needs",), 67),
    (("new-baby",), 66),
    (("self-care", "special-needs"), 33),
    ((), 30),
    (("new-baby", "special-needs"), 23),
    (("new-baby", "self-care"), 19),
    (("foster",), 13),
    (("men",), 13),
    (("men", "self-care"), 11),
    (("men", "special-needs"), 9),
    (("special-needs", "teen"), 8),
    (("men", "new-baby"), 7),
    (("foster", "self-care"), 7),
    (("self-care", "teen"), 6),
    (("foster", "special-needs"), 5),
    (("teen",), 4),
)
MODES: Final = (((), 220), (("in-person",), 152), (("online",), 42))
MAX_KM: Final = ((15.0, 170), (5.0, 88), (8.0, 80), (25.0, 76))
NEEDS: Final = (
    ((), 277),
    (("childcare",), 118),
    (("step-free",), 10),
    (("step-free", "childcare"), 9),
)
TAGS: Final = (
    ((), 259),
    (("single-parent",), 90),
    (("recent-diagnosis",), 38),
    (("grandparent",), 27),
)
WISHES: Final = (
    ((), 325),
    (("single-parent",), 50),
    (("recent-diagnosis",), 22),
    (("grandparent",), 17),
)
AGES: Final = (0, 0.5, 1, 1.5, 2, 2, 3, 4, 5, 6, 7, 8, 8, 9, 10, 11, 12, 13, 14)
CHILDREN: Final = ((1, 252), (2, 110), (3, 27), (0, 25))
PARTS: Final = (("09:00-12:00", 0.3), ("13:00-16:00", 0.32), ("17:30-20:30", 0.32))
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS: Final = ("09:30-11:30", "13:30-15:00", "18:00-20:00")
ROOM_HOURS: Final = (
    *(f"{day} {hour}" for day in DAYS[:5] for hour in ("12:30-13:30", "19:00-20:00")),
    "sat 10:00-11:30",
)
CAPACITY: Final = ((None, 7), (8, 6), (10, 4), (12, 2))
FEATURES: Final = ((("step-free", "childcare"), 8), (("childcare",), 6), (("step-free",), 5))
LEADER_LANGUAGES: Final = (
    (("es", "en"), 66),
    (("en",), 40),
    (("es",), 17),
    (("zh", "en"), 5),
    (("zh",), 3),
    (("hy",), 3),
    (("ar", "en"), 2),
    (("hy", "en"), 2),
)
LEADER_GROUPS: Final = ((1, 71), (2, 34), (3, 33))
LEADER_KM: Final = ((20.0, 52), (40.0, 44), (30.0, 42))

Value = TypeVar("Value")


def case(parents: int, *, seed: int = 414, facilitators: bool = True) -> Problem:
    """A problem with so many parents, by the policy of four to six and two facilitators."""
    random = Random(f"{seed}/{parents}")
    towns = math.ceil(parents / TOWN)
    people = tuple(_parent(random, number, number % towns, towns) for number in range(parents))
    people = _with_bonds(random, people)
    venues = tuple(_venue(random, number, number % towns, towns) for number in range(18 * towns))
    room = Venue(
        "online",
        "Video room",
        "online",
        slots=tuple(map(Span.parse, ROOM_HOURS)),
        rooms=6 * towns,
        features=frozenset({"step-free"}),
    )
    count = max(2, parents * 138 // TOWN) if facilitators else 0
    leaders = tuple(_leader(random, number, number % towns, towns) for number in range(count))
    return Problem(people, (*venues, room), leaders, Policy(facilitators=2 if facilitators else 0))


def _pick(random: Random, shares: Sequence[tuple[Value, int]]) -> Value:
    return random.choices([value for value, _ in shares], [share for _, share in shares])[0]


def _place(random: Random, town: int, towns: int) -> tuple[float, float]:
    """A spot in one of the town's communities; towns lie in a square."""
    side = math.ceil(math.sqrt(towns))
    lat, lon, _ = random.choices(COMMUNITIES, [share for *_, share in COMMUNITIES])[0]
    north, east = (SPACING_DEGREES * part for part in (town // side, town % side))
    return (
        round(min(80.0, lat + north + random.gauss(0, SCATTER_DEGREES)), 3),
        round(lon + east + random.gauss(0, SCATTER_DEGREES), 3),
    )


def _free(random: Random, least: int, busyness: float) -> tuple[Span, ...]:
    parts = [f"{day} {part}" for day in DAYS for part, _ in PARTS]
    weights = [share for _ in DAYS for _, share in PARTS]
    free = [
        part
        for part, share in zip(parts, weights, strict=True)
        if random.random() < share * busyness
    ]
    while len(free) < least:
        free.append(random.choice(parts))
    return tuple(map(Span.parse, sorted(set(free))))


def _parent(random: Random, number: int, town: int, towns: int) -> Parent:
    lat, lon = _place(random, town, towns)
    return Parent(
        id=f"p{number:06d}",
        lat=lat,
        lon=lon,
        children=tuple(sorted(random.sample(AGES, _pick(random, CHILDREN)))),
        languages=frozenset(_pick(random, LANGUAGES)),
        available=_free(random, 2, 1.0),
        interests=frozenset(_pick(random, INTERESTS)),
        modes=frozenset(_pick(random, MODES)),
        max_km=_pick(random, MAX_KM),
        needs=frozenset(_pick(random, NEEDS)),
        tags=frozenset(_pick(random, TAGS)),
        wishes=frozenset(_pick(random, WISHES)),
        priority=3 if random.random() < 19 / TOWN else 1,
    )


def _with_bonds(random: Random, people: tuple[Parent, ...]) -> tuple[Parent, ...]:
    """Two in a hundred want to be with a neighbour, about as many must be kept apart from one."""
    rows = list(people)
    for count, field in ((8, "together"), (6, "apart")):
        for _ in range(len(rows) * count // TOWN):
            one, two = random.sample(range(len(rows)), 2)
            near = min(
                random.sample(range(len(rows)), min(50, len(rows))),
                key=lambda other: (
                    other == one,
                    abs(rows[other].lat - rows[one].lat) + abs(rows[other].lon - rows[one].lon),
                ),
            )
            two = near if near != one else two
            if not (rows[one].together or rows[two].together or rows[two].apart):
                rows[one] = replace(rows[one], **{field: frozenset({rows[two].id})})
    return tuple(rows)


def _venue(random: Random, number: int, town: int, towns: int) -> Venue:
    lat, lon = _place(random, town, towns)
    hours = [f"{day} {hour}" for day in DAYS for hour in HOURS]
    slots = random.sample(hours, random.choice((2, 3, 4, 4, 4, 5, 5, 5, 6, 6, 7, 7, 8, 9)))
    return Venue(
        id=f"v{number:05d}",
        name=f"Venue {number}",
        lat=lat,
        lon=lon,
        slots=tuple(sorted(map(Span.parse, slots))),
        rooms=random.choice((1, 2)),
        capacity=_pick(random, CAPACITY),
        features=frozenset(_pick(random, FEATURES)),
    )


def _leader(random: Random, number: int, town: int, towns: int) -> Facilitator:
    lat, lon = _place(random, town, towns)
    types = sorted({kind for kinds, _ in INTERESTS for kind in kinds})
    wide = random.random() < 0.49
    return Facilitator(
        id=f"f{number:05d}",
        languages=frozenset(_pick(random, LEADER_LANGUAGES)),
        available=_free(random, 3, 1.3),
        lat=lat,
        lon=lon,
        max_km=_pick(random, LEADER_KM),
        interests=frozenset() if wide else frozenset(random.sample(types, random.choice((2, 3)))),
        groups=_pick(random, LEADER_GROUPS),
    )


def write(problem: Problem, folder: Path) -> None:
    """The problem as parents.csv, venues.csv and facilitators.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    tables: tuple[tuple[str, Sequence[Any]], ...] = (
        ("parents", problem.parents),
        ("venues", problem.venues),
        ("facilitators", problem.facilitators),
    )
    for name, rows in tables:
        if rows:
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                table = csv.writer(file, lineterminator="\n")
                columns = rows[0].__slots__
                table.writerow(columns)
                table.writerows([_cell(getattr(row, column)) for column in columns] for row in rows)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, frozenset | tuple):
        found: Iterable[str] = map(str, value)
        return ";".join(sorted(found) if isinstance(value, frozenset) else found)
    return str(value)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("parents", type=int)
    options.add_argument("folder", type=Path)
    asked = options.parse_args()
    write(case(asked.parents), asked.folder)
