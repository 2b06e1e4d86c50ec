"""What parents in a group cost: kilometres, the children's ages, unmet wishes.

This is one of two modules that know what makes a group good; ``pairwise`` is the other and
has the same functions. ``compiled.kernels`` takes one of them, and the search never asks
which. The team is what the list ``TEAM`` holds, here members.
"""

from __future__ import annotations

from goround.domain.matching.kernels.basics import below, bits, hours_of, rand
from goround.domain.matching.tables import (
    COUNT,
    G_COST,
    G_PAIR,
    G_UNIT,
    G_UNITS,
    M_CHILD,
    M_DEAD,
    M_TAGS,
    M_WIDTH,
    M_WISHES,
    MILLION,
    NEVER,
    P_KM,
    P_UNIT,
    TEAM,
    U_MEMBER,
    U_SIZE,
    U_WIDTH,
    WINDOW_WEIGHT,
    WISH_WEIGHT,
    Arena,
)


def add_to_team(t: Arena, unit: int) -> None:
    for member in range(t[unit + U_MEMBER], t[unit + U_WIDTH + U_MEMBER], M_WIDTH):
        t[t[TEAM] + t[TEAM + COUNT]] = member
        t[TEAM + COUNT] += 1


def next_age(t: Arena, member: int, low: int) -> int:
    """The member's youngest child of at least that age, or -1. Ages are sorted."""
    for child in range(t[member + M_CHILD], t[member + M_WIDTH + M_CHILD]):
        if t[child] >= low:
            return int(t[child])
    return -1


def width_from(t: Arena, low: int, best: int) -> int:
    """Least width of an age window that starts at ``low``; ``best`` when none is less."""
    high = low
    for place in range(t[TEAM + COUNT]):
        member = t[t[TEAM] + place]
        if t[member + M_CHILD] == t[member + M_WIDTH + M_CHILD]:
            continue
        age = next_age(t, member, low)
        if age < 0 or age - low >= best:
            return best
        high = max(high, age)
    return high - low


def window(t: Arena) -> int:
    """Least width of an interval with a child of every member who listed any."""
    best = NEVER
    for place in range(t[TEAM + COUNT]):
        member = t[t[TEAM] + place]
        for child in range(t[member + M_CHILD], t[member + M_WIDTH + M_CHILD]):
            best = width_from(t, t[child], best)
    return 0 if best == NEVER else best


def unmet(t: Arena) -> int:
    """Wishes in the team that no other member's tags meet."""
    found = 0
    for place in range(t[TEAM + COUNT]):
        member = t[t[TEAM] + place]
        found += t[member + M_DEAD]
        wishes = t[member + M_WISHES]
        for other in range(t[TEAM + COUNT]):
            if other != place and wishes:
                wishes &= ~t[t[t[TEAM] + other] + M_TAGS]
        found += bits(wishes)
    return found


def team_cost(t: Arena) -> int:
    """Cost of the team's ages and wishes; kilometres are counted by pair."""
    years = t[WINDOW_WEIGHT] * t[TEAM + COUNT] * window(t)
    return int(years + t[WISH_WEIGHT] * unmet(t))


def set_team(t: Arena, spot: int) -> int:
    """Make the group's members the team; gives their kilometres."""
    t[TEAM + COUNT] = 0
    km = 0
    for place in range(t[spot + G_UNITS]):
        add_to_team(t, t[t[spot + G_UNIT] + place])
        km += t[t[t[spot + G_PAIR] + place] + P_KM]
    return km


def cost_with(t: Arena, spot: int, pair: int) -> int:
    """The group's cost if the pair's unit joined."""
    km = set_team(t, spot) + t[pair + P_KM]
    add_to_team(t, t[pair + P_UNIT])
    return int(km + team_cost(t))


def group_cost(t: Arena, spot: int) -> int:
    """What the group costs, all told."""
    return int(set_team(t, spot) + team_cost(t))


def change(t: Arena, spot: int, leaving: int, pair: int) -> int:
    """How much more the group costs if one unit left and the pair's joined; -1 for nobody."""
    t[TEAM + COUNT] = 0
    km = 0
    for place in range(t[spot + G_UNITS]):
        unit = t[t[spot + G_UNIT] + place]
        if unit != leaving:
            add_to_team(t, unit)
            km += t[t[t[spot + G_PAIR] + place] + P_KM]
    if pair >= 0:
        add_to_team(t, t[pair + P_UNIT])
        km += t[pair + P_KM]
    return int(km + team_cost(t) - t[spot + G_COST])


def at_best(t: Arena, unit: int, home: int, other: int, spot: int) -> int:
    """No swap of the unit with the other costs less more than this. There is no quick guess."""
    return -NEVER


def came(t: Arena, spot: int, unit: int) -> None:
    """The unit is in the group now. Nothing is kept that would change."""


def went(t: Arena, spot: int, unit: int) -> None:
    """The unit has left the group."""


def changed_places(t: Arena, spot: int, unit: int, other_spot: int, other: int) -> None:
    """The unit is in the group now, and the other in the other group instead."""


def years_from(t: Arena, unit: int, age: int) -> int:
    """How far from that age the unit's members' nearest children are, the furthest counts."""
    furthest = 0
    for member in range(t[unit + U_MEMBER], t[unit + U_WIDTH + U_MEMBER], M_WIDTH):
        nearest = NEVER
        for child in range(t[member + M_CHILD], t[member + M_WIDTH + M_CHILD]):
            nearest = min(nearest, abs(t[child] - age))
        if nearest < NEVER:
            furthest = max(furthest, nearest)
    return furthest


def an_aim(t: Arena, unit: int) -> int:
    """What a team around the unit should be near: the age of one of its children, or -1."""
    member = t[unit + U_MEMBER] + M_WIDTH * below(t, t[unit + U_SIZE])
    children = t[member + M_WIDTH + M_CHILD] - t[member + M_CHILD]
    return -1 if children == 0 else int(t[t[member + M_CHILD] + below(t, children)])


def rough_score(t: Arena, pair: int, aim: int, most: int) -> int:
    """Roughly what the pair's unit adds to a team of that size around that aim."""
    unit = t[pair + P_UNIT]
    score = t[pair + P_KM] // t[unit + U_SIZE]
    if aim >= 0:
        score += t[WINDOW_WEIGHT] * most * years_from(t, unit, aim)
    choices = min(20, hours_of(t, unit)) * MILLION
    return int(score * (0.7 + 0.6 * rand(t)) + choices * rand(t))
