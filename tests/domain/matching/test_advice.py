"""What is said to help does help: searching with it places the parents."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from goround.domain.matching.advice import Advice, Tried, advise, from_json, to_json
from goround.domain.matching.answer import Answer
from goround.domain.matching.ideas import Idea, is_used, likely_ideas, with_idea
from goround.domain.matching.problem import Problem, Span
from goround.domain.matching.rules import broken_rules
from goround.domain.matching.search import solve
from tests.domain.matching.cases import (
    MONDAY,
    a_hall,
    a_leader,
    a_parent,
    a_problem,
    la_problem,
)

TUESDAY = Span.parse("tue 18:00-20:00")
FEW = {"seed": 3, "iterations": 60}


def solved(problem: Problem) -> Answer:
    return solve(problem, seconds=0, **FEW)


def advice_on(problem: Problem, **more: object) -> Advice:
    return advise(problem, solved(problem), **(FEW | more))  # type: ignore[arg-type]


def two_evenings() -> Problem:
    """Four are free on Monday, when the hall is open, and five on Tuesday only."""
    free = {"mon": (MONDAY,), "tue": (TUESDAY,)}
    people = [a_parent(f"m{n}", available=free["mon"]) for n in range(4)]
    people += [a_parent(f"t{n}", available=free["tue"]) for n in range(5)]
    return a_problem(people)


def two_tongues() -> Problem:
    """Two rooms, and enough for a group in each language, but nobody to lead the Spanish one."""
    people = [a_parent(f"e{n}") for n in range(4)]
    people += [a_parent(f"s{n}", languages=frozenset({"es"})) for n in range(5)]
    return a_problem(people, [a_hall(rooms=2)], [a_leader("f1"), a_leader("f2")], facilitators=1)


def test_the_hour_that_would_place_most_comes_first():
    advice = advice_on(two_evenings())

    assert advice.helpful[0] == Tried(
        Idea("hour", "hall", TUESDAY), placed=5, cost_change=pytest.approx(-5000)
    )


def test_the_facilitator_that_would_place_most_comes_first():
    advice = advice_on(two_tongues())

    best = advice.helpful[0]
    assert (best.idea.kind, best.idea.language, best.idea.slot) == ("facilitator", "es", MONDAY)
    assert best.placed == 5


def test_searching_alone_is_not_owed_to_an_idea():
    problem = two_evenings()
    nobody = replace(solved(problem), groups=(), unplaced=(), cost=9000.0)

    advice = advise(problem, nobody, **FEW)

    assert advice.longer == 4
    assert advice.helpful[0].placed == 5


@pytest.mark.parametrize("make", [two_evenings, two_tongues])
def test_the_same_seed_gives_the_same_advice(make):
    assert advice_on(make()) == advice_on(make())


def test_nothing_is_tried_when_everybody_has_a_group():
    told: list[tuple[int, int]] = []

    advice = advice_on(a_problem(5), progress=_collect(told))

    assert advice == Advice((), 0, 0)
    assert told == []


def test_nothing_helps_parents_who_can_come_nowhere():
    lift = frozenset({"lift"})
    people = [a_parent(f"p{n}", needs=lift) for n in range(6)]

    advice = advice_on(a_problem(people))

    assert advice.helpful == ()


def test_locked_groups_stay_while_ideas_are_tried():
    problem = two_evenings()
    answer = solved(problem)
    locked = replace(answer, groups=tuple(replace(g, locked=True) for g in answer.groups))

    advice = advise(problem, locked, **FEW)

    assert advice.helpful[0].idea == Idea("hour", "hall", TUESDAY)


def _collect(told: list[tuple[int, int]]) -> Callable[[int, int], bool]:
    def tell(done: int, of: int) -> bool:
        told.append((done, of))
        return True

    return tell


def test_progress_counts_searches_and_stopping_keeps_what_was_tried():
    problem, told = two_tongues(), list[tuple[int, int]]()
    whole = advice_on(problem, progress=_collect(told))

    stopped = advice_on(problem, progress=lambda done, _: done < 3)
    at_once = advice_on(problem, progress=lambda *_: False)

    assert {of for _, of in told} == {whole.of + 2}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert (len(stopped.tried), stopped.of) == (1, whole.of)
    assert stopped.tried[0].idea in {row.idea for row in whole.tried}
    assert at_once == Advice((), whole.of, 0)


def test_advice_is_stored_and_read_back_unchanged():
    advice = advice_on(two_tongues())

    assert from_json(json.loads(json.dumps(to_json(advice)))) == advice


def test_a_new_facilitator_has_an_id_of_their_own():
    problem = a_problem(4, leaders=[a_leader("new"), a_leader("new+")])

    grown = with_idea(problem, Idea("facilitator", "hall", MONDAY, "en"))

    assert [row.id for row in grown.facilitators] == ["new", "new+", "new++"]


@pytest.mark.parametrize("make", [two_evenings, two_tongues])
def test_carried_out_an_idea_places_the_parents_it_promised(make):
    problem = make()
    answer = solved(problem)
    advice = advise(problem, answer, **FEW)

    assert advice.helpful != ()
    for row in advice.helpful:
        grown = with_idea(problem, row.idea)
        found = solve(grown, seconds=0, start=answer, **FEW)
        assert found.placed == answer.placed + row.placed
        assert is_used(problem, row.idea, found.groups)
        assert broken_rules(grown, found.groups) == []


def test_la_414_ideas_are_of_both_kinds_and_not_alike():
    problem = la_problem()
    answer = solve(problem, seconds=0, seed=1, iterations=2000)

    ideas = likely_ideas(problem, answer.groups, 12)

    assert len(set(ideas)) == 12
    assert {idea.kind for idea in ideas} == {"hour", "facilitator"}
    hours = [idea for idea in ideas if idea.kind == "hour"]
    venues = {venue.id: venue for venue in problem.venues}
    assert not any(idea.slot.overlaps(slot) for idea in hours for slot in venues[idea.venue].slots)
