"""The maximally diverse grouping problem: groups as mixed within themselves as can be.

Everybody is in one group, each group's size lies within its bounds, and the sum of the
distances between members of a group is as large as possible. It is the yardstick of the
field, with published values (MDGPLIB); here it runs on the same kernels as parents do, with
the pairwise cost plugged in. The text of an instance begins with ``n groups ss|ds`` and the
lower and upper bound of each group; a line ``i j distance`` for each two follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from goround.domain.matching.tables import MILLION, Arena

LONGEST_DISTANCE: Final = 1_000_000.0


class InstanceUnreadable(ValueError):
    """The text is not an instance; the message names the line and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Instance:
    """``distance`` is symmetric, 0 for oneself, in millionths; bounds are by group."""

    lower: tuple[int, ...]
    upper: tuple[int, ...]
    distance: Arena

    @property
    def size(self) -> int:
        return len(self.distance)

    def value(self, groups: Iterable[Sequence[int]]) -> float:
        """The sum of distances within these groups."""
        inside = [np.asarray(group, np.int64) for group in groups]
        twice = sum(int(self.distance[np.ix_(group, group)].sum()) for group in inside)
        return twice / 2 / MILLION


@dataclass(frozen=True, slots=True)
class Division:
    """The groups, by number, with members ascending, and what their distances add up to."""

    groups: tuple[tuple[int, ...], ...]
    value: float


def read_instance(text: str) -> Instance:
    """The instance that the text describes. Raises ``InstanceUnreadable``."""
    head, _, rest = text.partition("\n")
    size, lower, upper = _read_head(head.split())
    distance = np.zeros((size, size), np.int64)
    for number, line in enumerate(rest.splitlines(), start=2):
        if line.strip():
            one, other, apart = _read_line(line, number, size)
            distance[one, other] = distance[other, one] = apart
    return Instance(lower, upper, distance)


def _read_head(words: Sequence[str]) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    try:
        size, count = int(words[0]), int(words[1])
        bounds = [int(word) for word in words[3:]]
    except (ValueError, IndexError):
        raise InstanceUnreadable("Line 1 must be: n groups ss|ds lower upper ...") from None
    lower, upper = tuple(bounds[::2]), tuple(bounds[1::2])
    if size < 1 or count < 1 or len(bounds) != 2 * count:
        raise InstanceUnreadable(f"Line 1 has {len(bounds)} bounds for {count} groups.")
    if any(not 0 <= low <= high for low, high in zip(lower, upper, strict=True)):
        raise InstanceUnreadable("Line 1 has a lower bound above the upper, or below 0.")
    if not sum(lower) <= size <= sum(upper):
        raise InstanceUnreadable(f"Line 1: groups of these sizes cannot hold {size} in all.")
    return size, lower, upper


def _read_line(line: str, number: int, size: int) -> tuple[int, int, int]:
    words = line.split()
    try:
        one, other, apart = int(words[0]), int(words[1]), float(words[2])
    except (ValueError, IndexError):
        raise InstanceUnreadable(f"Line {number} must be: i j distance") from None
    if not (0 <= one < size and 0 <= other < size and one != other):
        raise InstanceUnreadable(f"Line {number}: {one} and {other} are not two of {size}.")
    if not abs(apart) <= LONGEST_DISTANCE:
        raise InstanceUnreadable(f"Line {number}: {words[2]} is no distance.")
    return one, other, round(apart * MILLION)
