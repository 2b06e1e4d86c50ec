"""What a team costs. The team is the first ``whole[TEAM]`` members in ``team``."""

from __future__ import annotations

from goround.domain.matching.kernels.basics import bits
from goround.domain.matching.tables import (
    COUNT,
    G_PAIR,
    G_UNIT,
    G_UNITS,
    M_CHILD,
    M_DEAD,
    M_TAGS,
    M_WIDTH,
    M_WISHES,
    NEVER,
    P_KM,
    P_UNIT,
    TEAM,
    U_MEMBER,
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
