"""Reasons are true, changes would do what they say, and groups tell what they share."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given

from goround.domain.matching.answer import FormedGroup, Unplaced
from goround.domain.matching.cost import Ages, age_window, answer_cost, group_cost
from goround.domain.matching.explain import reason_unplaced, reasons_unplaced, why_together
from goround.domain.matching.fits import can_attend, in_reach, meets_needs
from goround.domain.matching.problem import Problem, Span, Venue
from goround.domain.matching.rules import broken_rules
from goround.domain.matching.search import solve
from tests.domain.matching.cases import (
    MONDAY,
    a_hall,
    a_leader,
    a_parent,
    a_problem,
    problems,
)
from tests.domain.matching.test_search import MANY, QUICK

TUESDAY = Span.parse("tue 18:00-20:00")


THREE_MORE = (
    "A group there, mon 18:00-20:00, would then still need 3 parents more speaking en, "
    "and another room."
)


def why(problem: Problem, parent: str) -> Unplaced:
    return reason_unplaced(problem, solve(problem, **QUICK).groups, parent)


def with_odd(**facts: object) -> Problem:
    """Six who fit and fill the room, and one who does not."""
    return a_problem([*(a_parent(f"p{n}") for n in range(6)), a_parent("odd", **facts)])


@MANY
@given(problem=problems())
def test_the_first_three_reasons_are_exactly_true_of_the_parent(problem):
    for row in reasons_unplaced(problem, (), [parent.id for parent in problem.parents]):
        parent = next(parent for parent in problem.parents if parent.id == row.parent)
        reach = [venue for venue in problem.venues if in_reach(parent, venue)]
        fitting = [venue for venue in reach if meets_needs(parent, venue)]
        hours = [s for v in fitting for s in v.slots if can_attend(parent, v, s)]
        alone = (
            "no-venue-in-reach"
            if not reach
            else "no-venue-meets-needs"
            if not fitting
            else "no-shared-hour"
            if not hours
            else None
        )
        first = {"no-venue-in-reach", "no-venue-meets-needs", "no-shared-hour"}
        assert (row.reason if row.reason in first else None) == alone
        assert row.detail


@pytest.mark.parametrize(
    ("facts", "reason", "kind", "detail"),
    [
        (
            {"lat": 34.2},
            "no-venue-in-reach",
            "farther",
            "Hall would be in reach with 7.2 km more than the 15 km said. " + THREE_MORE,
        ),
        (
            {"needs": frozenset({"step-free"})},
            "no-venue-meets-needs",
            "features",
            "Hall would do if it had: step-free. " + THREE_MORE,
        ),
        (
            {"modes": frozenset({"online"})},
            "no-venue-meets-needs",
            "mode",
            "Hall would do if the parent could also meet in-person. " + THREE_MORE,
        ),
        (
            {"available": (Span.parse("wed 09:00-12:00"),)},
            "no-shared-hour",
            "hour",
            "Hall would do if it were open wed 09:00-11:00. A group there, wed 09:00-11:00, would "
            "then still need 3 parents more speaking en.",
        ),
        (
            {"languages": frozenset({"fr"})},
            "too-few-alike",
            "several",
            "A group at Hall, mon 18:00-20:00, needs 3 parents more speaking fr, and another room.",
        ),
        (
            {"together": frozenset({"gone"})},
            "partner-cannot",
            "partners",
            "Could be placed without, or if they could come: gone.",
        ),
        (
            {"apart": frozenset({f"p{n}" for n in range(6)})},
            "kept-apart",
            "apart",
            "The groups that would do need somebody who is kept apart: p0, p1, p2, p3, p4 and "
            "1 more.",
        ),
    ],
)
def test_reasons_and_what_would_change_them(facts, reason, kind, detail):
    problem = with_odd(**facts)

    row = reason_unplaced(problem, solve(with_six(problem), **QUICK).groups, "odd")

    assert row.change is not None
    assert (row.reason, row.change.kind, row.detail) == (reason, kind, detail)


def with_six(problem: Problem) -> Problem:
    return replace(problem, parents=problem.parents[:6])


def test_a_seventh_finds_no_room_left():
    row = why(with_odd(), solve(with_odd(), **QUICK).unplaced[0].parent)

    assert row.reason == "no-room-left"


@pytest.mark.parametrize("lead", [0, 1])
def test_no_facilitator_whether_none_can_or_all_are_busy(lead):
    leaders = [a_leader("a")] * lead
    problem = a_problem(12, [a_hall(rooms=2)], leaders, facilitators=1)

    (row, *_) = solve(problem, **QUICK).unplaced

    assert (row.reason, row.change and row.change.kind) == ("no-facilitator", "facilitators")
    assert row.change is not None
    assert row.change.count == 1


def test_why_together_says_what_each_one_brings():
    tags = frozenset({"single"})
    parents = [
        a_parent("p0", children=(1.0, 9.0), tags=tags, languages=frozenset({"en", "es"})),
        a_parent("p1", children=(3.0,), wishes=frozenset({"single", "twins"}), lat=34.1),
        a_parent("p2", tags=tags),
        a_parent("p3", children=(2.0,)),
    ]
    group = FormedGroup("g1", "hall", MONDAY, "en", "any", (), ("p0", "p1", "p2", "p3"))

    said = why_together(a_problem(parents), group)

    assert (said.ages, said.languages) == (Ages(1.0, 3.0), ("en",))
    assert said.furthest_km == pytest.approx(11.1195, abs=1e-3)
    assert [member.children for member in said.members] == [(1.0,), (3.0,), (), (2.0,)]
    assert said.members[1].wishes_met == (("single", ("p0", "p2")),)
    assert said.members[1].wishes_unmet == ("twins",)
    assert [member.shared_tags for member in said.members] == [("single",), (), ("single",), ()]


def test_group_cost_adds_up():
    parents = [a_parent(f"p{n}", children=(float(n),), wishes=frozenset({"x"})) for n in range(4)]
    group = FormedGroup("g1", "hall", MONDAY, "en", "any", (), ("p0", "p1", "p2", "p3"))

    cost = group_cost(a_problem(parents), group)

    assert (cost.km, cost.window_years, cost.unmet_wishes) == (0.0, 3.0, 4)
    assert cost.total == 0.5 * 4 * 3 + 2 * 4


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        ([], None),
        ([()], None),
        ([(5.0, 2.0)], Ages(2.0, 2.0)),
        ([(1.0, 8.0), (), (2.0,), (7.0, 3.0)], Ages(1.0, 3.0)),
        ([(0.0, 10.0), (1.0, 11.0)], Ages(0.0, 1.0)),
    ],
)
def test_age_window(children, expected):
    assert age_window(children) == expected


def best_possible(problem: Problem) -> float:
    """The least cost over every way to open at most one group: enough where rooms allow one."""
    costs = [answer_cost(problem, [])]
    for venue in problem.venues:
        for slot in venue.slots:
            for size in range(problem.policy.size_min, problem.policy.size_max + 1):
                for members in combinations([parent.id for parent in problem.parents], size):
                    costs += _one_group(problem, venue, slot, members)
    return min(costs)


def _one_group(problem: Problem, venue: Venue, slot: Span, members: tuple[str, ...]) -> list[float]:
    for language in ("en", "es", "zh-Hans"):
        for kind in ("any", "self-care", "teen", "men"):
            group = FormedGroup("g", venue.id, slot, language, kind, (), members)
            if not broken_rules(problem, [group]):
                return [answer_cost(problem, [group])]
    return []


@MANY
@given(problem=problems(most=7))
def test_with_one_room_the_search_finds_the_best_and_the_bound_stays_below(problem):
    """Bound ≤ proven optimum = answer, on cases small enough to try everything."""
    venues = [replace(venue, rooms=1, slots=venue.slots[:1]) for venue in problem.venues[:1]]
    small = replace(
        problem,
        venues=tuple(venues),
        facilitators=(),
        policy=replace(problem.policy, facilitators=0, size_min=max(2, problem.policy.size_min))
        if problem.policy.size_max >= 2
        else replace(problem.policy, facilitators=0),
    )

    answer, best = solve(small, seconds=0, seed=2, iterations=400), best_possible(small)

    assert answer.lower_bound is not None
    assert answer.lower_bound <= best + 1e-6
    assert answer.cost == pytest.approx(best)
