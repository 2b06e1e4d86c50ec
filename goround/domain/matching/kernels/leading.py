"""Find facilitators for a group: the least flexible who are free, else free a busy one."""

from __future__ import annotations

from goround.domain.matching.kernels.basics import rand
from goround.domain.matching.kernels.moving import (
    add_leader,
    drop_leader,
    settle,
    touch,
)
from goround.domain.matching.tables import (
    COUNT,
    F_EASE,
    F_GROUPS,
    F_LANGUAGE,
    F_MOST,
    F_SPOT,
    F_TYPE,
    G_HOUR,
    G_LANGUAGE,
    G_LEADER,
    G_LEADERS,
    G_TYPE,
    H_DAY,
    H_END,
    H_LEADER,
    H_START,
    H_WIDTH,
    LEADERS,
    LEADERS_WANTED,
    SCORE,
    Arena,
)


def hours_clash(t: Arena, one: int, two: int) -> bool:
    return bool(
        t[one + H_DAY] == t[two + H_DAY]
        and t[one + H_START] < t[two + H_END]
        and t[two + H_START] < t[one + H_END]
    )


def clashes(t: Arena, leader: int, hour: int) -> int:
    """How many of the leader's groups overlap the hour."""
    found = 0
    for entry in range(t[leader + F_GROUPS]):
        if hours_clash(t, t[t[t[leader + F_SPOT] + entry] + G_HOUR], hour):
            found += 1
    return found


def is_free(t: Arena, leader: int, hour: int) -> bool:
    return bool(t[leader + F_GROUPS] < t[leader + F_MOST] and clashes(t, leader, hour) == 0)


def suits(t: Arena, leader: int, language: int, kind: int) -> bool:
    return bool(t[leader + F_LANGUAGE] & language and t[leader + F_TYPE] & kind)


def could_staff(t: Arena, hour: int, language: int, kind: int) -> bool:
    """Whether enough facilitators are free then, or now and then whether enough exist."""
    wanted = t[LEADERS_WANTED]
    free, all_told = 0, 0
    for entry in range(t[hour + H_LEADER], t[hour + H_WIDTH + H_LEADER]):
        if free >= wanted:
            break
        leader = t[entry]
        if suits(t, leader, language, kind):
            all_told += 1
            free += is_free(t, leader, hour)
    return bool(free >= wanted or (all_told >= wanted and rand(t) < 0.3))


def pick_leaders(t: Arena, hour: int, language: int, kind: int) -> None:
    """The first ``LEADERS`` of ``leaders`` become free ones who suit, scarce first."""
    wanted, found = t[LEADERS_WANTED], 0
    for entry in range(t[hour + H_LEADER], t[hour + H_WIDTH + H_LEADER]):
        leader = t[entry]
        if not (suits(t, leader, language, kind) and is_free(t, leader, hour)):
            continue
        score = int(t[leader + F_EASE] * (0.4 + rand(t)))
        place = min(found, wanted - 1)
        if found >= wanted and score >= t[t[SCORE] + place]:
            continue
        while place > 0 and t[t[SCORE] + place - 1] > score:
            t[t[LEADERS] + place] = t[t[LEADERS] + place - 1]
            t[t[SCORE] + place] = t[t[SCORE] + place - 1]
            place -= 1
        t[t[LEADERS] + place], t[t[SCORE] + place] = leader, score
        found = min(found + 1, wanted)
    t[LEADERS + COUNT] = found


def leads(t: Arena, leader: int, spot: int) -> bool:
    found = False
    for place in range(t[spot + G_LEADERS]):
        found |= t[t[spot + G_LEADER] + place] == leader
    return found


def replacement(t: Arena, spot: int, new_spot: int) -> int:
    """Somebody free who could lead the group too, and is not in the new one; or -1."""
    language, kind = t[spot + G_LANGUAGE], t[spot + G_TYPE]
    hour = t[spot + G_HOUR]
    for entry in range(t[hour + H_LEADER], t[hour + H_WIDTH + H_LEADER]):
        other = t[entry]
        if (
            suits(t, other, language, kind)
            and is_free(t, other, hour)
            and not leads(t, other, spot)
            and not leads(t, other, new_spot)
        ):
            return int(other)
    return -1


def blocker(t: Arena, leader: int, hour: int) -> int:
    """The one group that keeps this leader from the hour, or -1 if one is not enough."""
    overlapping = clashes(t, leader, hour)
    full = t[leader + F_GROUPS] >= t[leader + F_MOST]
    if overlapping > 1 or t[leader + F_GROUPS] == 0:
        return -1
    if overlapping == 1:
        for entry in range(t[leader + F_GROUPS]):
            spot = t[t[leader + F_SPOT] + entry]
            if hours_clash(t, t[spot + G_HOUR], hour):
                return int(spot)
    return int(t[t[leader + F_SPOT] + int(rand(t) * t[leader + F_GROUPS])]) if full else -1


def free_one(t: Arena, spot: int, language: int, kind: int) -> bool:
    """Free one leader for the group by letting another take over one of their groups."""
    hour = t[spot + G_HOUR]
    for entry in range(t[hour + H_LEADER], t[hour + H_WIDTH + H_LEADER]):
        leader = t[entry]
        if leads(t, leader, spot) or not suits(t, leader, language, kind):
            continue
        held = blocker(t, leader, hour)
        if held < 0 or held == spot:
            continue
        other = replacement(t, held, spot)
        if other < 0:
            continue
        hand_over(t, held, leader, other)
        add_leader(t, spot, leader)
        return True
    return False


def hand_over(t: Arena, spot: int, leader: int, other: int) -> None:
    touch(t, spot)
    for place in range(t[spot + G_LEADERS]):
        if t[t[spot + G_LEADER] + place] == leader:
            drop_leader(t, spot, place)
            break
    add_leader(t, spot, other)
    settle(t, spot)


def staff(t: Arena, spot: int, language: int, kind: int) -> bool:
    """Give the new group its facilitators; False when there are too few."""
    wanted = t[LEADERS_WANTED]
    if wanted == 0:
        return True
    pick_leaders(t, t[spot + G_HOUR], language, kind)
    for place in range(t[LEADERS + COUNT]):
        add_leader(t, spot, t[t[LEADERS] + place])
    while t[spot + G_LEADERS] < wanted:
        if not free_one(t, spot, language, kind):
            return False
    return True
