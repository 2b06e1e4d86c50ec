"""What a swap is said to cost, it costs; and nothing legal is kept back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from goround.domain.matching import edit
from goround.domain.matching.answer import Answer, FormedGroup
from goround.domain.matching.cost import answer_cost
from goround.domain.matching.people import block_of
from goround.domain.matching.problem import Problem
from goround.domain.matching.rules import broken_rules
from goround.domain.matching.search import solve
from goround.domain.matching.swaps import Swap, swaps
from tests.domain.matching.cases import a_hall, a_parent, a_problem, la_problem, problems
from tests.domain.matching.test_search import MANY, QUICK


def exchanged(groups: tuple[FormedGroup, ...], swap: Swap) -> list[FormedGroup]:
    """The groups after it, made as plainly as can be."""
    after = []
    for group in groups:
        names = set(group.members)
        if swap.member in names:
            names = names - {swap.member} | ({swap.other} if swap.other else set())
        elif group.id == swap.group:
            names = names - {swap.other or ""} | {swap.member}
        after.append(replace(group, members=tuple(sorted(names))))
    return after


def every_legal(problem: Problem, answer: Answer, here: FormedGroup) -> dict[tuple, float]:
    """All swaps of the group's members by trying each, with the change in cost."""
    alone = {name for name, block in block_of(problem).items() if len(block) == 1}
    placed = {name: group for group in answer.groups for name in group.members}
    tried = [
        Swap(member, other.id, placed[other.id].id if other.id in placed else None, 0)
        for member in alone.intersection(here.members)
        for other in problem.parents
        if other.id in alone and placed.get(other.id) is not here
    ]
    tried += [
        Swap(member, None, group.id, 0)
        for member in alone.intersection(here.members)
        for group in answer.groups
        if group is not here
    ]
    found = {}
    for swap in tried:
        after = exchanged(answer.groups, swap)
        if not broken_rules(problem, after):
            cost = answer_cost(problem, after) - answer.cost
            found[swap.member, swap.other, swap.group] = pytest.approx(cost, abs=1e-6)
    return found


@MANY
@given(problem=problems())
def test_all_swaps_that_break_nothing_are_found_at_their_cost(problem):
    answer = solve(problem, **QUICK)
    for group in answer.groups:
        offered = swaps(problem, answer, group.id, each=1000)

        flat = [swap for rows in offered.values() for swap in rows]
        assert list(offered) == list(group.members)
        assert {
            (swap.member, swap.other, swap.group): swap.cost_change for swap in flat
        } == every_legal(problem, answer, group)


def test_la_414_swaps_done_by_hand_break_nothing_and_cost_what_was_said():
    problem = la_problem()
    answer = solve(problem, seconds=0, seed=1, iterations=2000)
    tried = 0
    for group in answer.groups[::6]:
        for rows in swaps(problem, answer, group.id).values():
            assert rows == sorted(rows, key=lambda swap: swap.cost_change)
            for swap in rows[:1]:
                tried += 1
                after = done(problem, answer, swap)
                assert after.cost - answer.cost == pytest.approx(swap.cost_change, abs=1e-6)
                assert broken_rules(problem, after.groups) == []
    assert tried >= 10


def done(problem: Problem, answer: Answer, swap: Swap) -> Answer:
    if swap.other is None:
        return edit.move(problem, answer, swap.member, swap.group)
    return edit.swap(problem, answer, swap.member, swap.other)


def two_halls() -> tuple[Problem, Answer]:
    """Four at each hall, with one in each who lives at the other, and one who waits."""
    north = [a_parent(f"n{n}") for n in range(4)]
    south = [a_parent(f"s{n}", lat=33.9) for n in range(4)]
    halls = [a_hall(), a_hall(id="south", lat=33.9)]
    problem = a_problem([*north, *south, a_parent("waits", lat=33.95)], halls, size_max=4)
    slot = halls[0].slots[0]
    groups = (
        FormedGroup("g1", "hall", slot, "en", "any", (), ("n0", "n1", "n2", "s3")),
        FormedGroup("g2", "south", slot, "en", "any", (), ("s0", "s1", "s2", "n3")),
    )
    return problem, Answer(groups, (), answer_cost(problem, groups), None, 1, 0.0)


def test_the_best_swap_sends_both_home():
    problem, answer = two_halls()

    best = swaps(problem, answer, "g1")["s3"][0]

    assert best == Swap("s3", "n3", "g2", pytest.approx(-22.239, abs=1e-3))


def test_somebody_who_waits_can_take_a_place():
    problem, answer = two_halls()
    answer = edit.move(problem, answer, "s3", None)
    answer = edit.move(problem, answer, "waits", "g1")

    home, instead = swaps(problem, answer, "g1")["waits"][0], swaps(problem, answer, "g1")["n0"]

    assert home == Swap("waits", "n3", "g2", pytest.approx(-11.1195, abs=1e-3))
    assert Swap("n0", "s3", None, pytest.approx(11.1195, abs=1e-3)) in instead


def test_locked_and_together_stay_where_they_are():
    problem, answer = two_halls()
    pair = {"n0": frozenset({"n1"})}
    bound = replace(
        problem,
        parents=tuple(replace(p, together=pair.get(p.id, frozenset())) for p in problem.parents),
    )

    together = swaps(bound, answer, "g1")
    member_locked = swaps(problem, edit.lock_member(answer, "s3"), "g1")
    group_locked = swaps(problem, edit.lock_group(answer, "g2"), "g1")

    assert (together["n0"], together["n1"]) == ([], [])
    assert together["n2"] != []
    assert member_locked["s3"] == []
    assert {swap.group for rows in group_locked.values() for swap in rows} <= {None}


def test_an_unknown_group_is_refused():
    problem, answer = two_halls()

    with pytest.raises(KeyError):
        swaps(problem, answer, "g9")
