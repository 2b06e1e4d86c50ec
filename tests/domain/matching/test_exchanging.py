"""Swaps and transfers between groups keep every rule and reckon what they cost."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from goround.domain.matching.answer import Answer, FormedGroup
from goround.domain.matching.compiled import kernels
from goround.domain.matching.cost import answer_cost
from goround.domain.matching.edit import lock_member
from goround.domain.matching.engine import Engine, formed
from goround.domain.matching.loading import begin
from goround.domain.matching.problem import Problem
from goround.domain.matching.rules import broken_rules
from goround.domain.matching.tables import MILLION, NEVER
from tests.domain.matching.cases import MONDAY, a_hall, a_parent, a_problem, problems

HOT, COLD = 500.0 * MILLION, 0.1 * MILLION


def after_exchanges(
    problem: Problem, steps: int, heat: float, start: Answer | None = None
) -> tuple[Engine, tuple[FormedGroup, ...]]:
    """The engine and its groups after that many small moves."""
    ready = begin(problem, seed=3, start=start)
    engine = Engine(ready.layout, ready.fill())
    if start is None:
        engine.build(lambda: True)
    kernels(compile=False).exchange(engine.arena, steps, heat, heat)
    engine.best_total = NEVER
    engine.keep_if_better()
    return engine, formed(ready.layout, engine.best_teams())


@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(problem=problems(most=20))
def test_any_exchange_keeps_every_rule_and_the_sum_of_costs(problem: Problem) -> None:
    engine, groups = after_exchanges(problem, 150, HOT)

    layout = engine.layout
    seen = [problem.parents[place].id for unit in layout.units for place in unit]
    unseen = sum(parent.priority for parent in problem.parents if parent.id not in seen)
    aside = problem.policy.unplaced_weight * unseen
    assert broken_rules(problem, groups) == []
    assert answer_cost(problem, groups) == pytest.approx(engine.total / MILLION + aside)


def two_halls(south: int, north: int) -> Problem:
    """So many parents at home beside each of two halls twelve kilometres apart."""
    return a_problem(
        [
            *(a_parent(f"s{number}") for number in range(south)),
            *(a_parent(f"n{number}", lat=34.11) for number in range(north)),
        ],
        [a_hall(id="south"), a_hall(id="north", lat=34.11)],
        window_weight=0.0,
    )


def a_start(problem: Problem, south: str, north: str) -> Answer:
    groups = tuple(
        FormedGroup(venue, venue, MONDAY, "en", "any", (), tuple(members.split()))
        for venue, members in (("south", south), ("north", north))
    )
    return Answer(
        groups=groups,
        unplaced=(),
        cost=answer_cost(problem, groups),
        lower_bound=None,
        seed=3,
        seconds=0.0,
    )


def members_by_hall(groups: tuple[FormedGroup, ...]) -> dict[str, tuple[str, ...]]:
    return {group.venue: group.members for group in groups}


def test_two_who_travel_to_each_other_s_hall_change_places() -> None:
    problem = two_halls(south=4, north=4)

    _, groups = after_exchanges(problem, 400, COLD, a_start(problem, "n0 s1 s2 s3", "n1 n2 n3 s0"))

    assert members_by_hall(groups) == {
        "south": ("s0", "s1", "s2", "s3"),
        "north": ("n0", "n1", "n2", "n3"),
    }


def test_one_moves_to_the_nearer_hall_if_the_group_left_behind_is_large_enough() -> None:
    problem = two_halls(south=5, north=4)

    _, groups = after_exchanges(
        problem, 400, COLD, a_start(problem, "s1 s2 s3 s4", "n0 n1 n2 n3 s0")
    )

    assert members_by_hall(groups)["south"] == ("s0", "s1", "s2", "s3", "s4")


def test_nobody_moves_out_of_a_group_of_the_least_size() -> None:
    problem = two_halls(south=5, north=3)
    start = a_start(problem, "s1 s2 s3 s4", "n0 n1 n2 s0")

    _, groups = after_exchanges(problem, 400, COLD, start)

    assert {len(group.members) for group in groups} == {4}


def test_a_locked_member_stays() -> None:
    problem = two_halls(south=4, north=4)
    start = lock_member(a_start(problem, "n0 s1 s2 s3", "n1 n2 n3 s0"), "n0")

    _, groups = after_exchanges(problem, 400, HOT, start)

    assert "n0" in members_by_hall(groups)["south"]
