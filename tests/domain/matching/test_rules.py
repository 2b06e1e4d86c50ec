"""Each rule broken once, by itself, and named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.problem import Policy, Problem, Span
from goround.domain.matching.rules import broken_rules
from tests.domain.matching.cases import MONDAY, a_hall, a_leader, a_parent, a_problem

FOUR = ("p0", "p1", "p2", "p3")
GOOD = FormedGroup("g1", "hall", MONDAY, "en", "any", (), FOUR)
LATER = Span.parse("mon 19:00-21:00")
TUESDAY = Span.parse("tue 18:00-20:00")


def said(problem: Problem, *groups: FormedGroup) -> list[tuple[str, str, str | None]]:
    return [(found.rule, found.code, found.group) for found in broken_rules(problem, groups)]


def with_last(**facts: object) -> Problem:
    return a_problem([*(a_parent(name) for name in FOUR[:3]), a_parent("p3", **facts)])


def test_a_good_group_breaks_nothing():
    assert said(a_problem(4), GOOD) == []


def test_h1_nobody_is_unknown_or_placed_twice():
    stranger = replace(GOOD, members=(*FOUR[:3], "who"))
    twice = a_problem(7, [a_hall(rooms=2)])

    assert (
        said(a_problem(4), stranger)
        == [
            ("H1", "unknown-parent", "g1"),
            ("H2", "too-small", "g1"),
        ][:1]
    )
    second = replace(GOOD, id="g2", members=("p3", "p4", "p5", "p6"))
    assert said(twice, GOOD, second) == [("H1", "placed-twice", "g2")]


def test_h2_size_and_capacity():
    eight = a_problem(8)
    small_room = a_problem(4, [a_hall(capacity=5)], [a_leader("a"), a_leader("b")])

    assert said(eight, replace(GOOD, members=FOUR[:3])) == [("H2", "too-small", "g1")]
    everyone = tuple(f"p{number}" for number in range(7))
    assert said(eight, replace(GOOD, members=everyone)) == [("H2", "too-large", "g1")]
    led = replace(GOOD, facilitators=("a", "b"))
    assert said(small_room, led) == [("H2", "room-too-small", "g1")]


def test_h3_known_venue_slot_and_room():
    assert said(a_problem(4), replace(GOOD, venue="where")) == [("H3", "unknown-venue", "g1")]
    assert said(a_problem(4), replace(GOOD, slot=TUESDAY)) == [("H3", "no-such-slot", "g1")]
    problem = a_problem(8, [a_hall(slots=(MONDAY, LATER))])
    second = replace(GOOD, id="g2", slot=LATER, members=("p4", "p5", "p6", "p7"))
    assert said(problem, GOOD, second) == [("H3", "no-room", "g2")]
    roomy = a_problem(8, [a_hall(slots=(MONDAY, LATER), rooms=2)])
    assert said(roomy, GOOD, second) == []


def test_h4_everybody_is_free_for_the_whole_slot():
    touching = (Span.parse("mon 17:00-19:00"), Span.parse("mon 19:00-21:00"))

    assert said(with_last(available=touching), GOOD) == [("H4", "not-free", "g1")]


def test_h5_reach_and_mode():
    assert said(with_last(lat=34.2), GOOD) == [("H5", "too-far", "g1")]
    assert said(with_last(modes=frozenset({"online"})), GOOD) == [("H5", "other-mode", "g1")]
    room = a_hall(mode="online", lat=None, lon=None)
    far = with_last(lat=60.0, modes=frozenset({"online"}))
    assert said(replace(far, venues=(room,)), GOOD) == []


def test_h6_h7_h8_language_type_and_needs():
    french = with_last(languages=frozenset({"fr"}))
    teen = with_last(interests=frozenset({"teen"}))
    step_free = with_last(needs=frozenset({"step-free"}))

    assert said(french, GOOD) == [("H6", "other-language", "g1")]
    assert said(teen, GOOD) == [("H7", "other-type", "g1")]
    assert said(teen, replace(GOOD, type="teen")) == []
    assert said(a_problem(4), replace(GOOD, type="teen")) == [("H7", "type-unasked", "g1")]
    assert said(step_free, GOOD) == [("H8", "need-unmet", "g1")]


def test_h9_together_counts_whoever_said_it():
    parents = [a_parent(f"p{n}") for n in range(5)]
    parents[4] = replace(parents[4], together=frozenset({"p0"}))

    assert said(a_problem(parents), GOOD) == [("H9", "not-together", "g1")]


@pytest.mark.parametrize(
    ("slot", "expected"),
    [
        (MONDAY, [("H10", "same-day-and-venue", "g1")]),
        (TUESDAY, []),
    ],
)
def test_h10_apart_in_group_and_on_the_day(slot, expected):
    parents = [a_parent(f"p{n}") for n in range(8)]
    parents[7] = replace(parents[7], apart=frozenset({"p0"}))
    problem = a_problem(parents, [a_hall(rooms=2, slots=(MONDAY, TUESDAY))])
    second = replace(GOOD, id="g2", slot=slot, members=("p4", "p5", "p6", "p7"))

    assert said(problem, GOOD, second) == expected
    same = replace(GOOD, members=("p0", "p1", "p2", "p7"))
    assert said(problem, same) == [("H10", "same-group", "g1")]


def test_h11_facilitators_are_there_and_not_overworked():
    leaders = [a_leader("a", groups=1), a_leader("b", groups=2), a_leader("c", groups=2)]
    halls = [a_hall(rooms=2, slots=(MONDAY, LATER, TUESDAY))]
    problem = a_problem(8, halls, leaders, facilitators=1)
    led = replace(GOOD, facilitators=("a",))
    other = replace(GOOD, id="g2", slot=TUESDAY, members=("p4", "p5", "p6", "p7"))

    assert said(problem, GOOD) == [("H11", "facilitators-missing", "g1")]
    assert said(problem, replace(led, facilitators=("x",))) == [
        ("H11", "unknown-facilitator", "g1"),
        ("H11", "facilitators-missing", "g1"),
    ]
    assert said(problem, led, replace(other, facilitators=("a",))) == [
        ("H11", "too-many-groups", "g2")
    ]
    at_once = replace(other, slot=LATER, facilitators=("b",))
    assert said(problem, replace(GOOD, facilitators=("b",)), at_once) == [
        ("H11", "two-groups-at-once", "g2")
    ]
    assert said(problem, replace(GOOD, facilitators=("b",)), replace(at_once, slot=TUESDAY)) == []


def test_broken_rules_carry_who_and_what():
    (found,) = broken_rules(with_last(lat=34.2), [GOOD])

    assert found.who == ("p3",)
    assert dict(found.detail) == {"km": "22.2", "most": "15", "venue": "hall"}


def test_policy_refuses_sizes_and_weights_that_cannot_be():
    for wrong in ({"size_min": 5, "size_max": 4}, {"facilitators": -1}, {"km_weight": -1.0}):
        with pytest.raises(ValueError, match="must be"):
            Policy(**wrong)  # type: ignore[arg-type]
