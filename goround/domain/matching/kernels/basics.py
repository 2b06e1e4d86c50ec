"""Randomness, lookups, free places and rooms."""

from __future__ import annotations

import math

from goround.domain.matching.tables import (
    COST,
    COUNT,
    G_HOUR,
    H_CLASH,
    H_DAY,
    H_END,
    H_FREE,
    H_GROUPS,
    H_PAIR,
    H_ROOMS,
    H_START,
    H_TAKEN,
    H_VENUE,
    H_WIDTH,
    P_HOUR,
    P_PLACE,
    P_WIDTH,
    RANDOM,
    TOTAL,
    U_APART,
    U_COST,
    U_LOSS,
    U_NEAR,
    U_PAIR,
    U_SPOT,
    U_UNPLACED,
    U_WIDTH,
    UNIT_COUNT,
    UNITS,
    UNPLACED,
    Arena,
)


def draw(t: Arena) -> int:
    """32 random bits, never all zero, by Marsaglia's xorshift."""
    x = t[RANDOM]
    x ^= (x << 13) & 0xFFFFFFFF
    x ^= x >> 17
    x ^= (x << 5) & 0xFFFFFFFF
    t[RANDOM] = x
    return int(x)


def rand(t: Arena) -> float:
    """A number in [0, 1)."""
    return float(draw(t) / 4294967296.0)


def below(t: Arena, limit: int) -> int:
    """A whole number from 0 up to but not including ``limit``, which is below 2 ** 31."""
    return int((draw(t) * limit) >> 32)


def bits(mask: int) -> int:
    """How many bits are set."""
    found = 0
    while mask:
        mask &= mask - 1
        found += 1
    return found


def hours_of(t: Arena, unit: int) -> int:
    """How many hours the unit could attend; always some."""
    return int((t[unit + U_WIDTH + U_PAIR] - t[unit + U_PAIR]) // P_WIDTH)


def a_pair(t: Arena, unit: int) -> int:
    """One of the unit's pairs."""
    return int(t[unit + U_PAIR] + P_WIDTH * below(t, hours_of(t, unit)))


def a_unit(t: Arena) -> int:
    """Any unit."""
    return int(t[UNITS] + U_WIDTH * below(t, t[UNIT_COUNT]))


def leeway(t: Arena, heat: float) -> int:
    """How much worse a change may make it this time, by annealing; heat on average."""
    return int(-heat * math.log(rand(t) + 1e-12))


def pair_of(t: Arena, unit: int, hour: int) -> int:
    """The pair of this unit and hour, or -1 when the unit could not be there.

    The first look is where the pair stands if the unit misses no hour.
    """
    first = t[unit + U_PAIR]
    low, high = 0, hours_of(t, unit) - 1
    middle = (hour - t[first + P_HOUR]) // H_WIDTH
    if middle < 0:
        return -1
    if middle <= high and t[first + middle * P_WIDTH + P_HOUR] == hour:
        return int(first + middle * P_WIDTH)
    while low < high:
        middle = (low + high) // 2
        if t[first + middle * P_WIDTH + P_HOUR] < hour:
            low = middle + 1
        else:
            high = middle
    found = first + low * P_WIDTH
    return int(found) if t[found + P_HOUR] == hour else -1


def swap_pairs(t: Arena, pair: int, target: int) -> None:
    """Let the pair stand at ``target`` in its hour's list, and whoever stood there at its place."""
    here, other = t[pair + P_PLACE], t[target]
    t[target], t[here] = pair, other
    t[pair + P_PLACE], t[other + P_PLACE] = target, here


def set_taken(t: Arena, unit: int) -> None:
    """The unit is no longer unplaced: it leaves the free part of all its hours."""
    for pair in range(t[unit + U_PAIR], t[unit + U_WIDTH + U_PAIR], P_WIDTH):
        hour = t[pair + P_HOUR]
        t[hour + H_FREE] -= 1
        swap_pairs(t, pair, t[hour + H_PAIR] + t[hour + H_FREE])
    at = t[unit + U_UNPLACED]
    t[UNPLACED + COUNT] -= 1
    last = t[t[UNPLACED] + t[UNPLACED + COUNT]]
    t[t[UNPLACED] + at] = last
    t[last + U_UNPLACED] = at
    t[unit + U_UNPLACED] = -1
    t[TOTAL] -= t[unit + U_LOSS]
    t[COST] -= t[unit + U_COST]
    for entry in range(t[unit + U_APART], t[unit + U_WIDTH + U_APART]):
        t[t[entry] + U_NEAR] += 1


def set_free(t: Arena, unit: int) -> None:
    for pair in range(t[unit + U_PAIR], t[unit + U_WIDTH + U_PAIR], P_WIDTH):
        hour = t[pair + P_HOUR]
        swap_pairs(t, pair, t[hour + H_PAIR] + t[hour + H_FREE])
        t[hour + H_FREE] += 1
    t[t[UNPLACED] + t[UNPLACED + COUNT]] = unit
    t[unit + U_UNPLACED] = t[UNPLACED + COUNT]
    t[UNPLACED + COUNT] += 1
    t[TOTAL] += t[unit + U_LOSS]
    t[COST] += t[unit + U_COST]
    for entry in range(t[unit + U_APART], t[unit + U_WIDTH + U_APART]):
        t[t[entry] + U_NEAR] -= 1


def at_once(t: Arena, hour: int, start: int) -> int:
    """Groups in the hour's venue at that minute of its day, the locked ones too."""
    found = 0
    for entry in range(t[hour + H_CLASH], t[hour + H_WIDTH + H_CLASH]):
        other = t[entry]
        if t[other + H_START] <= start < t[other + H_END]:
            found += t[other + H_GROUPS] + t[other + H_TAKEN]
    return found


def has_room(t: Arena, hour: int) -> bool:
    """Whether one more group may meet then: at each start within the hour a room is free."""
    if at_once(t, hour, t[hour + H_START]) >= t[hour + H_ROOMS]:
        return False
    for entry in range(t[hour + H_CLASH], t[hour + H_WIDTH + H_CLASH]):
        start = t[t[entry] + H_START]
        if (
            t[hour + H_START] < start < t[hour + H_END]
            and at_once(t, hour, start) >= t[hour + H_ROOMS]
        ):
            return False
    return True


def is_apart(t: Arena, unit: int, hour: int) -> bool:
    """Whether somebody this unit is kept apart from is at the venue on that day."""
    if t[unit + U_NEAR] == 0:
        return False
    for entry in range(t[unit + U_APART], t[unit + U_WIDTH + U_APART]):
        spot = t[t[entry] + U_SPOT]
        if spot >= 0:
            other = t[spot + G_HOUR]
            if t[other + H_VENUE] == t[hour + H_VENUE] and t[other + H_DAY] == t[hour + H_DAY]:
                return True
    return False


def are_apart(t: Arena, one: int, two: int) -> bool:
    """Whether these units are kept apart from each other. The lists ascend."""
    low, high = t[one + U_APART], t[one + U_WIDTH + U_APART]
    while low < high:
        middle = (low + high) // 2
        if t[middle] < two:
            low = middle + 1
        else:
            high = middle
    return bool(low < t[one + U_WIDTH + U_APART] and t[low] == two)
