"""What is said to place a parent does: each change is carried out and the parent seated.

The groups there are stay as they are; only rules judge. Newcomers are what the change says of
them and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, islice

import pytest
from hypothesis import given

from goround.domain.matching.answer import Answer, Change, FormedGroup, Unplaced
from goround.domain.matching.people import block_of, pick_facilitators
from goround.domain.matching.problem import (
    ANY_TYPE,
    Facilitator,
    Parent,
    Problem,
    Span,
    Venue,
)
from goround.domain.matching.reasons import reason_unplaced, reasons_unplaced
from goround.domain.matching.rules import broken_rules
from goround.domain.matching.search import solve
from tests.domain.matching.cases import (
    MONDAY,
    a_hall,
    a_leader,
    a_parent,
    a_problem,
    la_problem,
    problems,
)
from tests.domain.matching.test_search import MANY, QUICK

TO_TRY = 300
TUESDAY = Span.parse("tue 18:00-20:00")


def world_after(problem: Problem, row: Unplaced) -> Problem:
    """The problem after the change."""
    change = row.change
    assert change is not None
    (hall,) = [venue for venue in problem.venues if venue.id == change.venue]
    me = next(parent for parent in problem.parents if parent.id == row.parent)
    hall, me = _hall_after(hall, change), _parent_after(me, change)
    count = change.count or 0
    several = {"facilitators": (0, count), "room": (0, 0)}
    parents, leaders = several.get(change.kind, (count, change.leaders or 0))
    return replace(
        problem,
        parents=(
            *(me if parent.id == me.id else parent for parent in problem.parents),
            *(_newcomer(number, hall, change) for number in range(parents)),
        ),
        venues=tuple(hall if venue.id == hall.id else venue for venue in problem.venues),
        facilitators=(
            *problem.facilitators,
            *(_new_leader(number, hall, change) for number in range(leaders)),
        ),
    )


def _hall_after(hall: Venue, change: Change) -> Venue:
    if change.kind == "features":
        hall = replace(hall, features=hall.features | set(change.wanted))
    if change.kind == "hour":
        assert change.slot is not None
        assert change.slot not in hall.slots
        hall = replace(hall, slots=(*hall.slots, change.slot))
    more = change.kind == "room" or change.room
    return replace(hall, rooms=hall.rooms + more)


def _parent_after(me: Parent, change: Change) -> Parent:
    if change.kind == "farther":
        return replace(me, max_km=me.max_km + (change.km or 0) + 1e-6)
    if change.kind == "mode":
        return replace(me, modes=me.modes | set(change.wanted))
    if change.kind == "join" and change.slot is not None:
        return replace(me, available=(*me.available, change.slot))
    return me


def _newcomer(number: int, hall: Venue, change: Change) -> Parent:
    assert change.slot is not None
    return Parent(
        f"new{number}",
        hall.lat or 0.0,
        hall.lon or 0.0,
        languages=frozenset({change.language or ""}),
        available=(change.slot,),
        interests=frozenset() if change.type == ANY_TYPE else frozenset({change.type or ""}),
        max_km=0.01,
    )


def _new_leader(number: int, hall: Venue, change: Change) -> Facilitator:
    assert change.slot is not None
    return Facilitator(
        f"new{number}",
        frozenset({change.language or ""}),
        (change.slot,),
        hall.lat or 0.0,
        hall.lon or 0.0,
    )


def can_sit(world: Problem, groups: tuple[FormedGroup, ...], row: Unplaced) -> bool:
    """Whether the parent can join the group named, or one can be opened where it is said."""
    change = row.change
    assert change is not None
    if change.group is not None:
        joined = [
            replace(group, members=(*group.members, row.parent))
            if group.id == change.group
            else group
            for group in groups
        ]
        return broken_rules(world, joined) == []
    tried = islice(_openings(world, groups, row.parent, change), TO_TRY)
    return any(broken_rules(world, [*groups, group]) == [] for group in tried)


def _openings(
    world: Problem, groups: tuple[FormedGroup, ...], parent: str, change: Change
) -> Iterator[FormedGroup]:
    assert change.slot is not None
    placed = {name for group in groups for name in group.members}
    blocks = block_of(world)
    hall = next(venue for venue in world.venues if venue.id == change.venue)
    seat = FormedGroup(
        "new", hall.id, change.slot, change.language or "", change.type or "", (), ()
    )
    # Whoever would break a rule in any company is left out first: there would be too many.
    alone = replace(world.policy, size_min=1, size_max=len(world.parents), facilitators=0)
    trial = replace(world, policy=alone)
    units = [
        unit
        for unit in sorted(set(blocks.values()), key=lambda unit: (unit[0][:3] != "new", unit))
        if parent not in unit
        and not placed.intersection(unit)
        and _may_sit(trial, groups, replace(seat, members=unit))
    ]
    for size in range(len(units) + 1):
        for chosen in combinations(units, size):
            members = blocks[parent] + tuple(name for unit in chosen for name in unit)
            if world.policy.size_min <= len(members) <= world.policy.size_max:
                for kind in (seat.type, ANY_TYPE):
                    group = replace(seat, members=members, type=kind)
                    picked = pick_facilitators(world, hall, group, groups)
                    yield replace(group, facilitators=picked)


def _may_sit(trial: Problem, groups: tuple[FormedGroup, ...], group: FormedGroup) -> bool:
    broken = broken_rules(trial, [*groups, group])
    mine = [rule for rule in broken if set(rule.who) & set(group.members)]
    return not any(rule.rule in {"H4", "H5", "H6", "H7", "H8", "H10"} for rule in mine)


def carried_out(problem: Problem, answer: Answer) -> Counter[str]:
    """Tries every change there is; how many of each kind were found true."""
    tried: Counter[str] = Counter()
    left = [row.parent for row in answer.unplaced]
    for row in reasons_unplaced(problem, answer.groups, left):
        assert row.change is not None
        if row.change.kind in {"none", "apart", "partners"}:
            continue
        world = world_after(problem, row)
        assert can_sit(world, answer.groups, row), row
        tried[row.change.kind] += 1
    return tried


@MANY
@given(problem=problems())
def test_what_would_change_it_does(problem):
    carried_out(problem, solve(problem, **QUICK))


def test_la_414_what_would_change_it_does():
    problem = la_problem()
    answer = solve(problem, seconds=0, seed=1, iterations=2000)

    tried = carried_out(problem, answer)

    assert {"parents", "hour", "several", "join"} <= set(tried)
    assert tried.total() >= 40


def six_and(odd: Parent, *venues: Venue, **policy: float) -> tuple[Problem, Answer]:
    """Six in the hall, on Mondays, and one who is not."""
    people = [a_parent(f"p{number}") for number in range(6)]
    led = [a_leader("f")] if policy.get("facilitators") else []
    problem = a_problem([*people, odd], [a_hall(), *venues], led, **policy)
    group = FormedGroup(
        "g1", "hall", MONDAY, "en", "any", tuple(f.id for f in led), tuple(p.id for p in people)
    )
    return problem, Answer((group,), (), 0.0, None, 1, 0.0)


def change_for(problem: Problem, answer: Answer) -> Change:
    change = reason_unplaced(problem, answer.groups, "odd").change
    assert change is not None
    return change


def test_a_group_with_a_place_is_better_than_a_nearer_hall_without_one():
    far = a_parent("odd", lat=34.3, max_km=5.0)
    nearer = a_hall(id="near", lat=34.2, slots=(TUESDAY,))
    problem, answer = six_and(far, nearer, size_max=8)

    change = change_for(problem, answer)

    assert (change.kind, change.venue, change.group) == ("farther", "hall", "g1")
    assert change.km == pytest.approx(33.358 - 5, abs=1e-2)


def test_a_feature_that_gives_a_place_names_the_group():
    problem, answer = six_and(a_parent("odd", needs=frozenset({"step-free"})), size_max=8)

    change = change_for(problem, answer)

    assert change == Change(
        "features", venue="hall", slot=MONDAY, group="g1", wanted=("step-free",)
    )


def test_a_new_hour_counts_those_in_the_same_boat():
    wednesday = (Span.parse("wed 09:00-12:00"),)
    problem, answer = six_and(a_parent("odd", available=wednesday))
    boat = [a_parent(f"o{number}", available=wednesday) for number in range(2)]
    problem = replace(problem, parents=(*problem.parents, *boat))

    change = change_for(problem, answer)

    assert (change.kind, change.count) == ("hour", 1)
    full = [*boat, a_parent("o2", available=wednesday)]
    problem = replace(problem, parents=(*problem.parents[:7], *full))
    assert change_for(problem, answer).count is None


def test_somebody_kept_apart_from_one_who_waits_does_not_count_them():
    foe = a_parent("foe", apart=frozenset({"odd"}))
    others = [a_parent(f"o{number}") for number in range(2)]
    problem, answer = six_and(a_parent("odd"), a_hall(id="other", slots=(TUESDAY,)))
    problem = replace(problem, parents=(*problem.parents, foe, *others))

    change = change_for(problem, answer)

    assert (change.kind, change.venue, change.count) == ("parents", "other", 1)
