"""A proven lower bound on the cost of any answer, that grows with every round.

See ``docs/formation-bound.md`` for why each step is valid.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from goround.domain.matching import relaxed as c
from goround.domain.matching.bound import is_cut_short, lower_bound
from goround.domain.matching.compiled import is_warm, kernels
from goround.domain.matching.cost import answer_cost
from goround.domain.matching.eligible import Floats
from goround.domain.matching.layout import Layout
from goround.domain.matching.pool import Pool
from goround.domain.matching.relaxing import Relaxed, relax

STEPS: Final = 300
STEP: Final = 0.5
LARGE: Final = 1_000  # units; prices of so many go astray in long steps, and come back slowly
LARGE_STEPS: Final = 200
LARGE_STEP: Final = 0.1
PART: Final = 0.5
LEAST_POOL: Final = 20_000
POOL_PER_UNIT: Final = 8
MOST_PLAIN: Final = 2_000
AT_ONCE: Final = 200_000
CONVERGED: Final = 1e-4
PATIENCE: Final = 6
LEAST_SHARE: Final = 0.2
LEAST_CLIMB: Final = 0.01  # of the way to what is proven
LARGEST_GROUP: Final = 64  # for larger ones the modest bound must do: tables grow with the square
# Kilometres are kept in single precision; this covers their rounding.
ROUNDING: Final = 1e-6


@dataclass(slots=True)
class Bounding:
    """``best`` is never above the cost of any answer; None when nothing can be proven.

    With fixed groups in the layout, answers are those that keep them. Deterministic: the
    same calls give the same numbers. Not for use by two threads.

    ``prices`` (by row, see ``relaxed``) and ``rooms`` (by hour) are the multipliers that prove
    it: at these no group has a negative reduced cost. ``pool`` are groups near that.
    """

    layout: Layout
    best: float | None = field(init=False, default=None)
    best_inside: float = field(init=False, default=0.0)
    prices: Floats = field(init=False)
    rooms: Floats = field(init=False)
    pool: Pool = field(init=False)
    relaxed: Relaxed | None = field(init=False, default=None)
    aside: float = field(init=False, default=0.0)
    pool_value: float = field(init=False, default=np.inf)
    _pooled: Floats = field(init=False)
    _share: float = field(init=False, default=0.5)
    _idle: int = field(init=False, default=0)
    _climbed: float = field(init=False, default=-np.inf)

    def __post_init__(self) -> None:
        self.pool = Pool(min(LARGEST_GROUP, self.layout.problem.policy.size_max))
        if is_cut_short(self.layout):
            return
        if self.layout.markets is None or self.layout.problem.policy.size_max > LARGEST_GROUP:
            self.best = None if self.layout.fixed else lower_bound(self.layout)
            return
        self.relaxed = relax(self.layout, self.layout.markets)
        self.aside = cost_aside(self.layout)
        self.prices = _at_home(self.relaxed)
        self.rooms = np.zeros(len(self.layout.hours))
        self.best_inside = self._inside(self.prices, self.rooms)
        self.best = self.aside + self.best_inside * (1 - ROUNDING)

    @property
    def rows(self) -> int:
        return len(self.prices)

    @property
    def proving(self) -> Relaxed:
        """What is relaxed; only where something can be proven from it."""
        assert self.relaxed is not None
        return self.relaxed

    def _inside(self, prices: Floats, rooms: Floats) -> float:
        """What the multipliers prove about units and their groups."""
        relaxed, units = self.proving, len(self.layout.units)
        most = relaxed.part(c.X_MOST, self.rows)
        there = relaxed.whole(c.A_ROOMS, len(rooms))
        seats = sum(len(unit) for unit in self.layout.units)
        return (
            math.fsum(prices[:units])
            - math.fsum(prices[units:] * most[units:])
            - math.fsum(rooms * there)
            - c.NOTHING * seats
        )

    def advance(self, upper: float, *, compiled: bool | None = None) -> bool:
        """One round; ``upper`` is the cost of the best answer known.

        False when nothing more is to be gained, or only with compiled kernels that are not
        ready. Plain kernels prove the same, to the last digit, if the case is small enough.
        """
        if self.relaxed is None or self.best is None or not self.layout.units:
            return False
        compiled = is_warm() if compiled is None else compiled
        if not compiled and len(self.relaxed.markets.unit) > MOST_PLAIN:
            return False
        if len(self.pool):
            self._climb(upper, compile=compiled)
        self._aim(compile=compiled)
        before = self.best_inside
        self._prove(compile=compiled)
        return self._goes_on(before)

    def _climb(self, upper: float, *, compile: bool) -> None:
        """Better prices for the pool; groups that are far from being chosen leave it."""
        target = max(upper - self.aside, self.best_inside * (1 + CONVERGED) + CONVERGED)
        is_large = len(self.layout.units) >= LARGE
        self.proving.part(c.X_STEP, 1)[:] = LARGE_STEP if is_large else STEP
        steps = LARGE_STEPS if is_large else STEPS
        self.pool_value, reduced = self._steps(steps, target, PART, compile=compile)
        most = max(LEAST_POOL, POOL_PER_UNIT * len(self.layout.units))
        if len(self.pool) > most:
            kept = np.argsort(reduced, kind="stable")[: most * 3 // 4]
            self.pool.keep(np.sort(kept))

    def _aim(self, *, compile: bool) -> None:
        """Prices between the pool's and the best proven ones, and what rooms cost there."""
        relaxed = self.proving
        price = relaxed.part(c.X_PRICE, self.rows)
        self._pooled = price.copy()
        relaxed.part(c.X_ROOM_PRICE, len(self.layout.hours))[:] = 0.0
        if not len(self.pool):
            return
        price[:] = self._share * price + (1 - self._share) * self.prices
        self._steps(1, 0.0, 0.0, compile=compile)

    def _steps(
        self, steps: int, target: float, part: float, *, compile: bool
    ) -> tuple[float, Floats]:
        relaxed, reduced = self.proving, np.zeros(len(self.pool))
        table = self.pool.table(relaxed.markets.hour, len(self.layout.hours))
        order = np.zeros(len(self.pool), np.int64)
        climb = kernels(compile=compile).climb
        value = climb(
            relaxed.t, relaxed.x, table, self.pool.cost, reduced, order, steps, target, part
        )
        return float(value), reduced

    def _prove(self, *, compile: bool) -> None:
        """Price exactly, changing prices until they prove something."""
        relaxed = self.proving
        width = c.C_UNIT + self.pool.width
        most = max(1_000, min(AT_ONCE, 20 * len(self.layout.units)))
        out, costs, at = np.zeros(most * width, np.int64), np.zeros(most), np.zeros(2, np.int64)
        while at[0] < len(self.layout.hours):
            kernels(compile=compile).price(relaxed.t, relaxed.x, out, costs, at)
            count = int(at[1])
            self.pool.add(out.reshape(most, width)[:count], costs[:count])
        price = relaxed.part(c.X_PRICE, self.rows)
        rooms = relaxed.part(c.X_ROOM_PRICE, len(self.layout.hours))
        value = self._inside(price, rooms)
        self._look_further(value)
        if value > self.best_inside:
            self.best_inside = value
            self.prices, self.rooms = price.copy(), rooms.copy()
            self.best = self.aside + value * (1 - ROUNDING)
        price[:] = self._pooled

    def _look_further(self, value: float) -> None:
        """Trust the pool's prices more after half of their promise came true, else less."""
        hoped = self._share * (self.pool_value - self.best_inside)
        good = hoped >= 0 and value - self.best_inside >= hoped / 2
        self._share = 1 - (1 - self._share) / 2 if good else max(LEAST_SHARE, self._share * 0.7)

    def _goes_on(self, before: float) -> bool:
        """Whether the pool promises more, and the last rounds brought something."""
        assert self.best is not None
        least = CONVERGED * max(1.0, abs(self.best))
        left = self.pool_value - self.best_inside
        climbs = left < 0 and self.pool_value - self._climbed > max(least, -left * LEAST_CLIMB)
        self._climbed = self.pool_value
        gained = self.best_inside - before > least / 20
        self._idle = 0 if gained or climbs else self._idle + 1
        return self._idle < PATIENCE and (left < 0 or left > least)


def cost_aside(layout: Layout) -> float:
    """The cost of fixed groups, and of everybody who is in no unit and in none of them."""
    parents = layout.problem.parents
    inside = sum(parents[place].priority for unit in layout.units for place in unit)
    weight = layout.problem.policy.unplaced_weight
    return answer_cost(layout.problem, layout.fixed) - weight * inside


def _at_home(relaxed: Relaxed) -> Floats:
    """For each unit the least of staying unplaced and its kilometres: a modest proof."""
    units = int(relaxed.t[c.N_UNITS])
    prices = np.zeros(int(relaxed.t[c.N_ROWS]))
    prices[:units] = relaxed.part(c.X_LOSS, units)
    entries = len(relaxed.markets.unit)
    np.minimum.at(prices, relaxed.markets.unit, relaxed.part(c.X_COST, entries))
    return prices
