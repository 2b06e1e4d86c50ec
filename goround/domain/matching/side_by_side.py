"""Search the regions of a large round side by side, a turn at a time.

Within a turn each region is a search of its own on a thread of its own; between turns the
groups are put together and cut apart anew, so that the seams heal. As many regions as there are
cores for them: whoever speaks a rare language has company in few places, and each seam takes some.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from typing import Final

import numpy as np

from goround.domain.matching.compiled import is_warm, kernels
from goround.domain.matching.cost import group_cost
from goround.domain.matching.eligible import Ints
from goround.domain.matching.engine import Engine, Team, formed
from goround.domain.matching.filling import fill_arena, losses
from goround.domain.matching.layout import Layout
from goround.domain.matching.polishing import POLISHED, Polishing, is_polished
from goround.domain.matching.regions import Cut, Region, cut
from goround.domain.matching.spells import Limits, improve_for, improve_steps
from goround.domain.matching.tables import MILLION
from goround.domain.matching.together import run_together

SMALLEST_CUT: Final = 6_000  # units; fewer are searched in one piece
TURNS: Final = 6
POLISHING_TURNS: Final = 2


@dataclass(slots=True)
class Standing:
    """How the whole search stands: parents placed, and cost in millionths."""

    placed: int
    cost: int
    is_built: bool = False


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one turn does: how far it cools, and how long each region may take."""

    limits: Limits
    home: Sequence[int]
    cooling: tuple[float, float]
    seconds: float
    steps_per_unit: float
    losses: Ints | None
    is_polishing: bool = False

    def home_of(self, region: Region) -> Sequence[int]:
        return [self.home[unit] for unit in region.units] if len(self.home) else ()


@dataclass(slots=True)
class _Lane:
    """One region's search in one turn."""

    region: Region
    seed: int
    engine: Engine | None = None
    polishing: Polishing | None = None
    ready: Event = field(default_factory=Event)
    built_in: float = 0.0  # seconds

    def build(self, plan: _Plan, go_on: Callable[[], bool]) -> None:
        """Load the groups there are and open more."""
        began = plan.limits.clock()
        try:
            filled = fill_arena(self.region.layout, seed=self.seed, home=plan.home_of(self.region))
            engine = Engine(self.region.layout, filled, is_compiled=is_warm())
            if plan.losses is not None:
                engine.press(plan.losses[self.region.units])
            engine.load(self.region.teams)
            self.engine = engine
            engine.build(go_on)
            self.built_in = plan.limits.clock() - began
        finally:
            self.ready.set()

    def improve(self, plan: _Plan, go_on: Callable[[], bool]) -> None:
        self.ready.wait()
        if self.engine is None:  # building failed, and says so itself
            return
        steps = round(plan.steps_per_unit * len(self.region.units))
        if plan.is_polishing:
            self._polish(plan, self.engine, steps, go_on)
        elif plan.limits.iterations is not None:
            improve_steps(self.engine, steps, plan.cooling, go_on)
        else:
            left = plan.seconds - self.built_in
            improve_for(self.engine, left, plan.cooling, go_on, plan.limits.clock)

    def _polish(self, plan: _Plan, engine: Engine, steps: int, go_on: Callable[[], bool]) -> None:
        """Window by window from the best there is."""
        layout, clock, first = self.region.layout, plan.limits.clock, engine.best_teams()
        home, standing = plan.home_of(self.region), (engine.best_total, engine.best_placed)
        polishing = self.polishing = Polishing(layout, first, standing, self.seed, home)
        if plan.limits.iterations is not None:
            polishing.run(steps, go_on)
        else:
            end = clock() + plan.seconds - self.built_in
            polishing.run(math.inf, lambda: go_on() and clock() < end)

    def best(self) -> Standing:
        """What the best groups of the region cost, and how many they place."""
        if self.polishing is not None:
            return Standing(self.polishing.placed, self.polishing.total)
        assert self.engine is not None
        return Standing(self.engine.best_placed, self.engine.best_total)

    def teams(self, *, best: bool) -> list[Team]:
        if self.engine is None:
            return self.region.whole(self.region.teams)
        if self.polishing is not None:
            return self.region.whole(self.polishing.teams)
        return self.region.whole(self.engine.best_teams() if best else self.engine.teams())


@dataclass(slots=True)
class SideBySide:
    """A search by regions, ``lanes()`` of them in a turn.

    The same seed, lanes and iterations give the same groups.
    """

    layout: Layout
    seed: int
    lanes: Callable[[], int]
    limits: Limits
    first: float = 0.0  # how far the cooling is at first
    home: Sequence[int] = ()
    best: tuple[Team, ...] = ()
    standing: Standing = field(init=False)
    _losses: list[int] = field(init=False)
    _shares: list[float] = field(init=False)  # which part of the time or the moves each turn takes
    _felt: Ints | None = None

    def __post_init__(self) -> None:
        self._losses = losses(self.layout)
        is_long = is_polished(len(self.layout.units), self.limits, self.lanes())
        part = 1 - POLISHED if is_long else 1.0
        polishing = [POLISHED / POLISHING_TURNS] * POLISHING_TURNS if is_long else []
        self._shares = [part / TURNS] * TURNS + polishing
        self.standing = Standing(0, sum(self._losses))

    def run(self, teams: Sequence[Team], tell: Callable[[], bool]) -> tuple[Team, ...]:
        """The best groups found, from these on; ends early once ``tell`` answers False."""
        kernels(compile=is_warm())  # loaded once, not by every thread at once
        for turn in range(len(self._shares)):
            if turn >= TURNS:
                teams = self.best
            pieces = cut(self.layout, teams, self.lanes(), turn)
            lanes = [
                _Lane(region, self.seed * 7919 + turn * 1009 + number)
                for number, region in enumerate(pieces.regions)
            ]
            go_on = self._turn(lanes, self._plan(turn), pieces, tell)
            teams = _together(pieces, lanes, best=False)
            if turn < TURNS:
                self._remember(lanes)
            if not go_on or self.limits.left <= 0:
                break
        return self.best

    def _plan(self, turn: int) -> _Plan:
        """The turns share what is left."""
        share = self._shares[turn]
        return _Plan(
            limits=self.limits,
            home=self.home,
            cooling=(self._cooled(turn), self._cooled(turn + 1)),
            seconds=self.limits.left * share / sum(self._shares[turn:]),
            steps_per_unit=(self.limits.iterations or 0) * share / len(self.layout.units),
            losses=self._felt if turn < TURNS else None,
            is_polishing=turn >= TURNS,
        )

    def _remember(self, lanes: Sequence[_Lane]) -> None:
        """Let the next turn go on with the losses as they feel by now."""
        felt = np.array(self._losses, np.int64) if self._felt is None else self._felt.copy()
        for lane in lanes:
            if lane.engine is not None:
                felt[lane.region.units] = lane.engine.losses()
        self._felt = felt

    def _cooled(self, turn: int) -> float:
        return self.first + (1 - self.first) * turn / TURNS

    def _turn(
        self, lanes: Sequence[_Lane], plan: _Plan, pieces: Cut, tell: Callable[[], bool]
    ) -> bool:
        """Run all lanes; False when told to stop."""
        aside = self._aside(pieces)

        def look(is_over: bool) -> None:
            self._look(lanes, aside, is_over=is_over, pieces=pieces)

        # All are built before any is improved, so that a whole answer stands soon.
        builds = [partial(lane.build, plan) for lane in lanes]
        improves = [partial(lane.improve, plan) for lane in lanes]
        return run_together([*builds, *improves], len(lanes), tell, look)

    def _aside(self, pieces: Cut) -> Standing:
        """What no lane sees: groups that rest, and units without an hour in their region."""
        problem = self.layout.problem
        resting = formed(self.layout, pieces.resting)
        seen = {unit for region in pieces.regions for unit in region.units.tolist()}
        seen |= {unit for team in pieces.resting for unit in team.units}
        cost = round(MILLION * sum(group_cost(problem, group).total for group in resting))
        cost += sum(loss for unit, loss in enumerate(self._losses) if unit not in seen)
        return Standing(sum(len(group.members) for group in resting), cost)

    def _look(self, lanes: Sequence[_Lane], aside: Standing, *, is_over: bool, pieces: Cut) -> None:
        """See where the lanes are; keep their groups at the end of a turn if they are better."""
        found = [lane.best() for lane in lanes if lane.engine and lane.ready.is_set()]
        if len(found) < len(lanes):
            return
        cost = aside.cost + sum(region.cost for region in found)
        if cost < self.standing.cost or not self.standing.is_built:
            placed = aside.placed + sum(region.placed for region in found)
            self.standing = Standing(placed, cost, is_built=True)
        if is_over and cost <= self.standing.cost:
            self.best = _together(pieces, lanes, best=True)


def _together(pieces: Cut, lanes: Sequence[_Lane], *, best: bool) -> tuple[Team, ...]:
    return (*pieces.resting, *(team for lane in lanes for team in lane.teams(best=best)))
