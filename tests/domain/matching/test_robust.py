"""Odd and extreme input: an answer that keeps every rule, or a refusal that says why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goround.domain.matching.eligible import attending, hours_of
from goround.domain.matching.files import read_facilitators, read_parents, read_venues
from goround.domain.matching.problem import Policy, Problem, Span
from goround.domain.matching.rules import broken_rules
from goround.domain.matching.search import solve
from tests.domain.matching.cases import a_hall, a_leader, a_parent, a_problem

QUICK = {"seconds": 0.0, "seed": 5, "iterations": 40}
PARENT = {"id": "p", "lat": "34", "lon": "-118", "languages": "en", "available": "mon 18:00-20:00"}
VENUE = {"id": "v", "mode": "in-person", "lat": "34", "lon": "-118", "slots": "mon 18:00-20:00"}
NO_NUMBERS = ["nan", "NaN", "inf", "-inf", "Infinity", "1e999", "1e3", "0x10", "1_0", "٣", "one"]


def table(row: dict[str, str], **cells: str) -> list[str]:
    full = row | cells
    return [",".join(full) + "\n", ",".join(full.values()) + "\n"]


@pytest.mark.parametrize("text", NO_NUMBERS)
@pytest.mark.parametrize("column", ["lat", "lon", "children", "max_km", "priority"])
def test_a_parent_with_no_number_for_a_number_is_left_out(column, text):
    read = read_parents(table(PARENT, **{column: text}))

    assert read.rows == []
    assert [(problem.line, problem.column) for problem in read.problems] == [(2, column)]


@pytest.mark.parametrize("text", NO_NUMBERS)
@pytest.mark.parametrize("column", ["lat", "lon", "rooms", "capacity"])
def test_a_venue_with_no_number_for_a_number_is_left_out(column, text):
    read = read_venues(table(VENUE, **{column: text}))

    assert read.rows == []
    assert [(problem.line, problem.column) for problem in read.problems] == [(2, column)]


@pytest.mark.parametrize("text", NO_NUMBERS)
@pytest.mark.parametrize("column", ["lat", "lon", "max_km", "groups"])
def test_a_facilitator_with_no_number_for_a_number_is_left_out(column, text):
    read = read_facilitators(table(PARENT, **{column: text}))

    assert read.rows == []
    assert [(problem.line, problem.column) for problem in read.problems] == [(2, column)]


@pytest.mark.parametrize("text", ["mon 22:00-01:00", "mon 20:00-20:00", "mon 24:00-24:30"])
def test_hours_across_midnight_are_refused_wherever_they_stand(text):
    found = [
        *read_parents(table(PARENT, available=text)).problems,
        *read_venues(table(VENUE, slots=text)).problems,
        *read_facilitators(table(PARENT, available=text)).problems,
    ]

    assert [problem.column for problem in found] == ["available", "slots", "available"]


@pytest.mark.parametrize(
    "policy",
    [
        {"size_min": 1, "size_max": 1},
        {"size_min": 20, "size_max": 30},
        {"size_min": 4, "size_max": 1_000_000_000},
        {"size_min": 1_000_000_000, "size_max": 1_000_000_000},
        {"facilitators": 1_000_000},
        {"unplaced_weight": 0.0, "km_weight": 0.0, "window_weight": 0.0, "wish_weight": 0.0},
        {"unplaced_weight": 0.001},
        {"unplaced_weight": 1e6, "km_weight": 1e6, "window_weight": 1e6, "wish_weight": 1e6},
    ],
    ids=str,
)
def test_any_policy_gives_an_answer_that_keeps_the_rules(policy):
    parents = [
        a_parent(f"p{n}", lat=34 + n / 900, children=(float(n % 9),), priority=1 + n % 3)
        for n in range(26)
    ]
    leaders = [a_leader(f"f{n}") for n in range(4)]
    problem = a_problem(parents, [a_hall(rooms=3), a_hall(id="b", lat=34.03)], leaders, **policy)

    answer = solve(problem, **QUICK)

    assert broken_rules(problem, answer.groups) == []
    assert answer.placed + len(answer.unplaced) == 26


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), -1.0, 1e7])
def test_a_weight_out_of_bounds_is_refused_by_name(weight):
    with pytest.raises(ValueError, match=r"km_weight is .*; it must be from 0 to 1,000,000"):
        Policy(km_weight=weight)


def test_priorities_too_large_to_add_up_still_go_first():
    parents = [a_parent(f"p{n}", priority=999_999_999) for n in range(30)]
    parents[7] = replace(parents[7], priority=1)
    policy = {"unplaced_weight": 1e6, "size_max": 4}

    answer = solve(a_problem(parents[4:9], [a_hall()], **policy), **QUICK)
    many = solve(a_problem(parents, [a_hall(rooms=7)], **policy), **QUICK)

    assert [row.parent for row in answer.unplaced] == ["p7"]
    assert many.placed == 28


def test_everyone_apart_from_everyone_needs_other_company():
    names = [f"p{n:03d}" for n in range(60)]
    parents = [a_parent(name, apart=frozenset(names) - {name}) for name in names]

    answer = solve(a_problem(parents), **QUICK)

    assert answer.groups == ()
    assert {row.reason for row in answer.unplaced} == {"kept-apart"}
    changes = [row.change for row in answer.unplaced]
    assert {(change.kind, change.count) for change in changes if change} == {("parents", 3)}


def test_a_long_chain_of_together_names_a_few_and_counts_the_rest():
    parents = [a_parent(f"p{n:03d}", together=frozenset({f"p{n + 1:03d}"})) for n in range(80)]
    parents += [a_parent("p080")]

    answer = solve(a_problem(parents), **QUICK)

    assert {row.reason for row in answer.unplaced} == {"partner-cannot"}
    changes = [row.change for row in answer.unplaced]
    assert {(len(change.people), change.count) for change in changes if change} == {(20, 80)}


def test_a_partner_who_is_never_free_is_named():
    busy = a_parent("busy", available=(Span.parse("sun 09:00-10:00"),))
    keen = a_parent("keen", together=frozenset({"busy"}))
    others = [a_parent(f"p{n}") for n in range(4)]

    answer = solve(a_problem([keen, busy, *others]), **QUICK)

    said = {row.parent: (row.reason, row.change and row.change.people) for row in answer.unplaced}
    assert said["keen"] == ("partner-cannot", ("busy",))
    assert said["busy"][0] == "no-shared-hour"


def every_slot(minutes: int, step: int) -> tuple[Span, ...]:
    starts = range(0, 24 * 60 - minutes, step)
    return tuple(Span(day, start, start + minutes) for day in range(2) for start in starts)


def test_a_venue_with_hundreds_of_overlapping_hours_never_has_more_groups_than_rooms():
    problem = a_problem(24, [a_hall(slots=every_slot(90, 10), rooms=1)])

    answer = solve(problem, **QUICK)

    assert broken_rules(problem, answer.groups) == []
    assert answer.placed == 24


def test_more_hours_than_are_kept_for_each_are_not_the_same_for_all():
    """Ten halls next door with 284 hours each; a parent keeps 600, and everybody finds a room."""
    halls = [a_hall(id=f"h{n}", slots=every_slot(20, 10)) for n in range(10)]
    problem = a_problem(300, halls, size_max=4)

    hours = hours_of(problem.venues)
    pairs = attending(problem.parents, problem.venues, hours)

    assert pairs.capped
    assert set(np.diff(pairs.first).tolist()) == {600}
    assert len(np.unique(pairs.hour)) == len(hours)


def test_more_languages_types_and_tags_than_fit_cost_quality_and_no_rule():
    parents = [
        a_parent(
            f"p{n}",
            languages=frozenset({f"l{n // 5}", f"x{n % 100}"}),
            interests=frozenset({f"t{n // 5}"}),
            tags=frozenset({f"g{n}"}),
            wishes=frozenset({f"g{(n + 1) % 400}"}),
        )
        for n in range(400)
    ]
    problem = a_problem(parents, [a_hall(rooms=100)])

    answer = solve(problem, **QUICK)

    assert broken_rules(problem, answer.groups) == []
    assert answer.placed >= 100


def test_the_reason_of_somebody_with_a_rare_language_counts_those_who_share_it():
    """Sixty languages are counted in tables; the rest one by one."""
    many = [
        a_parent(f"m{n}-{k}", languages=frozenset({f"l{n:02d}"})) for n in range(60) for k in "abc"
    ]
    few = [a_parent("alone", languages=frozenset({"rare"}))]
    four = [a_parent(f"z{n}", languages=frozenset({"zz", "zzz"})) for n in range(2)]

    answer = solve(a_problem([*many, *few, *four], size_min=2), **QUICK)

    said = {row.parent: row.reason for row in answer.unplaced}
    assert (said["alone"], said["z0"], said["z1"]) == ("too-few-alike",) + ("no-room-left",) * 2


def test_parents_with_twenty_five_children_each():
    ages = tuple(float(age) for age in range(25))
    parents = [a_parent(f"p{n}", children=ages[n % 3 :]) for n in range(12)]

    answer = solve(a_problem(parents, [a_hall(rooms=3)]), **QUICK)

    assert (answer.placed, answer.cost) == (12, 0.0)


@pytest.mark.parametrize(
    ("hall", "leaders"),
    [
        ({"capacity": 3}, []),
        ({"capacity": 5}, [a_leader("a"), a_leader("b")]),
        ({}, [a_leader("a", groups=0), a_leader("b", groups=0)]),
        ({"rooms": 0}, []),
    ],
    ids=["small room", "no chair for both", "may lead no group", "no room"],
)
def test_what_can_hold_no_group_holds_none(hall, leaders):
    problem = a_problem(9, [a_hall(**hall)], leaders, facilitators=len(leaders))

    answer = solve(problem, **QUICK)

    assert answer.groups == ()
    assert len({row.reason for row in answer.unplaced}) == 1
    assert all(row.detail for row in answer.unplaced)


def test_a_huge_room_and_the_ends_of_the_earth():
    poles = [a_parent(f"n{n}", lat=90.0, lon=-180.0 + 60 * n) for n in range(6)]
    dateline = [a_parent(f"d{n}", lat=10.0, lon=(179.99, -179.99)[n % 2]) for n in range(6)]
    halls = [
        a_hall(lat=90.0, lon=0.0, rooms=999_999_999, capacity=999_999_999),
        a_hall(id="line", lat=10.0, lon=180.0),
    ]

    answer = solve(a_problem([*poles, *dateline], halls), **QUICK)

    assert {group.venue: len(group.members) for group in answer.groups} == {"hall": 6, "line": 6}


def test_groups_of_one_place_everybody():
    answer = solve(a_problem(9, [a_hall(rooms=9)], size_min=1, size_max=2), **QUICK)

    assert answer.placed == 9


def test_an_empty_problem_is_answered():
    assert solve(Problem((), ()), **QUICK).cost == 0.0
