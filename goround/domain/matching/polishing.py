"""Search a window at a time, and keep what has become cheaper.

One long annealing never has every corner of a large round at its best at once: what the best
answer is made of is decided by their sum. A window is searched from its own heat, with losses
that have not grown yet, and what is found counts by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np

from goround.domain.matching.beside import Beside
from goround.domain.matching.compiled import is_warm
from goround.domain.matching.engine import Engine, Team
from goround.domain.matching.filling import fill_arena
from goround.domain.matching.layout import Layout
from goround.domain.matching.spells import Limits
from goround.domain.matching.together import run_together
from goround.domain.matching.windows import Window, Windows

SMALLEST_POLISHED: Final = 1_200  # units; a window of fewer would be nearly everything
POLISHED: Final = 0.5  # of the time or the moves
# With less than this for each unit, annealing everything gains more.
LEAST_SECONDS: Final = 0.025
LEAST_MOVES: Final = 600
UNITS: Final = 550
MOVES_PER_UNIT: Final = 600
SPELLS: Final = 25
HEATS: Final = (0.0, 0.3, 0.5)  # how far the cooling is when a window begins, in turn
PLACED_EVERY: Final = 7  # a seed is unplaced but for every seventh


def is_polished(units: int, limits: Limits, threads: int = 1) -> bool:
    """Whether part of the time or of the moves goes to windows."""
    if units < SMALLEST_POLISHED:
        return False
    if limits.iterations is not None:
        return limits.iterations >= LEAST_MOVES * units
    return limits.seconds * threads >= LEAST_SECONDS * units


@dataclass(slots=True)
class _Lane:
    """One window while it is searched."""

    window: Window
    engine: Engine
    heat: float
    moves: int  # a spell
    before: tuple[int, int]
    made: int = 0

    def search(self, go_on: Callable[[], bool]) -> None:
        part = (1 - self.heat) / SPELLS
        for spell in range(SPELLS):
            heat = self.heat + part * spell
            self.engine.improve(self.moves, heat, heat + part)
            self.made += self.moves
            if not go_on():
                break


class Polishing:
    """``teams`` cost ``total`` with all unplaced, and hold ``placed`` parents; only ever better.

    The same seed, moves and lanes give the same teams. Nobody may be held to a group.
    """

    def __init__(
        self,
        layout: Layout,
        teams: Sequence[Team],
        standing: tuple[int, int],
        seed: int,
        home: Sequence[int] = (),
    ) -> None:
        self.teams, (self.total, self.placed) = tuple(teams), standing
        self._windows, self._beside, self._home = Windows(layout), Beside(layout), home
        self._rng, self._rounds = Random(seed), 0  # noqa: S311 - a search, not a secret
        self._tried = [0] * len(layout.units)
        self._hours = np.diff(layout.unit_pairs.first)

    def run(
        self, moves: float, go_on: Callable[[], bool], lanes: Callable[[], int] = lambda: 1
    ) -> None:
        """About that many moves, until told to stop, in so many windows at a time."""
        while moves > 0 and go_on():
            some = self._cut(lanes(), moves)
            _search(some, go_on)
            for lane in some:
                self._take(lane)
            moves -= max(1, sum(lane.made for lane in some))

    def _cut(self, count: int, most: float) -> list[_Lane]:
        """Windows that share no unit."""
        lanes: list[_Lane] = []
        for _ in range(count):
            heat = HEATS[self._rounds % len(HEATS)]
            window = self._next([unit for lane in lanes for unit in lane.window.units.tolist()])
            if not window.layout.units:
                continue
            moves = int(min(most / count, MOVES_PER_UNIT * len(window.units))) // SPELLS + 1
            engine = self._engine(window)
            before = engine.best_total, engine.best_placed
            lanes.append(_Lane(window, engine, heat, moves, before))
        return lanes

    def _take(self, lane: _Lane) -> None:
        """What the window found, if it is cheaper and stands beside what others found."""
        if lane.engine.best_total >= lane.before[0]:
            return
        inside = {unit for team in lane.window.outside(lane.window.teams) for unit in team.units}
        rest = tuple(team for team in self.teams if inside.isdisjoint(team.units))
        found = lane.window.outside(lane.engine.best_teams())
        if rest != lane.window.rest and not self._beside.may_stand(found, rest):
            return
        self.teams = (*rest, *found)
        self.total += lane.engine.best_total - lane.before[0]
        self.placed += lane.engine.best_placed - lane.before[1]

    def _engine(self, window: Window) -> Engine:
        seed, home = self._rng.getrandbits(32), window.home(self._home)
        filled = fill_arena(window.layout, seed=seed, home=home)
        engine = Engine(window.layout, filled, is_compiled=is_warm())
        engine.load(window.teams)
        return engine

    def _next(self, barred: Sequence[int]) -> Window:
        """The window around an unplaced unit, sooner one with many hours: it lacks company, not
        choice. Now and then around any unit, of those that have been in the fewest windows.
        """
        seated = {unit for team in self.teams for unit in team.units}
        some = [unit for unit in range(len(self._tried)) if unit not in seated]
        self._rounds += 1
        if some and self._rounds % PLACED_EVERY:
            seed = self._rng.choices(some, self._hours[some].tolist())[0]
        else:
            least = min(self._tried)
            seed = self._rng.choice([u for u, tried in enumerate(self._tried) if tried == least])
            self._tried[seed] += 1
        traits = self._windows.traits(seed)
        weights = [self._windows.bearers[trait] ** -2 for trait in traits]  # mostly the rarest
        trait = self._rng.choices(traits, weights)[0]
        window = self._windows.around(seed, trait, self.teams, UNITS, barred)
        for unit in window.units.tolist():
            self._tried[unit] += 1
        return window


def _search(lanes: Sequence[_Lane], go_on: Callable[[], bool]) -> None:
    """All of them, several on threads; only the caller's own thread asks whether to go on."""
    if len(lanes) < 2:
        for lane in lanes:
            lane.search(go_on)
        return
    run_together([lane.search for lane in lanes], len(lanes), go_on)
