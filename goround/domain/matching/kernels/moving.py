"""Open, fill, empty and close groups, and take everything back.

Before a group changes it is noted once in the journal, so that ``take_back`` can restore
all that the move being tried has touched.
"""

from __future__ import annotations

from goround.domain.matching.kernels.basics import (
    is_apart,
    pair_of,
    set_free,
    set_taken,
)
from goround.domain.matching.kernels.costs import came, group_cost, went
from goround.domain.matching.tables import (
    ALL_BITS,
    COST,
    COUNT,
    F_GROUPS,
    F_LANGUAGE,
    F_SPOT,
    F_TYPE,
    G_AT,
    G_COST,
    G_HOUR,
    G_INDEX,
    G_LANGUAGE,
    G_LEADER,
    G_LEADERS,
    G_PAIR,
    G_PINNED,
    G_SIZE,
    G_TOUCHED,
    G_TYPE,
    G_UNIT,
    G_UNITS,
    GROUPS,
    H_GROUPS,
    H_MOST,
    H_SPOT,
    OLD_HOUR,
    OLD_LEADER,
    OLD_LEADERS,
    OLD_UNIT,
    OLD_UNITS,
    P_UNIT,
    SPARE,
    TOTAL,
    TOUCHED,
    U_LANGUAGE,
    U_PINNED,
    U_SIZE,
    U_SPOT,
    U_TYPE,
    Arena,
)


def touch(t: Arena, spot: int) -> None:
    """Note the group as it is, unless this move has touched it already."""
    if t[spot + G_TOUCHED]:
        return
    t[spot + G_TOUCHED] = 1
    t[t[TOUCHED] + t[TOUCHED + COUNT]] = spot
    t[TOUCHED + COUNT] += 1
    t[spot + OLD_HOUR] = t[spot + G_HOUR]
    t[spot + OLD_UNITS] = t[spot + G_UNITS]
    for place in range(t[spot + G_UNITS]):
        t[t[spot + OLD_UNIT] + place] = t[t[spot + G_UNIT] + place]
    t[spot + OLD_LEADERS] = t[spot + G_LEADERS]
    for place in range(t[spot + G_LEADERS]):
        t[t[spot + OLD_LEADER] + place] = t[t[spot + G_LEADER] + place]


def share(t: Arena, spot: int) -> None:
    """Work out what the group's people share, and how many they are."""
    language, kind = ALL_BITS, ALL_BITS
    size = 0
    for place in range(t[spot + G_UNITS]):
        unit = t[t[spot + G_UNIT] + place]
        language &= t[unit + U_LANGUAGE]
        kind &= t[unit + U_TYPE]
        size += t[unit + U_SIZE]
    for place in range(t[spot + G_LEADERS]):
        leader = t[t[spot + G_LEADER] + place]
        language &= t[leader + F_LANGUAGE]
        kind &= t[leader + F_TYPE]
    t[spot + G_LANGUAGE], t[spot + G_TYPE], t[spot + G_SIZE] = language, kind, size


def settle(t: Arena, spot: int) -> None:
    """Work out what the group's people share and cost, after a change."""
    share(t, spot)
    cost = group_cost(t, spot)
    t[TOTAL] += cost - t[spot + G_COST]
    t[COST] += cost - t[spot + G_COST]
    t[spot + G_COST] = cost


def open_spot(t: Arena, hour: int) -> int:
    """A new empty group at the hour; the caller has seen that there is room."""
    t[SPARE + COUNT] -= 1
    spot = t[t[SPARE] + t[SPARE + COUNT]]
    touch(t, spot)
    t[spot + G_HOUR] = hour
    t[spot + G_UNITS] = t[spot + G_LEADERS] = t[spot + G_SIZE] = t[spot + G_PINNED] = 0
    t[spot + G_COST] = 0
    t[spot + G_AT] = t[hour + H_SPOT] + t[hour + H_GROUPS]
    t[t[spot + G_AT]] = spot
    t[hour + H_GROUPS] += 1
    t[spot + G_INDEX] = t[GROUPS + COUNT]
    t[t[GROUPS] + t[GROUPS + COUNT]] = spot
    t[GROUPS + COUNT] += 1
    return int(spot)


def close_spot(t: Arena, spot: int) -> None:
    """Dissolve the group; its units are unplaced and its leaders free."""
    touch(t, spot)
    while t[spot + G_UNITS]:
        drop_at(t, spot, t[spot + G_UNITS] - 1)
    while t[spot + G_LEADERS]:
        drop_leader(t, spot, t[spot + G_LEADERS] - 1)
    t[TOTAL] -= t[spot + G_COST]
    t[COST] -= t[spot + G_COST]
    t[spot + G_COST] = 0
    hour = t[spot + G_HOUR]
    t[hour + H_GROUPS] -= 1
    last = t[t[hour + H_SPOT] + t[hour + H_GROUPS]]
    t[t[spot + G_AT]] = last
    t[last + G_AT] = t[spot + G_AT]
    t[GROUPS + COUNT] -= 1
    last = t[t[GROUPS] + t[GROUPS + COUNT]]
    t[t[GROUPS] + t[spot + G_INDEX]] = last
    t[last + G_INDEX] = t[spot + G_INDEX]
    t[spot + G_HOUR] = -1
    t[t[SPARE] + t[SPARE + COUNT]] = spot
    t[SPARE + COUNT] += 1


def add_unit(t: Arena, spot: int, pair: int) -> None:
    """Put the pair's unit in; ``settle`` must follow."""
    unit = t[pair + P_UNIT]
    t[t[spot + G_UNIT] + t[spot + G_UNITS]] = unit
    t[t[spot + G_PAIR] + t[spot + G_UNITS]] = pair
    t[spot + G_UNITS] += 1
    t[spot + G_SIZE] += t[unit + U_SIZE]
    t[spot + G_PINNED] += t[unit + U_PINNED]
    t[unit + U_SPOT] = spot
    set_taken(t, unit)
    came(t, spot, unit)


def drop_at(t: Arena, spot: int, place: int) -> None:
    """Take the unit at this place out; ``settle`` must follow unless the group closes."""
    unit = t[t[spot + G_UNIT] + place]
    t[spot + G_UNITS] -= 1
    last = t[spot + G_UNITS]
    t[t[spot + G_UNIT] + place] = t[t[spot + G_UNIT] + last]
    t[t[spot + G_PAIR] + place] = t[t[spot + G_PAIR] + last]
    t[spot + G_SIZE] -= t[unit + U_SIZE]
    t[spot + G_PINNED] -= t[unit + U_PINNED]
    t[unit + U_SPOT] = -1
    set_free(t, unit)
    went(t, spot, unit)


def remove_unit(t: Arena, unit: int) -> None:
    """Take the unit out of its group."""
    spot = t[unit + U_SPOT]
    touch(t, spot)
    for place in range(t[spot + G_UNITS]):
        if t[t[spot + G_UNIT] + place] == unit:
            drop_at(t, spot, place)
            break
    settle(t, spot)


def add_leader(t: Arena, spot: int, leader: int) -> None:
    t[t[spot + G_LEADER] + t[spot + G_LEADERS]] = leader
    t[spot + G_LEADERS] += 1
    t[t[leader + F_SPOT] + t[leader + F_GROUPS]] = spot
    t[leader + F_GROUPS] += 1


def drop_leader(t: Arena, spot: int, place: int) -> None:
    leader = t[t[spot + G_LEADER] + place]
    t[spot + G_LEADERS] -= 1
    t[t[spot + G_LEADER] + place] = t[t[spot + G_LEADER] + t[spot + G_LEADERS]]
    t[leader + F_GROUPS] -= 1
    for entry in range(t[leader + F_GROUPS] + 1):
        if t[t[leader + F_SPOT] + entry] == spot:
            t[t[leader + F_SPOT] + entry] = t[t[leader + F_SPOT] + t[leader + F_GROUPS]]
            break


def may_join(t: Arena, spot: int, pair: int) -> bool:
    """Whether the pair's unit may join the group, which is at the pair's hour."""
    unit = t[pair + P_UNIT]
    return bool(
        t[spot + G_SIZE] + t[unit + U_SIZE] <= t[t[spot + G_HOUR] + H_MOST]
        and t[spot + G_LANGUAGE] & t[unit + U_LANGUAGE]
        and t[spot + G_TYPE] & t[unit + U_TYPE]
        and not is_apart(t, unit, t[spot + G_HOUR])
    )


def take_back(t: Arena) -> None:
    """Restore every touched group as it was and forget the journal."""
    for entry in range(t[TOUCHED + COUNT]):
        spot = t[t[TOUCHED] + entry]
        if t[spot + G_HOUR] >= 0:
            close_spot(t, spot)
    for entry in range(t[TOUCHED + COUNT]):
        spot = t[t[TOUCHED] + entry]
        if t[spot + OLD_HOUR] >= 0:
            reopen(t, spot)
    forget(t)


def reopen(t: Arena, spot: int) -> None:
    """Build the noted group again, in whichever spot is spare."""
    new = open_spot(t, t[spot + OLD_HOUR])
    for place in range(t[spot + OLD_UNITS]):
        add_unit(t, new, pair_of(t, t[t[spot + OLD_UNIT] + place], t[spot + OLD_HOUR]))
    for place in range(t[spot + OLD_LEADERS]):
        add_leader(t, new, t[t[spot + OLD_LEADER] + place])
    settle(t, new)


def forget(t: Arena) -> None:
    """Keep what the move did."""
    for entry in range(t[TOUCHED + COUNT]):
        t[t[t[TOUCHED] + entry] + G_TOUCHED] = 0
    t[TOUCHED + COUNT] = 0
