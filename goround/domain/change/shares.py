"""How many people moved, by a stated rule, and p-values of several subscales at once."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import stdev

from goround.domain.change.findings import Moved
from goround.domain.change.study import Pair

# Means of answers differ by parts of a point; less than this is rounding.
HAIR = 1e-9
# 95 of 100 unchanged people stay within this many standard errors.
Z = 1.959963984540054


def any_move(pairs: Sequence[Pair]) -> Moved:
    """Any change at all counts."""
    return _moved(pairs, 0.0)


def reliable_move(pairs: Sequence[Pair], reliability: float) -> Moved | None:
    """Only a change larger than the measure's own wavering counts (Jacobson & Truax 1991).

    The margin is 1.96 · s · √2 · √(1 - reliability), where s is the spread of the first scores.
    None when the reliability is none, so that no margin can be told.
    """
    if not 0 < reliability <= 1 or len(pairs) < 2:
        return None
    spread = stdev(pair.before for pair in pairs)
    return _moved(pairs, Z * spread * sqrt(2 * (1 - reliability)))


def in_every_part(parts: Sequence[Sequence[Pair]]) -> list[list[Pair]]:
    """The pairs of those who have one in every part, so that all parts count the same people."""
    if not parts:
        return []
    people = set.intersection(*({pair.person for pair in pairs} for pairs in parts))
    return [[pair for pair in pairs if pair.person in people] for pairs in parts]


def _moved(pairs: Sequence[Pair], margin: float) -> Moved:
    improved = sum(pair.change > margin + HAIR for pair in pairs)
    worse = sum(pair.change < -margin - HAIR for pair in pairs)
    return Moved(improved, len(pairs) - improved - worse, worse, margin)


def holm(ps: Sequence[float]) -> list[float]:
    """Each p so that among all of them together one in twenty is a false alarm (Holm 1979).

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    adjusted = [0.0] * len(ps)
    least = 0.0
    for rank, place in enumerate(sorted(range(len(ps)), key=lambda place: ps[place])):
        least = max(least, min(1.0, (len(ps) - rank) * ps[place]))
        adjusted[place] = least
    return adjusted
