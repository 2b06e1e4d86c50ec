"""The best answer to a small round, and the proof that there is no better one.

All groups that could be part of an answer better than the one known are listed
(``candidates``); which of them to take is a whole-number programme that HiGHS solves.
"""

from __future__ import annotations

from typing import Final

from goround.domain.matching import relaxed as c
from goround.domain.matching.bounding import ROUNDING, Bounding
from goround.domain.matching.candidates import TooMany, candidates
from goround.domain.matching.engine import Team
from goround.domain.matching.programme import SAME, Programme

# How many groups are looked at: few at first, for a better answer and so a smaller gap.
AT_MOST: Final = (4_000, 25_000, 80_000)
SHARES: Final = (0.2, 0.3, 0.5)  # of the time


def prove(
    bounding: Bounding, upper: float, *, seconds: float, nodes: int | None = None
) -> tuple[tuple[Team, ...] | None, float | None]:
    """The groups of a best answer and what it costs, or None and the best bound there is.

    ``upper`` is the cost of an answer known. Looks for so many seconds, and a little more to
    list groups; or at so many ``nodes`` of HiGHS's search however long that takes, which gives
    the same result on any machine. Locked groups come on top of these.
    """
    layout = bounding.layout
    if bounding.relaxed is None or bounding.best is None or not _is_exact(bounding):
        return None, bounding.best
    known = upper
    upper += ROUNDING * max(1.0, abs(upper))
    best, gap = bounding.best, max(0.0, upper - bounding.best)
    asked, stages = gap, list(zip(AT_MOST, SHARES, strict=True))
    while True:
        try:
            found = candidates(bounding, asked, most=stages[0][0])
        except TooMany:
            if asked < SAME:
                return None, best
            asked /= 2
            continue
        solved = Programme(layout, found).solve(
            upper - bounding.aside, seconds * stages[0][1], nodes
        )
        # What costs more than the known answer may have been left out, or uses other groups.
        lowest = min(known, bounding.aside + solved.bound)
        if asked < gap:
            lowest = min(lowest, bounding.best + asked)
        best = max(best, lowest - ROUNDING * max(1.0, abs(solved.bound)))
        value = bounding.aside + solved.value
        if solved.proven and value - bounding.best <= asked + SAME:
            return solved.teams, value - ROUNDING * max(1.0, solved.cost)
        if not stages[1:]:
            return None, best
        upper = min(upper, value + ROUNDING * max(1.0, abs(value)))
        gap = max(0.0, upper - bounding.best)
        asked, stages = gap, stages[1:]


def _is_exact(bounding: Bounding) -> bool:
    """Whether every age is a class of its own, so that windows have their true width."""
    relaxed = bounding.proving
    ages = int(relaxed.t[c.N_AGES])
    return bool((relaxed.part(c.X_LOW, ages) == relaxed.part(c.X_HIGH, ages)).all())
