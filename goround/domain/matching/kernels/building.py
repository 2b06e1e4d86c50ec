"""Put units into groups and open new groups."""

from __future__ import annotations

from typing import Final

from goround.domain.matching.kernels.basics import (
    are_apart,
    below,
    has_room,
    hours_of,
    is_apart,
    pair_of,
    rand,
)
from goround.domain.matching.kernels.costs import (
    add_to_team,
    an_aim,
    cost_with,
    rough_score,
    team_cost,
)
from goround.domain.matching.kernels.leading import could_staff, staff
from goround.domain.matching.kernels.moving import (
    add_leader,
    add_unit,
    close_spot,
    forget,
    may_join,
    open_spot,
    settle,
    touch,
)
from goround.domain.matching.tables import (
    COUNT,
    CREW,
    G_COST,
    G_HOUR,
    G_SIZE,
    H_FREE,
    H_GROUPS,
    H_MOST,
    H_PAIR,
    H_SPOT,
    LEADERS_WANTED,
    MILLION,
    NEVER,
    P_HOUR,
    P_KM,
    P_UNIT,
    P_WIDTH,
    PLAN,
    PLAN_HOUR,
    PLAN_LANGUAGE,
    PLAN_TYPE,
    PLAN_WORTH,
    SCORE,
    SIZE_MIN,
    SPARE,
    TEAM,
    U_APART,
    U_LANGUAGE,
    U_LOSS,
    U_PAIR,
    U_SIZE,
    U_SPOT,
    U_TYPE,
    U_WIDTH,
    Arena,
)

# A move must not take longer the more people there are: of a long list a stretch is looked at.
GROUPS_LOOKED_AT: Final = 24
UNITS_LOOKED_AT: Final = 160


def join(t: Arena, spot: int, pair: int) -> None:
    touch(t, spot)
    add_unit(t, spot, pair)
    settle(t, spot)


def insert(t: Arena, unit: int, blink: float) -> bool:
    """Put the unit into the group where it costs least; now and then a group is missed."""
    best, best_spot, best_pair = NEVER, -1, -1
    for pair in range(t[unit + U_PAIR], t[unit + U_WIDTH + U_PAIR], P_WIDTH):
        hour = t[pair + P_HOUR]
        groups = t[hour + H_GROUPS]
        skip = below(t, groups) if groups > GROUPS_LOOKED_AT else 0
        for step in range(min(groups, GROUPS_LOOKED_AT)):
            spot = t[t[hour + H_SPOT] + (skip + step) % groups]
            if not may_join(t, spot, pair) or rand(t) < blink:
                continue
            more = cost_with(t, spot, pair) - t[spot + G_COST]
            if t[spot + G_SIZE] < t[SIZE_MIN]:
                more -= 1000 * MILLION
            if more < best:
                best, best_spot, best_pair = more, spot, pair
    if best_spot < 0:
        return False
    join(t, best_spot, best_pair)
    return True


def fill(t: Arena, spot: int) -> None:
    """Give the group's open places to the unplaced units that gain most."""
    hour = t[spot + G_HOUR]
    while t[spot + G_SIZE] < t[hour + H_MOST]:
        best, best_pair = 0, -1
        free = t[hour + H_FREE]
        skip = below(t, free) if free > UNITS_LOOKED_AT else 0
        for step in range(min(free, UNITS_LOOKED_AT)):
            pair = t[t[hour + H_PAIR] + (skip + step) % free]
            if not may_join(t, spot, pair):
                continue
            gain = t[t[pair + P_UNIT] + U_LOSS] - (cost_with(t, spot, pair) - t[spot + G_COST])
            gain = int(gain * (0.97 + 0.06 * rand(t)))
            if gain > best:
                best, best_pair = gain, pair
        if best_pair < 0:
            return
        join(t, spot, best_pair)


def gather(t: Arena, seed_pair: int, language: int, kind: int) -> int:
    """Rank unplaced units who could meet with the seed in ``crew``; gives their number."""
    hour, seed = t[seed_pair + P_HOUR], t[seed_pair + P_UNIT]
    most = t[hour + H_MOST]
    aim = an_aim(t, seed)
    t[t[CREW]], t[t[SCORE]] = seed_pair, -NEVER
    found, size = 1, t[seed + U_SIZE]
    free = t[hour + H_FREE]
    looks = min(free, max(UNITS_LOOKED_AT, 4 * most))
    skip = below(t, free) if free > looks else 0
    for step in range(looks):
        pair = t[t[hour + H_PAIR] + (skip + step) % free]
        unit = t[pair + P_UNIT]
        if unit == seed or not (t[unit + U_LANGUAGE] & language and t[unit + U_TYPE] & kind):
            continue
        if is_apart(t, unit, hour):
            continue
        size += t[unit + U_SIZE]
        score = rough_score(t, pair, aim, most)
        place = min(found, most)
        if found > most and score >= t[t[SCORE] + place]:
            continue
        while t[t[SCORE] + place - 1] > score:
            t[t[CREW] + place] = t[t[CREW] + place - 1]
            t[t[SCORE] + place] = t[t[SCORE] + place - 1]
            place -= 1
        t[t[CREW] + place], t[t[SCORE] + place] = pair, score
        found = min(found + 1, most + 1)
    return found if size >= t[SIZE_MIN] else 0


def crew_is_apart(t: Arena, unit: int, chosen: int) -> bool:
    if t[unit + U_APART] < t[unit + U_WIDTH + U_APART]:
        for place in range(chosen):
            if are_apart(t, unit, t[t[t[CREW] + place] + P_UNIT]):
                return True
    return False


def weigh(t: Arena, seed_pair: int, language: int, kind: int) -> None:
    """If the best team of this language and type is worth more than the plan, plan it."""
    found = gather(t, seed_pair, language, kind)
    hour = t[seed_pair + P_HOUR]
    size, worth, chosen = 0, 0, 0
    t[TEAM + COUNT] = 0
    for place in range(found):
        pair = t[t[CREW] + place]
        unit = t[pair + P_UNIT]
        if size + t[unit + U_SIZE] > t[hour + H_MOST] or crew_is_apart(t, unit, chosen):
            continue
        t[t[CREW] + chosen] = pair
        chosen += 1
        size += t[unit + U_SIZE]
        worth += t[unit + U_LOSS] - t[pair + P_KM]
        add_to_team(t, unit)
    if size < t[SIZE_MIN]:
        return
    worth -= team_cost(t)
    if worth <= t[PLAN_WORTH] or not could_staff(t, hour, language, kind):
        return
    t[PLAN + COUNT] = chosen
    for place in range(chosen):
        t[t[PLAN] + place] = t[t[CREW] + place]
    t[PLAN_WORTH] = worth
    t[PLAN_LANGUAGE], t[PLAN_TYPE] = language, kind
    t[PLAN_HOUR] = hour


def weigh_all(t: Arena, seed_pair: int) -> None:
    """Weigh every language and type of the seed at the pair's hour."""
    seed = t[seed_pair + P_UNIT]
    languages = t[seed + U_LANGUAGE]
    while languages:
        language = languages & -languages
        languages ^= language
        kinds = t[seed + U_TYPE]
        while kinds:
            kind = kinds & -kinds
            kinds ^= kind
            weigh(t, seed_pair, language, kind)


def carry_out(t: Arena) -> int:
    """Open the planned group; -1 when its facilitators cannot be found after all."""
    hour = t[PLAN_HOUR]
    spot = open_spot(t, hour)
    for place in range(t[PLAN + COUNT]):
        add_unit(t, spot, t[t[PLAN] + place])
    if t[LEADERS_WANTED] and not staff(t, spot, t[PLAN_LANGUAGE], t[PLAN_TYPE]):
        close_spot(t, spot)
        return -1
    settle(t, spot)
    return spot


def may_open(t: Arena, pair: int) -> bool:
    hour = t[pair + P_HOUR]
    return bool(
        t[hour + H_FREE] > 0
        and t[hour + H_MOST] >= t[SIZE_MIN]
        and t[SPARE + COUNT] > 0
        and has_room(t, hour)
        and not is_apart(t, t[pair + P_UNIT], hour)
    )


def open_at(t: Arena, pair: int) -> int:
    """Open a group around the pair's unit at the pair's hour; the spot, or -1."""
    t[PLAN_WORTH], t[PLAN + COUNT] = 0, 0
    if may_open(t, pair):
        weigh_all(t, pair)
    return carry_out(t) if t[PLAN + COUNT] else -1


def open_for(t: Arena, seed: int, tries: int) -> int:
    """Open the best group around this unit, over some of its hours; the spot, or -1."""
    t[PLAN_WORTH], t[PLAN + COUNT] = 0, 0
    choices = hours_of(t, seed)
    skip = below(t, choices) if choices > tries else 0
    for step in range(min(tries, choices)):
        pair = t[seed + U_PAIR] + P_WIDTH * ((skip + step) % choices)
        if may_open(t, pair):
            weigh_all(t, pair)
    return carry_out(t) if t[PLAN + COUNT] else -1


def build(t: Arena, order: Arena, begin: int, end: int) -> None:
    """Construct: open a group around each unplaced unit in this order, or put it into one."""
    for place in range(begin, end):
        unit = order[place]
        if t[unit + U_SPOT] < 0 and open_for(t, unit, 12) < 0:
            insert(t, unit, 0.0)
        forget(t)


def seat(t: Arena, teams: Arena, length: int) -> None:
    """Open groups that are known to break no rule, end to end in the list.

    Each is its hour, how many units and which, how many facilitators and which.
    """
    place = 0
    while place < length:
        hour = teams[place]
        spot = open_spot(t, hour)
        units = place + 2 + teams[place + 1]
        for entry in range(place + 2, units):
            add_unit(t, spot, pair_of(t, teams[entry], hour))
        place = units + 1 + teams[units]
        for entry in range(units + 1, place):
            add_leader(t, spot, teams[entry])
        settle(t, spot)
        forget(t)
