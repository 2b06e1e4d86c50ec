from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.domain.safeguarding.concern import (
    ORDER,
    Act,
    NotNow,
    Stage,
    after,
    next_act,
    open_acts,
    stage_of,
)


@pytest.mark.parametrize("stage", Stage)
def test_a_report_is_never_gated(stage):
    assert after(stage, Act.REPORT) in {Stage.REPORTED, Stage.FOLLOWED}
    assert Act.REPORT in open_acts(stage)


def test_the_usual_way():
    acts = [Act.ACKNOWLEDGE, Act.TRIAGE, Act.DECIDE, Act.REPORT, Act.FOLLOW_UP, Act.CLOSE]

    assert [stage_of(acts[:n]) for n in range(len(acts) + 1)] == list(Stage)


def test_nothing_is_closed_before_it_was_decided():
    for stage in (Stage.RAISED, Stage.ACKNOWLEDGED, Stage.TRIAGED):
        with pytest.raises(NotNow):
            after(stage, Act.CLOSE)


def test_a_report_after_the_end_opens_it_again():
    assert after(Stage.CLOSED, Act.REPORT) is Stage.REPORTED
    assert after(Stage.CLOSED, Act.REOPEN) is Stage.ACKNOWLEDGED


def test_deciding_again_once_reported_leaves_it_reported():
    assert after(Stage.REPORTED, Act.DECIDE) is Stage.REPORTED


@given(st.lists(st.sampled_from(list(Act)), max_size=12))
def test_a_concern_never_goes_back_unless_it_was_closed(acts):
    stage = Stage.RAISED
    for act in acts:
        if act not in open_acts(stage):
            with pytest.raises(NotNow):
                after(stage, act)
            continue
        before, stage = stage, after(stage, act)
        assert before is Stage.CLOSED or ORDER.index(stage) >= ORDER.index(before)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("follow_ups", [0, 2])
def test_the_next_step_is_one_that_can_be_taken(stage, follow_ups):
    act = next_act(stage, follow_ups_open=follow_ups)

    assert act is None or act in open_acts(stage)
