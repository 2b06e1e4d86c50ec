"""Prove how good an answer could be at best, on a thread beside the search."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from goround.domain.matching.bounding import Bounding
from goround.domain.matching.compiled import is_warm
from goround.domain.matching.gap import gap
from goround.domain.matching.layout import Layout

ROUNDS: Final = 40  # where moves are counted instead of seconds
WAIT_S: Final = 0.2  # until kernels are compiled


@dataclass(slots=True)
class Prover:
    """``bound`` grows while the thread runs; None where nothing can be proven."""

    layout: Layout
    bound: float | None = field(init=False)
    _bounding: Bounding = field(init=False)
    _over: threading.Event = field(init=False, default_factory=threading.Event)
    _thread: threading.Thread | None = field(init=False, default=None)
    _failed: BaseException | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._bounding = Bounding(self.layout)
        self._note()

    def start(self, upper: Callable[[], float]) -> None:
        """Begin on a thread; ``upper`` gives the cost of the best answer so far."""
        self._thread = threading.Thread(target=self._run, args=(upper,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the round it is in."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        if self._failed is not None:
            raise self._failed

    def rounds(self, upper: float) -> None:
        """A fixed number of rounds, here and now: the same each time."""
        for _ in range(ROUNDS):
            if self.has_proven(upper) or not self._bounding.advance(upper):
                break
            self._note()

    def has_proven(self, cost: float) -> bool:
        """Whether an answer of that cost is as good as any can be."""
        return gap(cost, self.bound) == 0.0

    def _note(self) -> None:
        """No cost is below nothing, whatever rounding has left of the proof."""
        best = self._bounding.best
        self.bound = None if best is None else max(0.0, best)

    def _run(self, upper: Callable[[], float]) -> None:
        try:
            while not self._over.is_set():
                warm, cost = is_warm(), upper()
                if self.has_proven(cost):
                    return
                if not self._bounding.advance(cost):
                    if warm:
                        return
                    self._over.wait(WAIT_S)
                self._note()
        except BaseException as error:  # told where it can be heard
            self._failed = error
