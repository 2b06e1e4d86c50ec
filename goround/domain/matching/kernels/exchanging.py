"""Small moves: two units change places, or one moves to a group with room for it.

Each is weighed before anything is touched, by what the two groups would cost, and made only
if annealing accepts it. Nothing here looks at more than the two groups.
"""

from __future__ import annotations

from goround.domain.matching.kernels.basics import (
    a_pair,
    a_unit,
    below,
    is_apart,
    leeway,
    pair_of,
)
from goround.domain.matching.kernels.costs import at_best, change, changed_places
from goround.domain.matching.kernels.moving import add_unit, drop_at, may_join, share
from goround.domain.matching.tables import (
    COST,
    F_LANGUAGE,
    F_TYPE,
    G_COST,
    G_HOUR,
    G_LANGUAGE,
    G_LEADER,
    G_LEADERS,
    G_PAIR,
    G_SIZE,
    G_TYPE,
    G_UNIT,
    G_UNITS,
    H_GROUPS,
    H_LEAST,
    H_MOST,
    H_SPOT,
    NEVER,
    P_HOUR,
    P_UNIT,
    TOTAL,
    U_LANGUAGE,
    U_PINNED,
    U_SIZE,
    U_SPOT,
    U_TYPE,
    Arena,
)


def shares_without(t: Arena, spot: int, leaving: int, unit: int) -> bool:
    """Whether the unit has a language and a type with all of the group but the one leaving."""
    language, kind = t[unit + U_LANGUAGE], t[unit + U_TYPE]
    if t[spot + G_LANGUAGE] & language and t[spot + G_TYPE] & kind:
        return True
    for place in range(t[spot + G_UNITS]):
        other = t[t[spot + G_UNIT] + place]
        if other != leaving:
            language &= t[other + U_LANGUAGE]
            kind &= t[other + U_TYPE]
    for place in range(t[spot + G_LEADERS]):
        leader = t[t[spot + G_LEADER] + place]
        language &= t[leader + F_LANGUAGE]
        kind &= t[leader + F_TYPE]
    return bool(language and kind)


def fits_size(t: Arena, spot: int, more: int) -> bool:
    """Whether the group may have that many more members, or fewer."""
    size, hour = t[spot + G_SIZE] + more, t[spot + G_HOUR]
    return bool(t[hour + H_LEAST] <= size <= t[hour + H_MOST])


def place_of(t: Arena, spot: int, unit: int) -> int:
    """Where the unit stands in its group's list."""
    place = 0
    while t[t[spot + G_UNIT] + place] != unit:
        place += 1
    return place


def may_swap(t: Arena, spot: int, leaving: int, pair: int) -> bool:
    """Whether the pair's unit may take the place of the one leaving.

    One who leaves still counts as being there for those kept apart: at worst a legal swap
    is missed.
    """
    unit = t[pair + P_UNIT]
    return bool(
        fits_size(t, spot, t[unit + U_SIZE] - t[leaving + U_SIZE])
        and shares_without(t, spot, leaving, unit)
        and not is_apart(t, unit, t[spot + G_HOUR])
    )


def put_in_place(t: Arena, spot: int, place: int, pair: int, more: int) -> None:
    """The pair's unit stands there instead of whoever stood there; the group costs more."""
    unit = t[pair + P_UNIT]
    t[t[spot + G_UNIT] + place] = unit
    t[t[spot + G_PAIR] + place] = pair
    t[unit + U_SPOT] = spot
    t[spot + G_COST] += more
    t[TOTAL] += more
    t[COST] += more
    share(t, spot)


def weigh_swap(t: Arena, pair: int, spot: int, other: int) -> int:
    """How much worse if the pair's unit and the other, of the group, changed places.

    ``NEVER`` when a rule forbids it.
    """
    unit = t[pair + P_UNIT]
    home = t[unit + U_SPOT]
    back = pair_of(t, other, t[home + G_HOUR])
    if (
        back < 0
        or t[other + U_PINNED]
        or not may_swap(t, spot, other, pair)
        or not may_swap(t, home, unit, back)
    ):
        return NEVER
    return change(t, spot, other, pair) + change(t, home, unit, back)


def weigh_transfer(t: Arena, pair: int, spot: int) -> int:
    """How much worse if the pair's unit went to the group; ``NEVER`` when it may not."""
    unit = t[pair + P_UNIT]
    home = t[unit + U_SPOT]
    if not (fits_size(t, home, -t[unit + U_SIZE]) and may_join(t, spot, pair)):
        return NEVER
    return change(t, spot, -1, pair) + change(t, home, unit, -1)


def swap(t: Arena, pair: int, spot: int, place: int) -> None:
    """The pair's unit goes to the group, and who stands at that place there to its own."""
    unit, other = t[pair + P_UNIT], t[t[spot + G_UNIT] + place]
    home = t[unit + U_SPOT]
    back = pair_of(t, other, t[home + G_HOUR])
    at_home = place_of(t, home, unit)
    more, more_at_home = change(t, spot, other, pair), change(t, home, unit, back)
    put_in_place(t, spot, place, pair, more)
    put_in_place(t, home, at_home, back, more_at_home)
    changed_places(t, spot, unit, home, other)


def transfer(t: Arena, pair: int, spot: int) -> None:
    """The pair's unit goes to the group."""
    unit = t[pair + P_UNIT]
    home = t[unit + U_SPOT]
    more, more_at_home = change(t, spot, -1, pair), change(t, home, unit, -1)
    drop_at(t, home, place_of(t, home, unit))
    add_unit(t, spot, pair)
    share(t, home)
    share(t, spot)
    t[home + G_COST] += more_at_home
    t[spot + G_COST] += more
    t[TOTAL] += more + more_at_home
    t[COST] += more + more_at_home


def exchange_once(t: Arena, heat: float) -> bool:
    """Make the best swap or transfer of any one unit with any one group, if accepted."""
    unit = a_unit(t)
    home = t[unit + U_SPOT]
    if home < 0 or t[unit + U_PINNED]:
        return False
    pair = a_pair(t, unit)
    hour = t[pair + P_HOUR]
    groups = t[hour + H_GROUPS]
    if groups == 0:
        return False
    spot = t[t[hour + H_SPOT] + below(t, groups)]
    if spot == home:
        return False
    # One more than the leeway, so that "better than the best so far" is "accepted" too.
    best, best_place = leeway(t, heat) + 1, -1
    for place in range(t[spot + G_UNITS]):
        other = t[t[spot + G_UNIT] + place]
        if at_best(t, unit, home, other, spot) < best:
            worse = weigh_swap(t, pair, spot, other)
            if worse < best:
                best, best_place = worse, place
    if weigh_transfer(t, pair, spot) < best:
        transfer(t, pair, spot)
    elif best_place >= 0:
        swap(t, pair, spot, best_place)
    else:
        return False
    return True


def exchange(t: Arena, steps: int, hot: float, cold: float) -> int:
    """Try that many small moves while the heat falls from hot to cold; how many were kept.

    Heat is in the unit of cost, millionths.
    """
    kept = 0
    fall = (cold / hot) ** (1.0 / max(1, steps))
    heat = hot
    for _ in range(steps):
        kept += exchange_once(t, heat)
        heat *= fall
    return kept
