"""A maximally diverse grouping problem as the search's arena.

Each group is an hour of its own at which everybody could be, with room for one group; that
group is there from the start and everybody is in one. A distance is a cost below zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from goround.domain.matching import tables as c
from goround.domain.matching.diverse import Instance
from goround.domain.matching.filling import Plan, first_random
from goround.domain.matching.tables import Arena

SPARE_SPOTS: Final = 2


class _At(NamedTuple):
    """Where each kind of record begins; ``held`` is the list of groups by hour."""

    unit: int
    hour: int
    spot: int
    pair: int
    by_hour: int
    held: int


@dataclass(frozen=True, slots=True)
class DiverseArena:
    """The arena, and where in it the units and hours begin."""

    arena: Arena
    unit: int
    hour: int
    spot: int

    def groups(self) -> list[int]:
        """The number of each unit's group as things stand."""
        size = self.arena[c.UNIT_COUNT]
        units = self.arena[self.unit : self.unit + size * c.U_WIDTH].reshape(-1, c.U_WIDTH)
        hours = self.arena[units[:, c.U_SPOT] + c.G_HOUR]
        found: list[int] = ((hours - self.hour) // c.H_WIDTH).tolist()
        return found


def fill_diverse(
    instance: Instance, groups: Sequence[int], *, seed: int, kept: int = 0
) -> DiverseArena:
    """The arena with unit ``i`` in group ``groups[i]``, and room to keep so many divisions."""
    size, count = instance.size, len(instance.lower)
    plan, where = Plan(), np.asarray(groups, np.int64)
    plan.skip(c.HEAD)
    at = _At(
        unit=plan.skip((size + 1) * c.U_WIDTH),
        hour=plan.skip((count + 1) * c.H_WIDTH),
        spot=plan.skip((count + SPARE_SPOTS) * c.G_WIDTH),
        pair=plan.skip(size * count * c.P_WIDTH),
        by_hour=plan.skip(size * count),
        held=plan.skip(count),
    )
    plan.records(at.held, 1, count)[:] = at.spot + c.G_WIDTH * np.arange(count)
    _fill_units(plan.records(at.unit, size + 1, c.U_WIDTH), plan, instance, where, at)
    _fill_pairs(plan, instance, at)
    _fill_hours(plan.records(at.hour, count + 1, c.H_WIDTH), plan, instance, at)
    g = plan.records(at.spot, count + SPARE_SPOTS, c.G_WIDTH)
    _fill_spots(g, plan, instance, where, at)
    head = plan.records(0, 1, c.HEAD)[0]
    _fill_head(head, plan, instance, at)
    head[c.KEPT] = plan.skip(kept * size)
    head[c.TOTAL] = head[c.COST] = g[:, c.G_COST].sum()
    head[c.RANDOM] = first_random(seed)
    return DiverseArena(plan.arena(), at.unit, at.hour, at.spot)


def _fill_head(head: Arena, plan: Plan, instance: Instance, at: _At) -> None:
    size, count = instance.size, len(instance.lower)
    for which in range(c.LISTS):
        head[which] = plan.skip(2 * size + 64)
    groups = at.spot + c.G_WIDTH * np.arange(count)
    head[c.GROUPS], head[c.GROUPS + c.COUNT] = plan.put(groups), count
    spare = groups[-1] + c.G_WIDTH * (1 + np.arange(SPARE_SPOTS))
    head[c.SPARE] = plan.put(np.concatenate([spare, groups]))
    head[c.SPARE + c.COUNT] = SPARE_SPOTS
    head[c.SIZE_MIN] = max(1, min(instance.lower))
    head[c.UNITS], head[c.UNIT_COUNT] = at.unit, size


def _fill_units(u: Arena, plan: Plan, instance: Instance, where: Arena, at: _At) -> None:
    size, count = instance.size, len(instance.lower)
    u[:, c.U_SIZE] = 1
    u[:, c.U_LANGUAGE] = u[:, c.U_TYPE] = 1
    u[:, c.U_LOSS] = u[:, c.U_COST] = (
        2 * int(np.abs(instance.distance).sum(axis=1).max()) + c.MILLION
    )
    u[:, c.U_APART] = plan.skip(0)
    u[:, c.U_PAIR] = at.pair + c.P_WIDTH * count * np.arange(size + 1)
    u[:-1, c.U_SPOT] = at.spot + c.G_WIDTH * where
    u[:, c.U_UNPLACED] = -1
    u[:-1, c.U_ROW] = plan.put(-instance.distance.ravel()) + size * np.arange(size)
    u[:, c.U_NUMBER] = np.arange(size + 1)


def _fill_pairs(plan: Plan, instance: Instance, at: _At) -> None:
    """Everybody could be at every hour."""
    size, count = instance.size, len(instance.lower)
    number = np.arange(size * count)
    unit, hour = number // count, number % count
    p = plan.records(at.pair, size * count, c.P_WIDTH)
    p[:, c.P_HOUR] = at.hour + c.H_WIDTH * hour
    p[:, c.P_UNIT] = at.unit + c.U_WIDTH * unit
    p[:, c.P_PLACE] = at.by_hour + hour * size + unit
    listed = plan.records(at.by_hour, size * count, 1)
    listed[hour * size + unit, 0] = at.pair + c.P_WIDTH * number


def _fill_hours(h: Arena, plan: Plan, instance: Instance, at: _At) -> None:
    number = np.arange(len(h))
    h[:, c.H_VENUE] = number
    h[:, c.H_END] = 1
    h[:-1, c.H_LEAST], h[:-1, c.H_MOST] = instance.lower, instance.upper
    h[:, c.H_ROOMS] = h[:, c.H_GROUPS] = 1
    h[:, c.H_CLASH] = plan.put(at.hour + c.H_WIDTH * number) + number
    h[:, c.H_PAIR] = at.by_hour + instance.size * number
    h[:, c.H_SPOT] = at.held + number
    h[:, c.H_LEADER] = plan.skip(0)


def _fill_spots(g: Arena, plan: Plan, instance: Instance, where: Arena, at: _At) -> None:
    """The groups as they stand, and behind them some spots without a group."""
    count, most = len(instance.lower), max(instance.upper)
    g[:, c.G_HOUR] = -1
    for number, spot in enumerate(g):
        units = np.flatnonzero(where == number)
        row = -instance.distance[units].sum(axis=0)
        pairs = at.pair + c.P_WIDTH * (count * units + number)
        spot[c.G_ROW] = plan.put(row)
        spot[c.G_UNIT] = plan.put(_padded(at.unit + c.U_WIDTH * units, most))
        spot[c.G_PAIR] = plan.put(_padded(pairs, most))
        spot[c.OLD_UNIT] = plan.skip(most)
        if number < count:
            spot[c.G_HOUR] = at.hour + c.H_WIDTH * number
            spot[c.G_UNITS] = spot[c.G_SIZE] = len(units)
            spot[c.G_LANGUAGE] = spot[c.G_TYPE] = 1
            spot[c.G_COST] = row[units].sum() // 2
            spot[c.G_AT], spot[c.G_INDEX] = at.held + number, number


def _padded(values: Arena, length: int) -> Arena:
    padded = np.zeros(length, np.int64)
    padded[: len(values)] = values
    return padded
