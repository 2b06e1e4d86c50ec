"""Ruin a few groups, recreate, and keep what annealing accepts."""

from __future__ import annotations

from typing import Final

from goround.domain.matching.kernels.basics import a_pair, a_unit, below, hours_of, leeway, rand
from goround.domain.matching.kernels.building import fill, insert, open_at, open_for
from goround.domain.matching.kernels.moving import (
    close_spot,
    forget,
    remove_unit,
    take_back,
)
from goround.domain.matching.tables import (
    COUNT,
    G_HOUR,
    G_PINNED,
    G_SIZE,
    G_UNIT,
    G_UNITS,
    H_FREE,
    H_GROUPS,
    H_PAIR,
    H_SPOT,
    H_WIDTH,
    P_HOUR,
    P_UNIT,
    POOL,
    PUSH,
    SIZE_MIN,
    TOTAL,
    TOUCHED,
    U_COST,
    U_LANGUAGE,
    U_LOSS,
    U_PINNED,
    U_SIZE,
    U_SPOT,
    U_TYPE,
    UNPLACED,
    Arena,
)

MOST_URGENT: Final = 8


def pool_unit(t: Arena, unit: int) -> None:
    t[t[POOL] + t[POOL + COUNT]] = unit
    t[POOL + COUNT] += 1


def a_group_near(t: Arena, unit: int) -> int:
    """A group at one of the unit's hours, or -1."""
    for _ in range(4):
        hour = t[a_pair(t, unit) + P_HOUR]
        if t[hour + H_GROUPS]:
            return int(t[t[hour + H_SPOT] + below(t, t[hour + H_GROUPS])])
    return -1


def scatter(t: Arena, seed: int, number: int) -> None:
    """Take units out one by one, each from a group near the one before."""
    near = seed
    for _ in range(number):
        spot = a_group_near(t, near)
        if spot < 0:
            near = seed
            continue
        unit = t[t[spot + G_UNIT] + below(t, t[spot + G_UNITS])]
        if t[unit + U_PINNED]:
            continue
        remove_unit(t, unit)
        pool_unit(t, unit)
        if rand(t) < 0.5:
            near = unit
        if t[spot + G_UNITS] == 0:
            close_spot(t, spot)


def dissolve(t: Arena, spot: int) -> int:
    """Take the whole group apart; gives one of its units, or -1 if it is pinned."""
    if t[spot + G_PINNED]:
        return -1
    unit = t[t[spot + G_UNIT] + below(t, t[spot + G_UNITS])]
    for place in range(t[spot + G_UNITS]):
        pool_unit(t, t[t[spot + G_UNIT] + place])
    close_spot(t, spot)
    return int(unit)


def dissolve_near(t: Arena, seed: int, number: int) -> None:
    near = seed
    for _ in range(number):
        spot = a_group_near(t, near)
        if spot < 0:
            near = seed
            continue
        unit = dissolve(t, spot)
        if unit >= 0 and rand(t) < 0.5:
            near = unit


def pull(t: Arena, pair: int, number: int) -> None:
    """Take units who could meet with the pair's unit then out of their groups."""
    hour, seed = t[pair + P_HOUR], t[pair + P_UNIT]
    first = t[hour + H_PAIR] + t[hour + H_FREE]
    for _ in range(3 * number):
        taken = t[hour + H_WIDTH + H_PAIR] - first
        if number == 0 or taken <= 0:
            return
        unit = t[t[first + below(t, taken)] + P_UNIT]
        if (
            t[unit + U_PINNED]
            or not t[unit + U_LANGUAGE] & t[seed + U_LANGUAGE]
            or not t[unit + U_TYPE] & t[seed + U_TYPE]
        ):
            continue
        spot = t[unit + U_SPOT]
        if t[spot + G_SIZE] - t[unit + U_SIZE] < t[SIZE_MIN] and rand(t) < 0.7:
            continue
        remove_unit(t, unit)
        pool_unit(t, unit)
        number -= 1
        first += 1
        if t[spot + G_UNITS] == 0:
            close_spot(t, spot)


def make_room(t: Arena, hour: int) -> None:
    """Dissolve one group at the hour."""
    if t[hour + H_GROUPS]:
        dissolve(t, t[t[hour + H_SPOT] + below(t, t[hour + H_GROUPS])])


def a_seed(t: Arena) -> int:
    """An unplaced unit as often as not, else any."""
    if t[UNPLACED + COUNT] and rand(t) < 0.5:
        return int(t[t[UNPLACED] + below(t, t[UNPLACED + COUNT])])
    return a_unit(t)


def ruin(t: Arena, seed: int) -> None:
    """One of three ways to take something apart near the seed."""
    way = rand(t)
    if way < 0.45:
        scatter(t, seed, 1 + below(t, 8))
    elif way < 0.7:
        dissolve_near(t, seed, 1 + below(t, 3))
    else:
        pair = a_pair(t, seed)
        if t[seed + U_SPOT] < 0 and t[t[pair + P_HOUR] + H_GROUPS] and rand(t) < 0.4:
            make_room(t, t[pair + P_HOUR])
        pull(t, pair, 1 + below(t, max(5, t[SIZE_MIN] + 1)))
        if t[seed + U_SPOT] < 0:
            open_at(t, pair)


def shuffle_pool(t: Arena) -> None:
    """A random order, or those with the fewest hours first."""
    hardest_first = rand(t) < 0.4
    for place in range(1, t[POOL + COUNT]):
        if not hardest_first:
            other = below(t, place + 1)
            t[t[POOL] + place], t[t[POOL] + other] = t[t[POOL] + other], t[t[POOL] + place]
            continue
        unit = t[t[POOL] + place]
        hours, at = hours_of(t, unit), place
        while at and hours_of(t, t[t[POOL] + at - 1]) > hours:
            t[t[POOL] + at] = t[t[POOL] + at - 1]
            at -= 1
        t[t[POOL] + at] = unit


def fill_touched(t: Arena) -> None:
    for entry in range(t[TOUCHED + COUNT]):
        spot = t[t[TOUCHED] + entry]
        if t[spot + G_HOUR] >= 0:
            fill(t, spot)


def open_pool(t: Arena) -> None:
    """Open groups around pool units that are still out, each attempt at a few hours."""
    left = 4
    for place in range(t[POOL + COUNT]):
        unit = t[t[POOL] + place]
        if t[unit + U_SPOT] < 0:
            open_for(t, unit, 6)
            left -= 1
            if left == 0:
                return


def insert_pool(t: Arena, blink: float) -> None:
    for place in range(t[POOL + COUNT]):
        unit = t[t[POOL] + place]
        if t[unit + U_SPOT] < 0:
            insert(t, unit, blink)


def close_small(t: Arena) -> bool:
    """Dissolve groups that ended too small; False if one of them is pinned."""
    for entry in range(t[TOUCHED + COUNT]):
        spot = t[t[TOUCHED] + entry]
        if t[spot + G_HOUR] >= 0 and t[spot + G_SIZE] < t[SIZE_MIN]:
            if t[spot + G_PINNED]:
                return False
            dissolve(t, spot)
    return True


def recreate(t: Arena) -> bool:
    """Place the pool and whoever else gains; False when a rule could not be kept."""
    shuffle_pool(t)
    way = rand(t)
    if way < 0.3:
        open_pool(t)
    if 0.2 < way < 0.4:
        fill_touched(t)
    insert_pool(t, 0.02)
    if way >= 0.3:
        open_pool(t)
    fill_touched(t)
    done = t[POOL + COUNT]
    if not close_small(t):
        return False
    if t[POOL + COUNT] > done:
        insert_pool(t, 0.0)
    return True


def urge(t: Arena, unit: int) -> None:
    """If the unit still has no group, let that weigh more: in time others make way for it."""
    if t[unit + U_SPOT] < 0 and t[unit + U_LOSS] < MOST_URGENT * t[unit + U_COST]:
        t[unit + U_LOSS] += t[PUSH]
        t[TOTAL] += t[PUSH]


def attempt(t: Arena, heat: float) -> bool:
    """One move; undone unless it is better, or little enough worse for the heat."""
    before = t[TOTAL]
    t[POOL + COUNT] = 0
    seed = a_seed(t)
    ruin(t, seed)
    kept = recreate(t)
    worse = t[TOTAL] - before
    if kept and (worse <= 0 or worse <= leeway(t, heat)):
        forget(t)
        urge(t, seed)
        return True
    take_back(t)
    urge(t, seed)
    return False


def improve(t: Arena, steps: int, hot: float, cold: float) -> int:
    """Make that many moves while the heat falls from hot to cold; how many were kept.

    Heat is in the unit of cost, millionths.
    """
    kept = 0
    fall = (cold / hot) ** (1.0 / max(1, steps))
    heat = hot
    for _ in range(steps):
        kept += attempt(t, heat)
        heat *= fall
    return kept
