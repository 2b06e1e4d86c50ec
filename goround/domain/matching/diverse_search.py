"""Search for the most diverse groups: a population of annealed divisions, crossed in pairs.

Each child is the greedy partition crossover of two divisions, annealed for a short time from
a heat at which most of what it was given stays. It takes the place of the worse of its
parents, or of the worst of all. Once a population brings nothing new, another begins, of
half as many that are annealed four times as long, with the best so far among them: where
good divisions have much in common crossing finds the rest quickly, and where they have
nothing in common only patience helps.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from goround.domain.matching.compiled import PAIRWISE, Kernels, kernels
from goround.domain.matching.diverse import Division, Instance
from goround.domain.matching.diverse_arena import DiverseArena, fill_diverse
from goround.domain.matching.tables import G_WIDTH, KEPT, TOTAL

# Heats are named by the part of moves that annealing accepts, which says where the search is
# whatever the distances are: at the start of a newcomer, of a child, and at the end of both.
HOT: Final = 0.1
WARM: Final = 0.03
COLD: Final = 0.001
COOLING: Final = 0.8

# A sweep is as many steps as there are pairs of a unit and a group it is not in.
MOST: Final = 24
FEWEST: Final = 6
NEWCOMER: Final = 2.5  # times as long as a child is annealed
PATIENCE: Final = 1 / 16  # for each unit: children for each in the population without a new best
LEAST_PATIENCE: Final = 5.0
SWEEPS_IN_BUDGET: Final = 1000  # how often a child of the first population would fit into it
LEAST_SWEEPS: Final = 4
POLISH: Final = 20

# Rows of remembered divisions behind those of the population.
CHILD: Final = MOST
BEST: Final = MOST + 1


class Heats(NamedTuple):
    """In the unit of cost, millionths."""

    hot: float
    warm: float
    cold: float


def solve(
    instance: Instance,
    *,
    seed: int,
    seconds: float = 3.0,
    iterations: int | None = None,
    clock: Callable[[], float] = time.monotonic,
    compile: bool = True,
) -> Division:
    """The most diverse groups found in the time given.

    Time counts from when compiled kernels are ready. With ``iterations``, so many times one
    unit is weighed against one group however long it takes, and the same seed gives the same
    groups again, on any machine, compiled or plain.
    """
    chance = random.Random(seed)  # noqa: S311 - nothing here is secret
    search = _Search(instance, chance, kernels(compile=compile, cost=PAIRWISE))
    began = clock()
    heats = search.find_heats()
    if iterations is None:
        budget = round(search.spent * seconds / max(1e-3, clock() - began))
        search.run(heats, budget, lambda: clock() - began < seconds)
    else:
        search.run(heats, iterations, lambda: search.spent < iterations)
    return search.answer()


def best_sizes(instance: Instance) -> tuple[int, ...]:
    """Sizes within the bounds with most pairs inside groups: some large, the others small."""
    best: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, ())}
    for low, high in zip(instance.lower, instance.upper, strict=True):
        found: dict[int, tuple[int, tuple[int, ...]]] = {}
        for people, (pairs, sizes) in best.items():
            for size in range(low, min(high, instance.size - people) + 1):
                value = pairs + size * (size - 1) // 2
                if value > found.get(people + size, (-1, ()))[0]:
                    found[people + size] = (value, (*sizes, size))
        best = found
    return best[instance.size][1]


@dataclass(slots=True)
class _Search:
    """One arena, the population kept in it, and the best so far."""

    instance: Instance
    rng: random.Random
    kernels: Kernels
    spent: int = 0
    _groups: list[int] = field(init=False)
    _at: DiverseArena = field(init=False)
    _best: int = field(init=False)
    _costs: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with any division. Compiled code is loaded, or made, before time counts."""
        sizes = best_sizes(self.instance)
        self._groups = [group for group, size in enumerate(sizes) for _ in range(size)]
        self.rng.shuffle(self._groups)
        seed = self.rng.getrandbits(32)
        self._at = fill_diverse(self.instance, self._groups, seed=seed, kept=MOST + 2)
        self._best = self._total
        self._call("remember", BEST)
        self._call("cross", BEST, BEST, CHILD)
        self._call("recall", BEST)
        self._call("exchange", 0, 1.0, 1.0)

    def find_heats(self) -> Heats:
        """Cool down quickly and see at which heat how much is accepted."""
        found: list[float] = []
        heat = max(1.0, 2.0 * abs(self._total) / self.instance.size)
        for wanted in (HOT, WARM, COLD):
            while self._anneal(0.5, heat, heat) > wanted and heat > 1.0:
                heat *= COOLING
            found.append(heat)
        return Heats(*found)

    def run(self, heats: Heats, budget: int, go_on: Callable[[], bool]) -> None:
        """One population after another; ``budget`` in steps says how long children take."""
        size = MOST
        sweeps = max(LEAST_SWEEPS, budget / self._sweep / SWEEPS_IN_BUDGET)
        while go_on():
            self._found(heats, size, sweeps, go_on)
            self._breed(heats, size, sweeps, go_on)
            size, sweeps = max(FEWEST, size // 2), 4 * sweeps
        self._call("recall", BEST)
        self._anneal(POLISH, heats.cold / 100, heats.cold / 1000)

    def answer(self) -> Division:
        """The best division there was."""
        self._call("recall", BEST)
        where = self._at.groups()
        groups = tuple(
            tuple(unit for unit, group in enumerate(where) if group == number)
            for number in range(len(self.instance.lower))
        )
        return Division(groups, self.instance.value(groups))

    def _found(self, heats: Heats, size: int, sweeps: float, go_on: Callable[[], bool]) -> None:
        """A new population; the best so far is in it, unless it is the first."""
        first = not self._costs
        self._costs = []
        while len(self._costs) < size and (go_on() or not self._costs):
            if first or self._costs:
                self._shuffle()
                self._anneal(NEWCOMER * sweeps, heats.hot, heats.cold)
            else:
                self._call("recall", BEST)
            self._call("remember", len(self._costs))
            self._costs.append(self._total)

    def _shuffle(self) -> None:
        """Any division."""
        self.rng.shuffle(self._groups)
        spots = self._at.spot + G_WIDTH * np.array(self._groups, np.int64)
        row = self._at.arena[KEPT] + CHILD * self.instance.size
        self._at.arena[row : row + self.instance.size] = spots
        self._call("recall", CHILD)

    def _breed(self, heats: Heats, size: int, sweeps: float, go_on: Callable[[], bool]) -> None:
        """Children, until for some time there was no new best or time is over."""
        waited, best = 0, min(self._costs)
        most = size * max(LEAST_PATIENCE, PATIENCE * self.instance.size)
        while waited < most and go_on():
            one, two = self.rng.sample(range(len(self._costs)), 2)
            self._call("cross", one, two, CHILD)
            self._anneal(sweeps, heats.warm, heats.cold)
            self._settle_in(one, two)
            waited = 0 if self._total < best else waited + 1
            best = min(best, self._total)

    def _settle_in(self, one: int, two: int) -> None:
        """Let the child replace its worse parent, or else the worst, if it beats that."""
        costs, cost = self._costs, self._total
        if cost in costs:
            return
        for row in (max(one, two, key=costs.__getitem__), costs.index(max(costs))):
            if cost < costs[row]:
                self._call("remember", row)
                costs[row] = cost
                return

    def _anneal(self, sweeps: float, hot: float, cold: float) -> float:
        """Anneal what is in the arena; gives the part of steps that were accepted."""
        steps = max(1, round(sweeps * self._sweep))
        self.spent += steps
        accepted = self.kernels.exchange(self._at.arena, steps, hot, cold)
        if self._total < self._best:
            self._best = self._total
            self._call("remember", BEST)
        return accepted / steps

    def _call(self, kernel: str, *numbers: float) -> None:
        getattr(self.kernels, kernel)(self._at.arena, *numbers)

    @property
    def _total(self) -> int:
        return int(self._at.arena[TOTAL])

    @property
    def _sweep(self) -> int:
        """Steps."""
        return self.instance.size * max(1, len(self.instance.lower) - 1)
