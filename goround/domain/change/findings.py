"""What came out, each figure with its interval. None is unknown and never zero."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from goround.domain.change.study import Design

# Below this a subscale hangs together too loosely to say much about one person.
LOW_RELIABILITY = 0.7


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true value lies with 95 % confidence."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


class Method(StrEnum):
    """How the interval of a mean change was found."""

    PAIRED = "paired"  # one group: Student's t over the changes
    MIXED = "mixed"  # several groups: a mixed model
    CLUSTERED = "clustered"  # several groups: the mean change, its error robust to groups


class Doubt(StrEnum):
    """Why a mixed model was not used, though there are several groups or waves."""

    FEW_GROUPS = "few-groups"
    NOT_FITTED = "not-fitted"
    SINGULAR = "singular"


@dataclass(frozen=True, slots=True)
class Change:
    """The mean change, on the scale of the answers. ``p`` is two-sided and not adjusted.

    ``interval`` and ``p`` are None when nothing varies, or when there are groups of which one
    alone decides: then there is nothing to judge the error by.
    """

    mean: float
    interval: Interval | None
    error: float | None
    df: float | None
    p: float | None
    method: Method
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """The change in standard deviations: d_av with Hedges' correction (``measuring.effect``)."""

    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Moved:
    """How many people moved further than ``margin`` up, down, or neither."""

    improved: int
    same: int
    worse: int
    margin: float

    @property
    def people(self) -> int:
        return self.improved + self.same + self.worse


@dataclass(frozen=True, slots=True)
class Reliability:
    """Cronbach's alpha of the people who answered every item, with Feldt's interval."""

    alpha: float
    interval: Interval
    people: int
    items: int

    @property
    def is_low(self) -> bool:
        return self.alpha < LOW_RELIABILITY


@dataclass(frozen=True, slots=True)
class Missing:
    """Who answered before and not after, and whether they began elsewhere.

    ``difference`` is the first score of those who are missing less that of those who stayed; None
    with too few of either.
    """

    stayed: int
    missing: int
    only_after: int
    stayed_mean: float | None
    missing_mean: float | None
    difference: float | None
    interval: Interval | None
    p: float | None

    @property
    def differ(self) -> bool | None:
        """Whether they differed at the start; None where that cannot be told."""
        return None if self.interval is None else not self.interval.holds(0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One subscale at one later wave against the first.

    With fewer pairs than were asked for, ``too_few`` is true and everything else is None.
    """

    subscale: str
    design: Design
    wave: int
    pairs: int
    groups: int
    least_pairs: int
    before: float | None = None
    after: float | None = None
    change: Change | None = None
    adjusted_p: float | None = None
    effect: Effect | None = None
    any_move: Moved | None = None
    reliable_move: Moved | None = None
    reliability: Reliability | None = None
    missing: Missing | None = None

    @property
    def too_few(self) -> bool:
        return self.pairs < self.least_pairs
