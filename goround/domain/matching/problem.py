"""What is known before groups are formed: who waits, where and when people could meet.

Everything here holds ids and never names of people. See ``docs/formation.md``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
IN_PERSON: Final = "in-person"
ONLINE: Final = "online"
MODES: Final = (IN_PERSON, ONLINE)
ANY_TYPE: Final = "any"
MINUTES_IN_DAY: Final = 24 * 60
MOST_WEIGHT: Final = 1_000_000

_SPAN = re.compile(r"([a-z]{3})\s+(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})", re.ASCII)


class SpanError(ValueError):
    """Text that is not a weekday with a start and a later end."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Part of one weekday; ``day`` 0 is Monday, ``start`` and ``end`` are minutes."""

    day: int
    start: int
    end: int

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read ``mon 18:00-20:30``. ``24:00`` may end a span, nothing runs past midnight.

        >>> str(Span.parse("Mon 18:00-20:30"))
        'mon 18:00-20:30'
        """
        found = _SPAN.fullmatch(text.strip().lower())
        if found is None or found[1] not in DAYS:
            raise SpanError(f"{text.strip()!r} should look like 'mon 18:00-20:30'")
        hour, minute, end_hour, end_minute = (int(part) for part in found.groups()[1:])
        start, end = hour * 60 + minute, end_hour * 60 + end_minute
        if max(minute, end_minute) > 59 or start >= MINUTES_IN_DAY or end > MINUTES_IN_DAY:
            raise SpanError(f"{text.strip()!r} names a time that no clock shows")
        if end <= start:
            raise SpanError(f"{text.strip()!r} ends before it starts; it may not cross midnight")
        return cls(DAYS.index(found[1]), start, end)

    def __str__(self) -> str:
        return f"{DAYS[self.day]} {_clock(self.start)}-{_clock(self.end)}"

    def covers(self, other: Span) -> bool:
        return self.day == other.day and self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.day == other.day and self.start < other.end and other.start < self.end


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@dataclass(frozen=True, slots=True)
class Parent:
    """A parent who waits. Empty ``interests`` or ``modes`` mean that any will do."""

    id: str
    lat: float
    lon: float
    children: tuple[float, ...] = ()
    languages: frozenset[str] = frozenset()
    available: tuple[Span, ...] = ()
    interests: frozenset[str] = frozenset()
    modes: frozenset[str] = frozenset()
    max_km: float = 15.0
    needs: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    wishes: frozenset[str] = frozenset()
    together: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()
    priority: int = 1


@dataclass(frozen=True, slots=True)
class Venue:
    """A place, or a video room, with the weekly hours when groups may meet there.

    ``capacity`` is people in one room, facilitators too; ``None`` is no limit.
    """

    id: str
    name: str
    mode: str = IN_PERSON
    lat: float | None = None
    lon: float | None = None
    slots: tuple[Span, ...] = ()
    rooms: int = 1
    capacity: int | None = None
    features: frozenset[str] = frozenset()

    @property
    def is_online(self) -> bool:
        return self.mode == ONLINE


@dataclass(frozen=True, slots=True)
class Facilitator:
    """Someone who can lead. Empty ``interests``: trained for every type of group."""

    id: str
    languages: frozenset[str] = frozenset()
    available: tuple[Span, ...] = ()
    lat: float = 0.0
    lon: float = 0.0
    max_km: float = 30.0
    interests: frozenset[str] = frozenset()
    groups: int = 1


@dataclass(frozen=True, slots=True)
class Policy:
    """The playbook's sizes and what each thing costs, in kilometre-equivalents.

    ``disturbance_weight`` is what it costs the search to send somebody to another
    hour than in the answer it started from. It steers, and is not part of an answer's cost.
    """

    size_min: int = 4
    size_max: int = 6
    facilitators: int = 0
    km_weight: float = 1.0
    window_weight: float = 0.5
    wish_weight: float = 2.0
    unplaced_weight: float = 1000.0
    disturbance_weight: float = 0.0

    def __post_init__(self) -> None:
        if not 1 <= self.size_min <= self.size_max:
            raise ValueError(
                f"size_min is {self.size_min} and size_max {self.size_max}; "
                "it must be 1 <= size_min <= size_max"
            )
        if self.facilitators < 0:
            raise ValueError(f"facilitators is {self.facilitators}; it must be 0 or more")
        for name in _WEIGHTS:
            value = getattr(self, name)
            if not 0 <= value <= MOST_WEIGHT:
                raise ValueError(f"{name} is {value}; it must be from 0 to {MOST_WEIGHT:,}")


_WEIGHTS: Final = (
    "km_weight",
    "window_weight",
    "wish_weight",
    "unplaced_weight",
    "disturbance_weight",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One round: everyone and everything that may take part. Ids are unique per kind."""

    parents: tuple[Parent, ...]
    venues: tuple[Venue, ...]
    facilitators: tuple[Facilitator, ...] = ()
    policy: Policy = field(default_factory=Policy)

    def __post_init__(self) -> None:
        for kind, rows in (
            ("parents", self.parents),
            ("venues", self.venues),
            ("facilitators", self.facilitators),
        ):
            if len({row.id for row in rows}) != len(rows):
                raise ValueError(f"two {kind} have the same id")


class SameProblem:
    """Keys a problem by identity: hashing 40,000 frozen rows on each call would be slow."""

    __slots__ = ("problem",)

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    def __hash__(self) -> int:
        return id(self.problem)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameProblem) and other.problem is self.problem
