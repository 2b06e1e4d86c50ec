"""Prove how good an answer could be at best, on a thread beside the search.

Small rounds are solved outright, once the bound has come as near as it can.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from goround.domain.matching.bounding import Bounding
from goround.domain.matching.compiled import is_warm
from goround.domain.matching.engine import Team
from goround.domain.matching.exact import prove
from goround.domain.matching.gap import gap
from goround.domain.matching.layout import Layout

ROUNDS: Final = 40  # where moves are counted instead of seconds
NODES: Final = 500
WAIT_S: Final = 0.2  # until kernels are compiled
SETTLED_S: Final = 0.5  # without anything better, the search has found what it soon can
LARGEST_SOLVED: Final = 120  # units
LARGE: Final = 12_000  # units; there the search could use the core itself, so proving is brief
LEAST_TIME_S: Final = 0.0025  # for each unit of a large round: in less little is proven
LEAST_GAIN: Final = 2e-4  # of what is proven, for one more round of a large one
LARGEST_CLIMBED: Final = 60_000  # beyond, it takes the search more than it would prove
FIRST_PROOF_S: Final = 8.0
LONGEST_PROOF_S: Final = 16.0  # whoever tells the search to stop has to wait for it


@dataclass(slots=True)
class Prover:
    """``bound`` grows while the thread runs; None where nothing can be proven.

    ``teams`` are the groups of a best answer, once it has been found in proving.
    """

    layout: Layout
    may_solve: bool = True
    teams: tuple[Team, ...] | None = field(init=False, default=None)
    bound: float | None = field(init=False)
    _bounding: Bounding = field(init=False)
    _over: threading.Event = field(init=False, default_factory=threading.Event)
    _thread: threading.Thread | None = field(init=False, default=None)
    _failed: BaseException | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._bounding, self.bound = Bounding(self.layout), None
        self._note(self._bounding.best)

    def start(self, upper: Callable[[], float], left: Callable[[], float]) -> None:
        """Begin on a thread, with the cost of the best answer so far and the seconds left."""
        if len(self.layout.units) > LARGEST_CLIMBED:
            return
        self._thread = threading.Thread(target=self._run, args=(upper, left), daemon=True)
        self._thread.start()

    @property
    def is_busy(self) -> bool:
        """Whether the thread still takes a core."""
        return self._thread is not None and self._thread.is_alive()

    def stop(self) -> None:
        """End the thread after the round it is in."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        if self._failed is not None:
            raise self._failed

    def rounds(self, upper: float) -> None:
        """A fixed number of rounds, here and now: the same each time."""
        modest = self.bound
        for _ in range(ROUNDS):
            before = self.bound
            if self.has_proven(upper) or not self._bounding.advance(upper):
                break
            self._note(self._bounding.best)
            if self._is_large and self._gains_little(modest, before):
                break
        if self._is_small and not self.has_proven(upper):
            self._solve(upper, 0.0, nodes=NODES)

    def has_proven(self, cost: float) -> bool:
        """Whether an answer of that cost is as good as any can be."""
        return gap(cost, self.bound) == 0.0

    @property
    def _is_small(self) -> bool:
        return self.may_solve and 0 < len(self.layout.units) <= LARGEST_SOLVED

    def _note(self, best: float | None) -> None:
        """No cost is below nothing, whatever rounding has left of the proof."""
        self.bound = None if best is None else max(0.0, best, self.bound or 0.0)

    def _run(self, upper: Callable[[], float], left: Callable[[], float]) -> None:
        try:
            if self._is_large:
                self._let_an_answer_stand(upper)
                if left() < LEAST_TIME_S * len(self.layout.units):
                    return
            self._approach(upper)
            if self._is_small:
                self._finish(upper, left)
        except BaseException as error:  # told where it can be heard
            self._failed = error

    @property
    def _is_large(self) -> bool:
        return len(self.layout.units) > LARGE

    def _let_an_answer_stand(self, upper: Callable[[], float]) -> None:
        """Leave the cores to the search until it has groups at all."""
        of_nobody = upper()
        while upper() >= of_nobody and not self._over.wait(WAIT_S):
            pass

    def _approach(self, upper: Callable[[], float]) -> None:
        """Round after round until there is no more to gain, or too little for so large a round."""
        modest = self.bound
        while not (self._over.is_set() or self.has_proven(upper())):
            warm, before = is_warm(), self.bound
            if not self._bounding.advance(upper()):
                if warm or self._is_small:
                    return
                self._over.wait(WAIT_S)
            self._note(self._bounding.best)
            if self._is_large and self._gains_little(modest, before):
                return

    def _gains_little(self, modest: float | None, before: float | None) -> bool:
        """Whether the round brought little, once rounds bring anything at all."""
        if self.bound is None or modest is None or before is None or self.bound <= modest:
            return False
        return self.bound - before < LEAST_GAIN * self.bound

    def _finish(self, upper: Callable[[], float], left: Callable[[], float]) -> None:
        """Solve it outright: a good answer known makes that much quicker."""
        seconds = FIRST_PROOF_S
        while not (self._over.is_set() or self.has_proven(upper()) or self.teams is not None):
            before = upper()
            self._over.wait(SETTLED_S)
            if upper() == before and left() > 0:
                self._solve(before, min(seconds, left()))
                seconds = min(LONGEST_PROOF_S, 2 * seconds)

    def _solve(self, upper: float, seconds: float, nodes: int | None = None) -> None:
        teams, best = prove(self._bounding, upper, seconds=seconds, nodes=nodes)
        if teams is not None:
            self.teams = teams
        self._note(best)
