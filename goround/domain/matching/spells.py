"""Let an engine improve for a time, or for a number of moves, in spells that can be stopped.

``cooling`` says how far it is when the engine begins and when it ends, from 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from goround.domain.matching.engine import Engine

FIRST_STEPS: Final = 200
LEAST_STEPS: Final = 10
MOST_STEPS: Final = 1_000_000
LONGEST_SPELL_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to search. With ``iterations`` the time does not matter."""

    seconds: float
    began: float
    iterations: int | None
    clock: Callable[[], float]

    @property
    def used(self) -> float:
        return self.clock() - self.began

    @property
    def left(self) -> float:
        """Seconds; no end to them while iterations are counted instead."""
        return self.seconds - self.used if self.iterations is None else math.inf


def improve_steps(
    engine: Engine, steps: int, cooling: tuple[float, float], go_on: Callable[[], bool]
) -> None:
    """That many moves, however long they take."""
    done, first = 0, cooling[0]
    part = (cooling[1] - first) / max(1, steps)
    while done < steps:
        some = min(FIRST_STEPS, steps - done)
        engine.improve(some, first + part * done, first + part * (done + some))
        done += some
        engine.change_over()
        if not go_on():
            return


def improve_for(
    engine: Engine,
    seconds: float,
    cooling: tuple[float, float],
    go_on: Callable[[], bool],
    clock: Callable[[], float],
) -> None:
    """As many moves as the time allows."""
    began = clock()
    spell, steps = max(0.05, min(LONGEST_SPELL_S, seconds / 50)), LEAST_STEPS
    while (now := clock() - began) < seconds:
        part = cooling[0] + (cooling[1] - cooling[0]) * now / seconds
        engine.improve(steps, part, part)
        if not go_on():
            return
        took = max(1e-4, clock() - began - now)
        steps = min(MOST_STEPS, max(LEAST_STEPS, round(steps * min(4.0, spell / took))))
        engine.change_over()
