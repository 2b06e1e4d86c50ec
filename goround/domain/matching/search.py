"""Form groups: the one function that pages, commands and jobs call."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from goround.domain.matching.answer import Answer
from goround.domain.matching.bounding import cost_aside
from goround.domain.matching.compiled import is_warm, start_warming
from goround.domain.matching.cost import answer_cost
from goround.domain.matching.engine import Engine, Team, formed
from goround.domain.matching.explain import reasons_unplaced
from goround.domain.matching.layout import Layout
from goround.domain.matching.loading import Start, begin
from goround.domain.matching.polishing import POLISHED, Polishing, is_polished
from goround.domain.matching.problem import Problem
from goround.domain.matching.proving import Prover
from goround.domain.matching.side_by_side import SMALLEST_CUT, SideBySide
from goround.domain.matching.spells import Limits, improve_for, improve_steps
from goround.domain.matching.tables import MILLION

MOST_THREADS: Final = 16
COOL: Final = 0.5  # how far the cooling is at first if an earlier answer is the start


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the search is: ``phase`` is ``building``, ``improving`` or ``explaining``.

    ``bound`` is what any answer must cost at least, once that much is proven.
    """

    placed: int
    total: int
    cost: float
    seconds: float
    phase: str
    bound: float | None = None


@dataclass(slots=True)
class _Watch:
    """Time, the proof, and whoever wants to know how far we are."""

    limits: Limits
    tell: Callable[[Progress], bool] | None
    prover: Prover | None
    placed_before: int
    total: int
    cost_before: float
    cost: float  # of the best answer so far; at first, of placing nobody new

    def report(self, placed: int, total: int, phase: str) -> bool:
        """False when told to stop, or when nothing better can be."""
        cost = self.cost_before + total / MILLION
        if phase != "building":
            self.cost = min(self.cost, cost)
        bound = None if self.prover is None else self.prover.bound
        go_on = self.tell is None or self.tell(
            Progress(self.placed_before + placed, self.total, cost, self.limits.used, phase, bound)
        )
        return go_on and not self._is_done()

    def _is_done(self) -> bool:
        prover = self.prover
        return prover is not None and (prover.teams is not None or prover.has_proven(self.cost))


def solve(
    problem: Problem,
    *,
    seconds: float,
    seed: int,
    start: Answer | None = None,
    progress: Callable[[Progress], bool] | None = None,
    iterations: int | None = None,
    threads: int | None = None,
    prove: bool = True,
    clock: Callable[[], float] = time.monotonic,
) -> Answer:
    """The best groups found in the time given. Breaks no rule.

    ``seconds`` count from the call and include reading and explaining, roughly. With
    ``iterations`` that many moves are made however long they take, and the same seed and
    ``threads`` (by default as many as there are cores) give the same groups again. It ends
    early once the groups are proven best; with ``prove`` False no bound is looked for. Groups
    and members that are locked in ``start`` stay; a locked group stays even if it breaks a
    rule, since somebody wanted it so. When ``progress`` returns False the best so far is
    returned.
    """
    limits = Limits(seconds, clock(), iterations, clock)
    ready = begin(problem, seed=seed, start=start)
    layout = ready.layout
    if not is_warm():
        start_warming()
    pinned = frozenset() if start is None else start.locked_members
    # A best answer of its own would move those who are to stay.
    may_solve = not pinned and not (start is not None and problem.policy.disturbance_weight)
    prover = Prover(layout, may_solve) if prove else None
    watch = _Watch(limits, progress, prover, *_aside(problem, layout))
    if prover is not None and iterations is None:
        prover.start(lambda: watch.cost, lambda: limits.left)
    try:
        teams = _search(ready, watch, seed, min(MOST_THREADS, threads or _cores()), bool(pinned))
    finally:
        if prover is not None:
            prover.stop()
    if prover is not None:
        teams = _proven(prover, teams, watch)
    groups = (*layout.fixed, *formed(layout, teams, () if start is None else start.groups))
    cost = answer_cost(problem, groups)
    bound = None if prover is None or prover.bound is None else min(cost, prover.bound)
    where = {name for group in groups for name in group.members}
    left = [parent.id for parent in problem.parents if parent.id not in where]
    return Answer(
        groups=groups,
        unplaced=tuple(reasons_unplaced(problem, groups, left, layout=layout)),
        cost=cost,
        lower_bound=bound,
        seed=seed,
        seconds=limits.used,
        locked_members=pinned & where,
    )


def _proven(prover: Prover, teams: tuple[Team, ...], watch: _Watch) -> tuple[Team, ...]:
    """The teams of a best answer if one was found in proving, else those of the search."""
    if watch.limits.iterations is not None:
        prover.rounds(watch.cost)
    return teams if prover.teams is None else prover.teams


def _cores() -> int:
    """How many processors this process may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


def _aside(problem: Problem, layout: Layout) -> tuple[int, int, float, float]:
    """Parents placed that no engine sees, all parents, the cost that no engine sees, all cost."""
    placed = {name for group in layout.fixed for name in group.members}
    everything = answer_cost(problem, layout.fixed)
    return len(placed), len(problem.parents), cost_aside(layout), everything


def _search(
    ready: Start, watch: _Watch, seed: int, threads: int, is_pinned: bool
) -> tuple[Team, ...]:
    """Regions hold no members to their groups, so a round with such is searched in one piece."""
    if len(ready.layout.units) >= SMALLEST_CUT and not is_pinned and is_warm():
        return _search_side_by_side(ready, watch, seed, threads)
    return _search_alone(ready, watch, seed, threads, may_polish=not is_pinned)


def _search_alone(
    ready: Start, watch: _Watch, seed: int, threads: int, *, may_polish: bool
) -> tuple[Team, ...]:
    """One engine on the whole round, then windows, several at a time."""
    limits, steps = watch.limits, watch.limits.iterations
    engine = Engine(ready.layout, ready.fill(), is_compiled=is_warm())
    polished = may_polish and is_warm() and is_polished(len(ready.layout.units), limits)
    share = 1 - POLISHED if polished else 1.0

    def building() -> bool:
        return watch.report(engine.placed(), engine.total, "building")

    def improving() -> bool:
        return watch.report(engine.best_placed, engine.best_total, "improving")

    if ready.layout.units and engine.build(building):
        cooling = (COOL if ready.filled else 0.0, 1.0)
        if steps is not None:
            improve_steps(engine, round(share * steps), cooling, improving)
        else:
            improve_for(engine, share * limits.left, cooling, improving, limits.clock)
        if polished:
            return _polish(ready, engine, watch, seed, threads)
    watch.report(engine.best_placed, engine.best_total, "explaining")
    return engine.best_teams()


def _polish(
    ready: Start, engine: Engine, watch: _Watch, seed: int, threads: int
) -> tuple[Team, ...]:
    """Windows, for the time or the moves that are left."""
    limits, standing = watch.limits, (engine.best_total, engine.best_placed)
    polishing = Polishing(ready.layout, engine.best_teams(), standing, seed, ready.home)

    def improving() -> bool:
        go_on = watch.report(polishing.placed, polishing.total, "improving")
        return go_on and limits.left > 0

    moves = math.inf if limits.iterations is None else POLISHED * limits.iterations
    polishing.run(moves, improving, partial(_lanes, watch, threads))
    watch.report(polishing.placed, polishing.total, "explaining")
    return polishing.teams


def _lanes(watch: _Watch, threads: int) -> int:
    """One for each core that no proof is busy on."""
    proving = watch.prover is not None and watch.prover.is_busy
    return max(1, threads - proving)


def _search_side_by_side(ready: Start, watch: _Watch, seed: int, threads: int) -> tuple[Team, ...]:
    """Regions on threads, for a large round."""
    engine = Engine(ready.layout, ready.filled, is_compiled=True) if ready.filled else None
    first = COOL if engine else 0.0
    lanes = partial(_lanes, watch, threads)
    search = SideBySide(ready.layout, seed, lanes, watch.limits, first, ready.home)

    def tell() -> bool:
        now = search.standing
        return watch.report(now.placed, now.cost, "improving" if now.is_built else "building")

    teams = search.run(engine.teams() if engine else (), tell)
    watch.report(search.standing.placed, search.standing.cost, "explaining")
    return teams
