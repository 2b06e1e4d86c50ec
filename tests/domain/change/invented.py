"""Invented answers whose true change is known."""

from __future__ import annotations

import numpy as np

from goround.domain.change import Pair, Sitting

CHANGE = 0.4
OF_GROUP, OF_PERSON, OF_SWING, OF_ERROR = 0.5, 0.8, 0.25, 0.6


def group_of_pairs(rng: np.random.Generator, people: int = 24) -> list[Pair]:
    """One group, nothing but people and chance."""
    own = rng.normal(4, OF_PERSON, people)
    before, after = (own + rng.normal(0, OF_ERROR, people) for _ in range(2))
    return [
        Pair(n, 1, float(b), float(a + CHANGE))
        for n, (b, a) in enumerate(zip(before, after, strict=True))
    ]


def groups_of_pairs(
    rng: np.random.Generator, groups: int = 8, least: int = 4, most: int = 9
) -> list[Pair]:
    """Groups that began elsewhere and gained differently."""
    pairs: list[Pair] = []
    for group in range(groups):
        start, swing = rng.normal(4, OF_GROUP), rng.normal(0, OF_SWING, 2)
        for _ in range(rng.integers(least, most + 1)):
            own = rng.normal(start, OF_PERSON)
            before, after = own + swing + rng.normal(0, OF_ERROR, 2)
            pairs.append(Pair(len(pairs), group, float(before), float(after) + CHANGE))
    return pairs


def spread(*, several: bool) -> float:
    """The true standard deviation of a score."""
    parts = [OF_PERSON, OF_ERROR] + [OF_GROUP, OF_SWING] * several
    return float(np.sqrt(sum(part**2 for part in parts)))


def sittings(pairs: list[Pair]) -> tuple[Sitting, ...]:
    first = tuple(Sitting(p.person, p.group, 0, p.before) for p in pairs)
    return first + tuple(Sitting(p.person, p.group, 1, p.after) for p in pairs)
