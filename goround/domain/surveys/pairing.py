"""Answers of the same person at two times, and why "before" remembered later stays apart.

In a retrospective survey people tell in one sitting how it is and how it was. Such a "before" is
another thing than an answer given then, and the two are never one sample: a set of pairs holds one
design only, and refuses a pair of the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class WaveKind(StrEnum):
    PRE = "pre"
    POST = "post"
    YEARLY = "yearly"
    RETROSPECTIVE = "retrospective"


class Design(StrEnum):
    """How "before" and "after" came about."""

    TWO_TIMES = "two-times"
    ONE_SITTING = "one-sitting"

    @classmethod
    def of(cls, kind: WaveKind) -> Design:
        return cls.ONE_SITTING if kind is WaveKind.RETROSPECTIVE else cls.TWO_TIMES


class DesignsMixed(ValueError):
    """True before and after answers were put together with remembered ones."""


@dataclass(frozen=True, slots=True)
class ScoredResponse:
    """What one person's answers at one time come to.

    ``person`` is a number that means something only among the responses it came with; None for
    who gave no link, so that nothing else of theirs can be found. ``group`` is a group's number.
    ``wave`` counts a group's waves of this instrument from 1, by the day they opened, and ``day``
    is that day's number from the first. ``subscales`` holds a figure or None for each subscale,
    ``items`` each number answered, reverse items turned round already.
    """

    person: int | None
    group: int
    wave: int
    day: int
    kind: WaveKind
    design: Design
    subscales: Mapping[str, float | None]
    items: Mapping[str, int]
    # Of one sitting only: this is the remembered half.
    looks_back: bool = False


@dataclass(frozen=True, slots=True)
class ScoredPair:
    before: ScoredResponse
    after: ScoredResponse

    def __post_init__(self) -> None:
        if self.before.design is not self.after.design:
            raise DesignsMixed("a pair has one answer of each design")

    @property
    def design(self) -> Design:
        return self.before.design

    @property
    def group(self) -> int:
        return self.before.group

    @property
    def person(self) -> int | None:
        return self.before.person


@dataclass(frozen=True, slots=True)
class PairSet:
    """All pairs of one design, and who is missing on either side.

    ``only_before`` and ``only_after`` hold responses without their other half; those of people
    who gave no link are in ``unlinked``: nobody knows whether their other half is there.
    """

    design: Design
    pairs: tuple[ScoredPair, ...]
    only_before: tuple[ScoredResponse, ...] = ()
    only_after: tuple[ScoredResponse, ...] = ()
    unlinked: tuple[ScoredResponse, ...] = ()

    def __post_init__(self) -> None:
        designs = {pair.design for pair in self.pairs}
        designs |= {one.design for one in (*self.only_before, *self.only_after, *self.unlinked)}
        if designs - {self.design}:
            raise DesignsMixed(f"not everything here is of the design {self.design}")


def pair(responses: Iterable[ScoredResponse], *, design: Design) -> PairSet:
    """Pairs of each person in each group: their first answers and their last.

    Raises ``DesignsMixed`` for a response of the other design: sort them out before.
    """
    by_person: dict[tuple[int, int], list[ScoredResponse]] = defaultdict(list)
    unlinked: list[ScoredResponse] = []
    for response in responses:
        # Also of those in between, which no pair shows.
        if response.design is not design:
            raise DesignsMixed(f"a response is not of the design {design}")
        if response.person is None:
            unlinked.append(response)
        else:
            by_person[response.group, response.person].append(response)
    pairs, only_before, only_after = [], [], []
    for theirs in by_person.values():
        theirs.sort(key=lambda each: (each.wave, not each.looks_back))
        if len(theirs) > 1:
            pairs.append(ScoredPair(theirs[0], theirs[-1]))
        elif theirs[0].looks_back or theirs[0].kind is WaveKind.PRE:
            only_before.append(theirs[0])
        else:
            only_after.append(theirs[0])
    return PairSet(design, tuple(pairs), tuple(only_before), tuple(only_after), tuple(unlinked))
