"""The best answer to a small round, against a judge that shares no code with it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from bench.exact import optimum
from bench.small import small_case
from goround.domain.matching.bounding import Bounding
from goround.domain.matching.candidates import TooMany, candidates
from goround.domain.matching.cost import answer_cost
from goround.domain.matching.edit import lock_group
from goround.domain.matching.engine import formed
from goround.domain.matching.exact import prove
from goround.domain.matching.layout import lay_out
from goround.domain.matching.problem import Problem
from goround.domain.matching.rules import broken_rules
from goround.domain.matching.search import solve
from tests.domain.matching.cases import MONDAY, a_hall, a_leader, a_parent, a_problem, problems
from tests.domain.matching.test_search import MANY


def bounding_of(problem: Problem, upper: float, groups=()) -> Bounding:
    bounding = Bounding(lay_out(problem, groups))
    for _ in range(12):
        if not bounding.advance(upper):
            break
    return bounding


def check_best(problem: Problem, upper: float, best: float) -> None:
    """The proof is found; its groups keep every rule and cost what it says is least."""
    bounding = bounding_of(problem, upper)

    teams, bound = prove(bounding, upper, seconds=60.0)

    assert teams is not None
    assert bound is not None
    groups = formed(bounding.layout, teams)
    assert broken_rules(problem, groups) == []
    assert answer_cost(problem, groups) == pytest.approx(best, rel=1e-6, abs=1e-4)
    assert bound <= best + 1e-6
    assert bound == pytest.approx(best, rel=1e-5, abs=1e-4)


@pytest.mark.parametrize(
    ("parents", "seed"), [(parents, seed) for parents in (9, 12, 15) for seed in range(8)]
)
def test_the_best_of_small_cases_is_found_and_proven(parents, seed):
    problem = small_case(parents, seed=seed)

    check_best(problem, answer_cost(problem, ()), optimum(problem).cost)


@settings(MANY, max_examples=60)
@given(problem=problems(most=9))
def test_the_best_of_odd_cases_is_found_and_proven(problem):
    answer = solve(problem, seconds=0.0, seed=3, iterations=40)

    check_best(problem, answer.cost, optimum(problem).cost)


def test_the_best_answer_known_may_be_the_best_there_is():
    problem = small_case(12, seed=2)
    best = optimum(problem).cost

    check_best(problem, best, best)


def test_units_apart_share_no_venue_on_a_day_and_facilitators_lead_one_group_at_a_time():
    evening = replace(MONDAY, start=MONDAY.start + 120, end=MONDAY.end + 120)
    apart = frozenset({"p0"})
    people = [a_parent(f"p{number}") for number in range(7)]
    people.append(a_parent("p7", apart=apart))
    halls = [a_hall(slots=(MONDAY, evening)), a_hall(id="other", lat=34.01)]
    problem = a_problem(people, halls, [a_leader("f", groups=3)], facilitators=1)

    check_best(problem, 8000.0, optimum(problem).cost)


def test_listed_groups_are_all_within_the_gap_and_too_many_are_refused():
    problem = small_case(20, seed=4)
    bounding = bounding_of(problem, optimum(problem).cost)

    few, many = (candidates(bounding, gap, most=100_000) for gap in (100.0, 1e9))

    assert 0 < len(few) < len(many)
    with pytest.raises(TooMany):
        candidates(bounding, 1e9, most=len(many) - 1)


def test_the_same_number_of_nodes_gives_the_same_groups():
    problem = small_case(20, seed=4)
    upper = answer_cost(problem, ())

    first, second = (
        prove(bounding_of(problem, upper), upper, seconds=0.0, nodes=200) for _ in range(2)
    )

    assert first == second


def test_locked_groups_are_paid_for_and_left_alone():
    problem = a_problem(9, [a_hall(rooms=2)])
    first = solve(problem, seconds=0.0, seed=5, iterations=60)
    locked = lock_group(first, first.groups[0].id).groups[0]
    bounding = bounding_of(problem, first.cost, [locked])

    teams, bound = prove(bounding, first.cost, seconds=10.0)

    assert teams is not None
    assert bound == pytest.approx(first.cost, rel=1e-5, abs=1e-4)


def test_nothing_is_proven_best_when_ages_were_put_together():
    people = [a_parent(f"p{number}", children=(number * 0.2,)) for number in range(70)]
    bounding = Bounding(lay_out(a_problem(people)))

    assert prove(bounding, 70_000.0, seconds=1.0) == (None, bounding.best)
