"""Whatever the problem and however many rounds: no answer costs less than the bound."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.exact import optimum
from bench.small import small_case
from goround.domain.matching import relaxed as c
from goround.domain.matching.bound import lower_bound
from goround.domain.matching.bounding import Bounding
from goround.domain.matching.edit import lock_group
from goround.domain.matching.layout import lay_out
from goround.domain.matching.problem import Problem
from goround.domain.matching.relaxing import cliques, relax
from goround.domain.matching.search import solve
from tests.domain.matching.cases import (
    ALL_DAY,
    a_hall,
    a_leader,
    a_parent,
    a_problem,
    la_problem,
    problems,
)
from tests.domain.matching.test_explain import best_possible
from tests.domain.matching.test_search import MANY


def bounding_of(problem: Problem, groups=()) -> Bounding:
    return Bounding(lay_out(problem, groups))


def proven(problem: Problem, upper: float, *, rounds: int = 30) -> float:
    """The bound after so many rounds; it never falls on the way."""
    bounding = bounding_of(problem)
    assert bounding.best is not None
    for _ in range(rounds):
        before = bounding.best
        goes_on = bounding.advance(upper)
        assert bounding.best >= before
        if not goes_on:
            break
    return bounding.best


@pytest.mark.parametrize(
    ("parents", "seed"), [(parents, seed) for parents in (9, 12, 15) for seed in range(8)]
)
def test_bound_is_at_most_the_proven_optimum_of_small_cases(parents, seed):
    problem = small_case(parents, seed=seed)
    best = optimum(problem).cost

    assert proven(problem, best) <= best + 1e-6


@settings(MANY, max_examples=80)
@given(problem=problems(most=9))
def test_bound_is_at_most_the_proven_optimum_of_odd_cases(problem):
    best = optimum(problem).cost

    assert proven(problem, best, rounds=12) <= best + 1e-6


@settings(MANY, max_examples=60)
@given(problem=problems(most=7), weights=st.tuples(*[st.sampled_from([0.0, 1.0, 1e6])] * 4))
def test_bound_holds_with_any_weights(problem, weights):
    names = ("km_weight", "window_weight", "wish_weight", "unplaced_weight")
    venues = tuple(replace(venue, rooms=1, slots=venue.slots[:1]) for venue in problem.venues[:1])
    policy = replace(problem.policy, facilitators=0, **dict(zip(names, weights, strict=True)))
    small = replace(problem, venues=venues, facilitators=(), policy=policy)
    best = best_possible(small)

    assert proven(small, best, rounds=12) <= best + 1e-6


@settings(MANY, max_examples=60)
@given(problem=problems())
def test_bound_starts_no_lower_than_the_modest_one(problem):
    modest = lower_bound(lay_out(problem))

    assert modest is not None
    assert proven(problem, modest, rounds=0) >= modest - 1e-6 * max(1.0, modest)


@settings(MANY, max_examples=40)
@given(problem=problems(), data=st.data())
def test_with_a_locked_group_the_bound_holds_for_answers_that_keep_it(problem, data):
    first = solve(problem, seconds=0.0, seed=5, iterations=60)
    if not first.groups:
        return
    group = data.draw(st.sampled_from(first.groups))
    start = lock_group(first, group.id)
    bounding = bounding_of(problem, [start.group(group.id)])

    for _ in range(10):
        bounding.advance(first.cost)

    kept = solve(problem, seconds=0.0, seed=9, iterations=60, start=start)
    assert bounding.best is not None
    assert bounding.best <= min(kept.cost, first.cost) + 1e-6


def test_bound_of_an_easy_case_is_its_optimum():
    """Nine parents at the hall with one room, six chairs: three stay unplaced."""
    homes = [a_parent(f"p{number}", lat=34.0 + number / 100) for number in range(9)]
    problem = a_problem(homes)
    best = optimum(problem).cost

    assert proven(problem, best) == pytest.approx(best, rel=1e-5)


def test_rooms_of_overlapping_hours_are_counted_once():
    hours = [replace(a_hall().slots[0], start=start, end=start + 120) for start in (600, 660)]
    problem = a_problem(12, [a_hall(slots=tuple(hours))])

    assert proven(problem, 6000.0) == pytest.approx(6000.0, rel=1e-5)


def test_a_facilitator_leads_so_many_groups_and_one_at_a_time():
    halls = [a_hall(), a_hall(id="other")]
    both = [a_leader("a", groups=2)]
    once = a_problem(12, halls, both, facilitators=1)
    later = [a_hall(), a_hall(id="other", slots=(replace(ALL_DAY[1], start=600, end=660),))]
    twice = a_problem(12, later, both, facilitators=1)

    assert proven(once, 6000.0) == pytest.approx(6000.0, rel=1e-5)
    assert proven(twice, 6000.0) == pytest.approx(0.0, abs=1e-3)


def test_wishes_that_nobody_there_could_meet_are_counted():
    people = [a_parent(f"p{number}", wishes=frozenset({"grandparent"})) for number in range(4)]

    assert proven(a_problem(people), 8.0, rounds=0) == pytest.approx(8.0, rel=1e-5)


def test_many_ages_are_put_together_and_the_bound_stays_below():
    people = [a_parent(f"p{number}", children=(number * 0.201,)) for number in range(100)]
    problem = a_problem(people, [a_hall(rooms=20)])
    layout = lay_out(problem)
    relaxed = relax(layout, layout.markets)
    answer = solve(problem, seconds=0.0, seed=1, iterations=400)

    assert relaxed.t[c.N_AGES] == c.MOST_AGES
    assert 0.4 * answer.cost < proven(problem, answer.cost) <= answer.cost


def test_nothing_is_proven_where_languages_were_cut_off():
    people = [a_parent(f"p{number}", languages=frozenset({f"l{number}"})) for number in range(61)]

    assert bounding_of(a_problem(people)).best is None


def test_cliques_are_the_largest_sets_at_one_moment():
    base = ALL_DAY[0]
    spans = {
        place: replace(base, start=start, end=end)
        for place, (start, end) in enumerate([(0, 20), (10, 30), (20, 40), (10, 15)])
    }

    assert cliques(spans) == [(0, 1, 3), (1, 2)]


@pytest.mark.parametrize(("facilitators", "least"), [(True, 62_000), (False, 58_100)])
def test_la_414_is_bounded_within_a_hundredth_of_what_is_known(facilitators, least):
    bounding = bounding_of(la_problem(facilitators=facilitators))

    for _ in range(16):
        bounding.advance(least * 1.012, compiled=True)

    assert bounding.best is not None
    assert least < bounding.best


@settings(MANY, max_examples=15)
@given(problem=problems())
def test_plain_and_compiled_kernels_prove_the_same(problem):
    one, two = bounding_of(problem), bounding_of(problem)
    if one.relaxed is None or two.relaxed is None:
        return

    for bounding, compiled in ((one, True), (two, False)):
        for _ in range(3):
            bounding.advance(3000.0, compiled=compiled)

    assert one.best == two.best
    assert np.array_equal(one.prices, two.prices)
