"""Bound ≤ proven optimum ≤ answer, with a judge that shares no code with the search."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings

from bench.columns import NOBODY, TooMany, columns
from bench.exact import optimum
from bench.small import small_case
from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.cost import answer_cost, cost_of
from goround.domain.matching.people import best_language, best_type, blocks
from goround.domain.matching.problem import Problem
from goround.domain.matching.rules import broken_rules
from goround.domain.matching.search import solve
from tests.domain.matching.cases import MONDAY, a_hall, a_leader, a_parent, a_problem, problems
from tests.domain.matching.test_explain import best_possible
from tests.domain.matching.test_search import MANY

SMALL = [(parents, seed) for parents in (9, 12, 15) for seed in range(8)]


@pytest.mark.parametrize(("parents", "seed"), SMALL)
def test_bound_is_at_most_the_optimum_and_the_optimum_at_most_the_answer(parents, seed):
    problem = small_case(parents, seed=seed)

    best, answer = optimum(problem), solve(problem, seconds=0, seed=1, iterations=60)

    assert best.cost <= answer.cost + 1e-6
    assert answer.lower_bound is None or answer.lower_bound <= best.cost + 1e-6


@pytest.mark.parametrize(("parents", "seed"), SMALL)
def test_the_optimum_is_an_answer_that_keeps_every_rule(parents, seed):
    problem = small_case(parents, seed=seed)

    best = optimum(problem)

    assert broken_rules(problem, best.groups) == []
    assert answer_cost(problem, best.groups) == pytest.approx(best.cost)
    assert best.relaxed <= best.cost + 1e-6


@settings(MANY, max_examples=60)
@given(problem=problems(most=7))
def test_with_one_room_the_optimum_is_what_trying_everything_finds(problem):
    venues = tuple(replace(venue, rooms=1, slots=venue.slots[:1]) for venue in problem.venues[:1])
    low = max(2, problem.policy.size_min)
    policy = replace(
        problem.policy, facilitators=0, size_min=low, size_max=max(low, problem.policy.size_max)
    )
    small = replace(problem, venues=venues, facilitators=(), policy=policy)

    assert optimum(small).cost == pytest.approx(best_possible(small))


@settings(MANY, max_examples=60)
@given(problem=problems(most=9))
def test_no_answer_is_better_than_the_optimum(problem):
    best, answer = optimum(problem), solve(problem, seconds=0, seed=3, iterations=40)

    assert broken_rules(problem, best.groups) == []
    assert answer_cost(problem, best.groups) == pytest.approx(best.cost)
    assert best.cost <= answer.cost + 1e-6
    assert answer.lower_bound is None or answer.lower_bound <= best.cost + 1e-6


def test_columns_are_all_groups_that_could_meet_each_at_its_cost():
    problem = small_case(12, seed=8)

    found = columns(problem)

    listed = {
        (int(hour), tuple(sorted(place for place in row.tolist() if place != NOBODY)))
        for hour, row in zip(found.hour, found.member, strict=True)
    }
    assert listed == _groups_that_could_meet(problem)
    for hour, row, cost in zip(found.hour, found.member, found.cost, strict=True):
        members = [problem.parents[place] for place in row.tolist() if place != NOBODY]
        venue = found.hours[hour].venue
        assert cost == pytest.approx(cost_of(members, venue, problem.policy).total)


def _groups_that_could_meet(problem: Problem) -> set[tuple[int, tuple[int, ...]]]:
    """Every set of parents at every hour, tried by the rules themselves."""
    hours = [(venue, slot) for venue in problem.venues for slot in venue.slots]
    found = set()
    for size in range(problem.policy.size_min, problem.policy.size_max + 1):
        for places in combinations(range(len(problem.parents)), size):
            people = [problem.parents[place] for place in places]
            language, kind = best_language(people), best_type(people)
            if language is None or kind is None:
                continue
            names = tuple(person.id for person in people)
            for number, (venue, slot) in enumerate(hours):
                group = FormedGroup("g", venue.id, slot, language, kind, (), names)
                if not broken_rules(problem, [group]):
                    found.add((number, places))
    return found


def test_small_cases_are_of_many_kinds_and_come_again():
    cases = [small_case(20, seed=seed) for seed in range(30)]

    assert cases[3] == small_case(20, seed=3)
    assert len({case.policy for case in cases}) > 8
    assert {bool(case.facilitators) for case in cases} == {True, False}
    assert {any(row.apart for row in case.parents) for case in cases} == {True, False}
    assert any(len(block) > 1 for case in cases for block in blocks(case))


def test_the_judge_counts_facilitators_and_their_hours():
    """One room an hour, two hours that overlap, and one facilitator who can lead twice."""
    late = replace(MONDAY, start=MONDAY.start + 60, end=MONDAY.end + 60)
    halls = [a_hall(), a_hall(id="other", slots=(late,))]
    one = a_problem(8, halls, [a_leader("a", groups=2)], facilitators=1)
    two = a_problem(8, halls, [a_leader("a"), a_leader("b")], facilitators=1)

    assert [optimum(problem).cost for problem in (one, two)] == [2000.0, 0.0]


def test_too_many_groups_are_refused_and_not_cut_short():
    with pytest.raises(TooMany):
        optimum(a_problem([a_parent(f"p{number}") for number in range(20)]), most=1_000)
