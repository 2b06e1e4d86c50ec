"""The plan of January to July 2015: how many groups of what kind, and who took part.

The figures are those First 5 LA reported of the Parent Support Circles (23 March 2016): 414
parents of whom 62 men, over 60 groups, 80 trained, referrals mostly from community
organisations, then hospitals, then Best Start partnerships. What lies between is invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from goround.domain.calendar import Recurrence, Rhythm

# The last meetings are before the end of July, so that a moved one still is in it.
FIRST_DAY, LAST_DAY = date(2015, 1, 1), date(2015, 7, 30)
HOLIDAYS = frozenset(
    {date(2015, 1, 19), date(2015, 2, 16), date(2015, 3, 31), date(2015, 5, 25), date(2015, 7, 4)}
)
PARENTS, MEN, TRAINED = 414, 62, 80
TYPES = {
    "self-care": 23,
    "special-needs": 19,
    "new-baby": 11,
    "men": 4,
    "teen": 4,
    "foster": 3,
}
GROUPS = sum(TYPES.values())
SOURCES = {
    "community-organisations": 231,
    "hospitals": 104,
    "best-start": 57,
    "self": 15,
    "": 7,
}
NAMES = {
    "self-care": "Self-care",
    "special-needs": "Special needs",
    "new-baby": "New baby",
    "men": "Fathers",
    "teen": "Young parents",
    "foster": "Foster parents",
}
# Placed, told, and never came.
NO_SHOWS = 27
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_HOURS = {"morning": time(9, 30), "afternoon": time(13, 30), "evening": time(18, 0)}


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """One group of 2015: ``came`` parents took part, ``no_shows`` were placed and never came."""

    host: int
    type: str
    name: str
    hour: str
    came: int
    no_shows: int
    series: Recurrence


def group_plans(rng: Random, hosts: int, zone: str) -> list[GroupPlan]:
    """All groups, dealt to the hosts in turn. No host has two at the same hour of the week."""
    kinds = [kind for kind, number in TYPES.items() for _ in range(number)]
    rng.shuffle(kinds)
    came = _sizes(rng, kinds)
    absent = [rng.randrange(len(kinds)) for _ in range(NO_SHOWS)]
    hours = {host: _hours(rng) for host in range(hosts)}
    plans = []
    for number, kind in enumerate(kinds):
        weekday, part = hours[number % hosts].pop()
        plans.append(
            GroupPlan(
                host=number % hosts,
                type=kind,
                name=f"{NAMES[kind]}, {_DAYS[weekday]} {part}",
                hour=part,
                came=came[number],
                no_shows=absent.count(number),
                series=_series(rng, weekday, _HOURS[part], zone),
            )
        )
    return plans


def shuffled(rng: Random, numbers: dict[str, int]) -> list[str]:
    """Each key as often as its number says, in no order."""
    keys = [key for key, number in numbers.items() for _ in range(number)]
    rng.shuffle(keys)
    return keys


def genders(rng: Random, plans: Sequence[GroupPlan]) -> list[list[str]]:
    """Women and men for each group: fathers' groups are men, and so are some elsewhere."""
    fathers = sum(plan.came for plan in plans if plan.type == "men")
    others = sum(plan.came for plan in plans) - fathers
    rest = shuffled(rng, {"male": MEN - fathers, "female": others - (MEN - fathers)})
    return [
        ["male"] * plan.came if plan.type == "men" else [rest.pop() for _ in range(plan.came)]
        for plan in plans
    ]


def _sizes(rng: Random, kinds: Sequence[str]) -> list[int]:
    """How many took part in each group: 4 to 10, together exactly as many as reported."""
    sizes = [6 if kind == "men" else rng.randint(5, 8) for kind in kinds]
    free = [number for number, kind in enumerate(kinds) if kind != "men"]
    while sum(sizes) != PARENTS:
        number, step = rng.choice(free), 1 if sum(sizes) < PARENTS else -1
        if 4 <= sizes[number] + step <= 10:
            sizes[number] += step
    return sizes


def _hours(rng: Random) -> list[tuple[int, str]]:
    every = [(day, part) for day in range(5) for part in _HOURS] + [(5, "morning")]
    rng.shuffle(every)
    return every


def _series(rng: Random, weekday: int, at: time, zone: str) -> Recurrence:
    """Weekly or every two weeks, begun by spring and over by the end of July."""
    rhythm = rng.choice([Rhythm.WEEKLY, Rhythm.WEEKLY, Rhythm.EVERY_TWO_WEEKS])
    start = FIRST_DAY + timedelta(days=rng.randint(4, 100))
    start += timedelta(days=(weekday - start.weekday()) % 7)
    weeks = (LAST_DAY - start).days // 7
    sessions = weeks + 1 if rhythm is Rhythm.WEEKLY else weeks // 2 + 1
    return Recurrence(
        rhythm=rhythm,
        first=datetime.combine(start, at),
        timezone=zone,
        minutes=rng.choice([60, 90, 90, 120]),
        count=min(sessions, rng.randint(10, 16)),
    )
