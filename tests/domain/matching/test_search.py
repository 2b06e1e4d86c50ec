"""Whatever the problem, an answer keeps every rule, ours and the independent checker's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.cost import answer_cost
from goround.domain.matching.edit import lock_group, lock_member
from goround.domain.matching.people import contradictions
from goround.domain.matching.problem import Problem, Span
from goround.domain.matching.rules import broken_rules
from goround.domain.matching.search import Progress, solve
from tests.domain.matching.cases import (
    MONDAY,
    a_hall,
    a_leader,
    a_parent,
    a_problem,
    checked,
    la_problem,
    needs_checker,
    problems,
)

QUICK = {"seconds": 0.0, "seed": 5, "iterations": 60}
MANY = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@needs_checker
@MANY
@given(problem=problems())
def test_answers_pass_our_rules_and_the_independent_checker(problem, tmp_path):
    answer = solve(problem, **QUICK)

    said = checked(problem, answer, tmp_path)

    assert broken_rules(problem, answer.groups) == []
    # A pair that must be and must not be together is refused before; the checker does not know.
    assert [line for line in said if not contradictions(problem)] == []


@MANY
@given(problem=problems())
def test_everybody_is_placed_or_listed_once(problem):
    answer = solve(problem, **QUICK)

    named = [name for group in answer.groups for name in group.members]
    named += [row.parent for row in answer.unplaced]
    assert sorted(named) == sorted(parent.id for parent in problem.parents)
    assert answer.cost == pytest.approx(answer_cost(problem, answer.groups))
    assert answer.lower_bound is not None
    assert answer.lower_bound <= answer.cost + 1e-6


@settings(MANY, max_examples=40)
@given(problem=problems(), data=st.data())
def test_a_second_search_keeps_the_locks_of_the_first(problem, data):
    first = solve(problem, **QUICK)
    if not first.groups:
        return
    group = data.draw(st.sampled_from(first.groups))
    other = data.draw(st.sampled_from(first.groups))
    member = data.draw(st.sampled_from(other.members))

    start = lock_member(lock_group(first, group.id), member)
    second = solve(problem, seconds=0, seed=9, iterations=120, start=start)

    assert broken_rules(problem, second.groups) == []
    assert second.group(group.id) == replace(group, locked=True)
    kept = second.group_of(member)
    assert kept is not None
    assert (kept.venue, kept.slot) == (other.venue, other.slot)
    assert second.locked_members == start.locked_members
    assert second.cost <= first.cost + 1e-6


def test_four_parents_who_fit_make_one_group():
    answer = solve(a_problem(4), **QUICK)

    assert answer.groups == (
        FormedGroup("g0001", "hall", MONDAY, "en", "any", (), ("p0", "p1", "p2", "p3")),
    )
    assert (answer.unplaced, answer.cost) == ((), 0.0)


def test_the_room_is_given_to_the_priority():
    parents = [a_parent(f"p{number}") for number in range(7)]
    parents[3] = replace(parents[3], priority=5)

    answer = solve(a_problem(parents, size_max=4), **QUICK)

    assert answer.placed == 4
    assert "p3" in answer.groups[0].members


def test_overlapping_hours_share_the_rooms():
    late = Span.parse("mon 19:00-21:00")
    problem = a_problem(8, [a_hall(slots=(MONDAY, late))])

    assert len(solve(problem, **QUICK).groups) == 1
    two_rooms = a_problem(8, [a_hall(slots=(MONDAY, late), rooms=2)])
    assert len(solve(two_rooms, **QUICK).groups) == 2


def test_the_scarce_facilitator_leads_where_most_can_come():
    """Two speak Spanish; only with both of them can the six Spanish-speaking parents meet."""
    spanish = [a_parent(f"s{n}", languages=frozenset({"es"})) for n in range(6)]
    english = [a_parent(f"e{n}") for n in range(4)]
    both = frozenset({"en", "es"})
    leaders = [
        a_leader("a", languages=both),
        a_leader("b", languages=both),
        a_leader("c"),
        a_leader("d"),
    ]
    problem = a_problem([*english, *spanish], [a_hall(rooms=2)], leaders, facilitators=2)

    answer = solve(problem, **QUICK)

    assert answer.placed == 10
    assert {group.language: group.facilitators for group in answer.groups} == {
        "en": ("c", "d"),
        "es": ("a", "b"),
    }


def test_capacity_counts_the_facilitators():
    leaders = [a_leader("a"), a_leader("b")]
    small = a_problem(6, [a_hall(capacity=7)], leaders, facilitators=2)
    large = a_problem(6, [a_hall(capacity=8)], leaders, facilitators=2)

    assert [solve(problem, **QUICK).placed for problem in (small, large)] == [5, 6]


def test_a_chain_longer_than_a_group_is_left_out_whole():
    parents = [a_parent(f"p{n}", together=frozenset({f"p{n + 1}"})) for n in range(7)]
    parents += [a_parent("p7")]

    answer = solve(a_problem(parents), **QUICK)

    assert answer.groups == ()
    assert {row.reason for row in answer.unplaced} == {"partner-cannot"}


def test_same_seed_and_iterations_give_the_same_groups():
    problem = a_problem(30, [a_hall(rooms=6)])

    one, two = (solve(problem, seconds=0, seed=3, iterations=300) for _ in range(2))

    assert (one.groups, one.cost) == (two.groups, two.cost)


def test_the_search_stops_when_told_and_keeps_the_best():
    seen: list[Progress] = []

    def stop(progress: Progress) -> bool:
        seen.append(progress)
        return len(seen) < 3

    problem = a_problem(30, [a_hall(rooms=6)])
    answer = solve(problem, seconds=60, seed=1, progress=stop, prove=False)

    assert len([progress for progress in seen if progress.phase != "explaining"]) == 3
    assert answer.placed == 30
    assert seen[-1].total == 30


def test_the_search_uses_its_time_and_not_much_more():
    problem, now = a_problem(30, [a_hall(rooms=6)]), iter(range(10_000))

    answer = solve(problem, seconds=40, seed=1, clock=lambda: float(next(now)), prove=False)

    assert 40 <= answer.seconds <= 60


@pytest.mark.parametrize(
    "problem",
    [a_problem(0), a_problem(1), a_problem(5, []), a_problem(5, [a_hall(slots=())])],
    ids=["nobody", "one parent", "no venue", "no hour"],
)
def test_hardly_anything_still_gives_an_answer(problem: Problem):
    answer = solve(problem, seconds=0.2, seed=1)

    assert answer.groups == ()
    assert len(answer.unplaced) == len(problem.parents)


def test_a_locked_group_stays_even_if_it_breaks_a_rule():
    problem = a_problem(9, [a_hall(rooms=2)])
    pair = FormedGroup("mine", "hall", MONDAY, "en", "any", (), ("p0", "p1"), locked=True)
    start = replace(solve(problem, **QUICK), groups=(pair,), unplaced=())

    answer = solve(problem, **QUICK, start=start)

    assert answer.group("mine") == pair
    assert [broken.code for broken in broken_rules(problem, answer.groups)] == ["too-small"]
    assert answer.placed == 2 + 6


def test_disturbance_weight_keeps_people_where_they_were():
    tuesday = Span.parse("tue 18:00-20:00")
    halls = [a_hall(), a_hall(id="near", slots=(tuesday,), lat=34.01)]
    parents = [a_parent(f"p{n}", lat=34.01) for n in range(4)]
    before = FormedGroup("g1", "hall", MONDAY, "en", "any", (), ("p0", "p1", "p2", "p3"))

    def again(weight: float) -> str:
        problem = a_problem(parents, halls, disturbance_weight=weight)
        start = replace(solve(problem, **QUICK), groups=(before,), unplaced=())
        return solve(problem, **QUICK, start=start).groups[0].venue

    assert (again(0.0), again(50.0)) == ("near", "hall")


@needs_checker
@pytest.mark.parametrize(("facilitators", "least"), [(True, 345), (False, 350)])
def test_la_414_passes_the_checker_and_places_most(facilitators, least, tmp_path):
    problem = la_problem(facilitators=facilitators)

    answer = solve(problem, seconds=0, seed=1, iterations=20_000)

    assert checked(problem, answer, tmp_path) == []
    assert answer.placed >= least
