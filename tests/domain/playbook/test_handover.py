"""Stages of a hand-over: what is reached, what is next, what is late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.domain.playbook import Playbook, read_playbook
from goround.domain.playbook.handover import HandoverFacts, Next, handover
from tests.domain.playbook.examples import TEXTS

TODAY = date(2026, 3, 4)
WEEK = timedelta(days=7)


def playbook(name: str) -> Playbook:
    return read_playbook(TEXTS[f"{name}.toml"], source=name)


FAMILIES = playbook("families-make-the-difference")
SAFE = playbook("safe-project")


def facts(session: int, **more) -> HandoverFacts:
    return HandoverFacts(session, TODAY, **more)


LED = {"leads_since": TODAY - WEEK, "last_check_in_on": TODAY}


@pytest.mark.parametrize(
    ("session", "known", "stage", "behind"),
    [
        (0, {}, "led", False),
        (1, {}, "led", False),
        (2, {}, "led", True),
        (2, LED, "co-led", False),
        (9, {}, "led", True),
        (4, LED, "parent-led", False),
        (10, LED, "parent-led", False),
        (11, LED, "self-running", False),
        (11, {"leads_since": TODAY}, "parent-led", True),
    ],
)
def test_a_stage_waits_for_what_it_needs(session, known, stage, behind):
    found = handover(FAMILIES, facts(session, **known))

    assert found.stage is not None
    assert (found.stage.key, found.is_behind) == (stage, behind)


@pytest.mark.parametrize(("session", "late"), [(1, False), (2, False), (3, True), (8, True)])
def test_a_leader_is_asked_for_by_the_third_meeting(session, late):
    steps = {step.code: step for step in handover(FAMILIES, facts(session)).steps}

    asked = steps[Next.CHOOSE_LEADER]
    assert (asked.is_late, asked.by_session, asked.label) == (late, 3, "Co-leader")
    assert Next.CHECK_IN not in steps


@pytest.mark.parametrize(
    ("since", "last", "due", "late"),
    [
        (TODAY, None, TODAY + WEEK, False),
        (TODAY - WEEK, None, TODAY, False),
        (TODAY - 2 * WEEK, None, TODAY - WEEK, True),
        (TODAY - 5 * WEEK, TODAY - WEEK, TODAY, False),
        (TODAY - 5 * WEEK, TODAY - 2 * WEEK, TODAY - WEEK, True),
        # A talk with a leader before this one does not count for longer.
        (TODAY, TODAY - 5 * WEEK, TODAY + WEEK, False),
    ],
)
def test_a_check_in_is_due_a_week_after_the_last(since, last, due, late):
    found = handover(FAMILIES, facts(5, leads_since=since, last_check_in_on=last))

    (step,) = [step for step in found.steps if step.code is Next.CHECK_IN]
    assert (step.on, step.is_late, found.is_late) == (due, late, late)


def test_a_group_that_runs_itself_is_not_checked_in_with():
    found = handover(FAMILIES, facts(20, leads_since=TODAY - 99 * WEEK, last_check_in_on=TODAY))

    assert found.steps == ()


@pytest.mark.parametrize(
    ("ends", "told"),
    [(TODAY + 5 * WEEK, None), (TODAY + 4 * WEEK, False), (TODAY, False), (TODAY - WEEK, True)],
)
def test_a_term_that_ends_is_told_four_weeks_before(ends, told):
    found = handover(FAMILIES, facts(20, term_ends_on=ends, **LED))

    late = [step.is_late for step in found.steps if step.code is Next.CHOOSE_AGAIN]
    assert late == ([] if told is None else [told])


def test_stages_that_need_nobody_come_by_meetings_alone():
    found = handover(SAFE, facts(4))

    assert found.stage is not None
    assert (found.stage.key, found.is_behind) == ("review", False)
    assert [(step.code, step.by_session) for step in found.steps] == [
        (Next.CHOOSE_LEADER, SAFE.leaders.parent_leader_by_session),
        (Next.NEXT_STAGE, 5),
    ]


@given(st.integers(0, 30), st.booleans(), st.booleans())
def test_more_meetings_never_bring_a_group_back(session, has_leader, has_talked):
    known = {
        "leads_since": TODAY - WEEK if has_leader else None,
        "last_check_in_on": TODAY if has_talked else None,
    }
    now, later = (handover(FAMILIES, facts(n, **known)).stage for n in (session, session + 1))

    assert now is not None
    assert later is not None
    assert now.from_session <= later.from_session <= max(session + 1, 1)
