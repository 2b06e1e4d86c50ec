"""Groups larger than the usual four to six, and many who are kept apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from goround.domain.matching.rules import broken_rules
from goround.domain.matching.search import solve
from tests.domain.matching.cases import a_hall, a_parent, a_problem


@pytest.mark.parametrize(
    ("parents", "least", "most"),
    [(100, 20, 30), (100, 10, 12), (60, 25, 30)],
)
def test_solve_evens_out_large_groups_until_everybody_has_a_place(
    parents: int, least: int, most: int
) -> None:
    problem = a_problem(parents, [replace(a_hall(), rooms=20)], size_min=least, size_max=most)

    answer = solve(problem, seconds=0, seed=1, iterations=3_000)

    assert answer.placed == parents
    assert broken_rules(problem, answer.groups) == []


def test_solve_leaves_everybody_out_when_all_are_kept_apart() -> None:
    names = [f"p{number}" for number in range(60)]
    problem = a_problem([a_parent(name, apart=frozenset(names) - {name}) for name in names])

    answer = solve(problem, seconds=0, seed=1, iterations=200)

    assert {row.reason for row in answer.unplaced} == {"kept-apart"}
    assert len(answer.unplaced) == 60


def test_solve_says_best_when_nothing_could_be_better() -> None:
    answer = solve(a_problem(4), seconds=30, seed=1)

    assert answer.cost == answer.lower_bound == 0.0
