"""Remember divisions of all units into the groups there are, and cross two of them.

A division is a row of the list ``KEPT``: the group of each unit. Groups neither open nor
close here. The crossover is Galinier and Hao's for colouring graphs: take whole groups from
one parent and the other in turn, the best of what is left of each.
"""

from __future__ import annotations

from typing import Final

from goround.domain.matching.kernels.basics import below, pair_of
from goround.domain.matching.kernels.costs import add_to_team, team_cost
from goround.domain.matching.kernels.exchanging import place_of
from goround.domain.matching.kernels.moving import add_unit, drop_at, settle
from goround.domain.matching.tables import (
    COUNT,
    G_GIVEN,
    G_HOUR,
    G_ROOM,
    GROUPS,
    KEPT,
    NEVER,
    TEAM,
    U_SPOT,
    U_WIDTH,
    UNIT_COUNT,
    UNITS,
    Arena,
)

FILLED: Final = 4  # in ``G_GIVEN``, beside 1 and 2 for the parents that gave this group


def kept(t: Arena, row: int) -> int:
    """The address of the row."""
    return int(t[KEPT] + row * t[UNIT_COUNT])


def remember(t: Arena, row: int) -> None:
    """Keep who is in which group."""
    for number in range(t[UNIT_COUNT]):
        t[kept(t, row) + number] = t[t[UNITS] + U_WIDTH * number + U_SPOT]


def recall(t: Arena, row: int) -> None:
    """Put everybody into the group that the row says."""
    begin = kept(t, row)
    for number in range(t[UNIT_COUNT]):
        unit = t[UNITS] + U_WIDTH * number
        spot = t[unit + U_SPOT]
        if spot >= 0 and spot != t[begin + number]:
            drop_at(t, spot, place_of(t, spot, unit))
    for number in range(t[UNIT_COUNT]):
        unit, spot = t[UNITS] + U_WIDTH * number, t[begin + number]
        if spot >= 0 and t[unit + U_SPOT] < 0:
            add_unit(t, spot, pair_of(t, unit, t[spot + G_HOUR]))
    for entry in range(t[GROUPS + COUNT]):
        settle(t, t[t[GROUPS] + entry])


def clear(t: Arena, one: int, child: int) -> None:
    """Nobody is in the child yet; its groups will be as large as the first parent's."""
    for entry in range(t[GROUPS + COUNT]):
        spot = t[t[GROUPS] + entry]
        t[spot + G_ROOM] = t[spot + G_GIVEN] = 0
    for number in range(t[UNIT_COUNT]):
        spot = t[kept(t, one) + number]
        t[kept(t, child) + number] = -1
        if spot >= 0:
            t[spot + G_ROOM] += 1


def muster(t: Arena, row: int, child: int, spot: int) -> int:
    """Make those of the parent's group who are not yet in the child the team; how many."""
    t[TEAM + COUNT] = 0
    found = 0
    for number in range(t[UNIT_COUNT]):
        if t[kept(t, row) + number] == spot and t[kept(t, child) + number] < 0:
            add_to_team(t, t[UNITS] + U_WIDTH * number)
            found += 1
    return found


def best_left(t: Arena, row: int, child: int, giver: int) -> int:
    """The parent's group that is best, each by what is left of it and by head; or -1."""
    best, best_spot = NEVER, -1
    for entry in range(t[GROUPS + COUNT]):
        spot = t[t[GROUPS] + entry]
        if t[spot + G_GIVEN] & giver:
            continue
        left = muster(t, row, child, spot)
        if left:
            score = team_cost(t) // left
            if score < best:
                best, best_spot = score, spot
    return int(best_spot)


def seat_for(t: Arena, wanted: int, size: int) -> int:
    """The child's group that such a team fits best, the one wanted if it is as good."""
    seat, best = -1, NEVER
    for entry in range(t[GROUPS + COUNT]):
        spot = t[t[GROUPS] + entry]
        if t[spot + G_GIVEN] & FILLED:
            continue
        over = t[spot + G_ROOM] - size
        misfit = 2 * over if over >= 0 else NEVER // 2 - over
        if spot != wanted:
            misfit += 1
        if misfit < best:
            seat, best = spot, misfit
    return int(seat)


def give(t: Arena, row: int, child: int, spot: int) -> None:
    """Put what is left of the parent's group into one of the child's."""
    size = muster(t, row, child, spot)
    seat = seat_for(t, spot, size)
    t[seat + G_GIVEN] |= FILLED
    for number in range(t[UNIT_COUNT]):
        here = t[kept(t, row) + number] == spot and t[kept(t, child) + number] < 0
        if here and t[seat + G_ROOM] > 0:
            t[kept(t, child) + number] = seat
            t[seat + G_ROOM] -= 1


def seat_rest(t: Arena, one: int, child: int) -> None:
    """Put those left over into any groups with room."""
    groups = t[GROUPS + COUNT]
    for number in range(t[UNIT_COUNT]):
        if t[kept(t, child) + number] >= 0 or t[kept(t, one) + number] < 0:
            continue
        entry = below(t, groups)
        while t[t[t[GROUPS] + entry] + G_ROOM] <= 0:
            entry = (entry + 1) % groups
        seat = t[t[GROUPS] + entry]
        t[kept(t, child) + number] = seat
        t[seat + G_ROOM] -= 1


def cross(t: Arena, one: int, two: int, child: int) -> None:
    """Make the child's row of the parents' rows, and put everybody where it says.

    Its groups have the sizes of the first parent's.
    """
    clear(t, one, child)
    for turn in range(t[GROUPS + COUNT]):
        row, giver = (two, 2) if turn % 2 else (one, 1)
        spot = best_left(t, row, child, giver)
        if spot < 0:
            break
        t[spot + G_GIVEN] |= giver
        give(t, row, child, spot)
    seat_rest(t, one, child)
    recall(t, child)
