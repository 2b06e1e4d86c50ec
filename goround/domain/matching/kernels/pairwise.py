"""What units in a group cost when every two of them have a cost side by side.

The other module is ``costs``, with the same functions. ``U_ROW`` of a unit is the address of
what it costs beside each other unit, 0 beside itself; ``G_ROW`` of a group that of what each
unit costs beside all who are in the group, kept up with every arrival and departure: one
pass over the units, so that a change is weighed in a few steps and made in n. The team is
what the list ``TEAM`` holds, here units. Units must be single members.

Rows are taken as slices that share the arena's memory, so the arena must be an array.
"""

from __future__ import annotations

from goround.domain.matching.kernels.basics import rand
from goround.domain.matching.tables import (
    COUNT,
    G_COST,
    G_ROW,
    G_UNIT,
    G_UNITS,
    P_UNIT,
    TEAM,
    U_NUMBER,
    U_ROW,
    UNIT_COUNT,
    Arena,
)


def beside(t: Arena, unit: int, other: int) -> int:
    """What the two cost in one group."""
    return int(t[t[unit + U_ROW] + t[other + U_NUMBER]])


def among(t: Arena, spot: int, unit: int) -> int:
    """What the unit costs beside all who are in the group."""
    return int(t[t[spot + G_ROW] + t[unit + U_NUMBER]])


def add_to_team(t: Arena, unit: int) -> None:
    t[t[TEAM] + t[TEAM + COUNT]] = unit
    t[TEAM + COUNT] += 1


def team_cost(t: Arena) -> int:
    cost = 0
    for place in range(t[TEAM + COUNT]):
        for other in range(place):
            cost += beside(t, t[t[TEAM] + place], t[t[TEAM] + other])
    return int(cost)


def cost_with(t: Arena, spot: int, pair: int) -> int:
    """The group's cost if the pair's unit joined."""
    return int(t[spot + G_COST] + among(t, spot, t[pair + P_UNIT]))


def group_cost(t: Arena, spot: int) -> int:
    """What the group costs, all told."""
    twice = 0
    for place in range(t[spot + G_UNITS]):
        twice += among(t, spot, t[t[spot + G_UNIT] + place])
    return int(twice // 2)


def change(t: Arena, spot: int, leaving: int, pair: int) -> int:
    """How much more the group costs if one unit left and the pair's joined; -1 for nobody."""
    more = 0
    if leaving >= 0:
        more -= among(t, spot, leaving)
    if pair >= 0:
        joining = t[pair + P_UNIT]
        more += among(t, spot, joining)
        if leaving >= 0:
            more -= beside(t, leaving, joining)
    return int(more)


def at_best(t: Arena, unit: int, home: int, other: int, spot: int) -> int:
    """No swap of the unit with the other costs less more than this; here it is the very cost."""
    back = among(t, home, other) - among(t, spot, other) - 2 * beside(t, unit, other)
    return int(among(t, spot, unit) - among(t, home, unit) + back)


def came(t: Arena, spot: int, unit: int) -> None:
    """The unit is in the group now."""
    size, group, row = t[UNIT_COUNT], t[spot + G_ROW], t[unit + U_ROW]
    sums, more = t[group : group + size], t[row : row + size]
    for number in range(size):
        sums[number] += more[number]


def went(t: Arena, spot: int, unit: int) -> None:
    """The unit has left the group."""
    size, group, row = t[UNIT_COUNT], t[spot + G_ROW], t[unit + U_ROW]
    sums, less = t[group : group + size], t[row : row + size]
    for number in range(size):
        sums[number] -= less[number]


def changed_places(t: Arena, spot: int, unit: int, other_spot: int, other: int) -> None:
    """The unit is in the group now, and the other in the other group instead."""
    size, row, other_row = t[UNIT_COUNT], t[unit + U_ROW], t[other + U_ROW]
    more, less = t[row : row + size], t[other_row : other_row + size]
    sums = t[t[spot + G_ROW] : t[spot + G_ROW] + size]
    other_sums = t[t[other_spot + G_ROW] : t[other_spot + G_ROW] + size]
    for number in range(size):
        step = more[number] - less[number]
        sums[number] += step
        other_sums[number] -= step


def an_aim(t: Arena, unit: int) -> int:
    """What a team around the unit should be near: the unit itself."""
    return unit


def rough_score(t: Arena, pair: int, aim: int, most: int) -> int:
    """Roughly what the pair's unit adds to a team of that size around that aim."""
    return int(most * beside(t, aim, t[pair + P_UNIT]) * (0.7 + 0.6 * rand(t)))
