"""Form groups: the one function that pages, commands and jobs call."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from goround.domain.matching.answer import Answer
from goround.domain.matching.bound import lower_bound
from goround.domain.matching.compiled import is_warm, start_warming
from goround.domain.matching.cost import answer_cost
from goround.domain.matching.engine import Engine, formed
from goround.domain.matching.explain import reasons_unplaced
from goround.domain.matching.loading import begin
from goround.domain.matching.problem import Problem
from goround.domain.matching.tables import MILLION

FIRST_STEPS: Final = 200
LEAST_STEPS: Final = 10
MOST_STEPS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the search is: ``phase`` is ``building``, ``improving`` or ``explaining``.

    ``bound`` is the highest proven lower bound on the cost so far, or None.
    """

    placed: int
    total: int
    cost: float
    seconds: float
    phase: str
    bound: float | None = None


@dataclass(slots=True)
class _Watch:
    """Time, and whoever wants to know how far we are."""

    clock: Callable[[], float]
    tell: Callable[[Progress], bool] | None
    placed_before: int
    total: int
    cost_before: float
    began: float = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.clock()

    @property
    def seconds(self) -> float:
        return self.clock() - self.began

    def report(self, engine: Engine, phase: str) -> bool:
        """False when told to stop."""
        if self.tell is None:
            return True
        placed = self.placed_before + (engine.placed() if phase == "building" else 0)
        placed += 0 if phase == "building" else engine.best_placed
        total = engine.best_total if phase != "building" else engine.total
        cost = self.cost_before + total / MILLION
        return self.tell(Progress(placed, self.total, cost, self.seconds, phase))


def solve(
    problem: Problem,
    *,
    seconds: float,
    seed: int,
    start: Answer | None = None,
    progress: Callable[[Progress], bool] | None = None,
    iterations: int | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Answer:
    """The best groups found in the time given. Breaks no rule.

    ``seconds`` count from the call and include reading and explaining, roughly. With
    ``iterations`` that many moves are made however long they take, and the same seed gives
    the same groups again. Groups and members that are locked in ``start`` stay; a locked
    group stays even if it breaks a rule, since somebody wanted it so. When ``progress``
    returns False the best so far is returned.
    """
    fixed_watch = clock()
    ready = begin(problem, seed=seed, start=start)
    layout = ready.layout
    if not is_warm():
        start_warming()
    engine = Engine(layout, ready.filled, is_compiled=is_warm())
    placed, cost = _aside(problem, engine)
    watch = _Watch(clock, progress, placed, len(problem.parents), cost)
    watch.began = fixed_watch
    if layout.units and engine.build(lambda: watch.report(engine, "building")):
        _improve(engine, watch, seconds, iterations)
    watch.report(engine, "explaining")
    groups = (
        *layout.fixed,
        *formed(layout, engine.best_teams(), () if start is None else start.groups),
    )
    where = {name for group in groups for name in group.members}
    left = [parent.id for parent in problem.parents if parent.id not in where]
    return Answer(
        groups=groups,
        unplaced=tuple(reasons_unplaced(problem, groups, left, layout=layout)),
        cost=answer_cost(problem, groups),
        lower_bound=None if layout.fixed else lower_bound(layout),
        seed=seed,
        seconds=watch.seconds,
        locked_members=frozenset() if start is None else start.locked_members & where,
    )


def _aside(problem: Problem, engine: Engine) -> tuple[int, float]:
    """Parents placed, and cost, that the engine does not see."""
    fixed = engine.layout.fixed
    placed = {name for group in fixed for name in group.members}
    cost = answer_cost(problem, fixed)
    weight = problem.policy.unplaced_weight
    mine = [problem.parents[place] for unit in engine.layout.units for place in unit]
    return len(placed), cost - weight * sum(parent.priority for parent in mine)


def _improve(engine: Engine, watch: _Watch, seconds: float, iterations: int | None) -> None:
    if iterations is None:
        _improve_for(engine, watch, seconds)
    else:
        _improve_steps(engine, watch, iterations)


def _improve_steps(engine: Engine, watch: _Watch, iterations: int) -> None:
    done = 0
    while done < iterations:
        steps = min(FIRST_STEPS, iterations - done)
        engine.improve(steps, done / iterations, (done + steps) / iterations)
        done += steps
        engine.change_over()
        if not watch.report(engine, "improving"):
            return


def _improve_for(engine: Engine, watch: _Watch, seconds: float) -> None:
    """Cool down over the time that is left, in spells short enough to be told to stop."""
    first = watch.seconds
    spell, steps = max(0.05, min(0.5, (seconds - first) / 50)), LEAST_STEPS
    while (now := watch.seconds) < seconds:
        part = (now - first) / (seconds - first)
        engine.improve(steps, part, part)
        if not watch.report(engine, "improving"):
            return
        took = max(1e-4, watch.seconds - now)
        steps = min(MOST_STEPS, max(LEAST_STEPS, round(steps * min(4.0, spell / took))))
        engine.change_over()
