from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from goround.domain.safeguarding.duties import (
    Duties,
    DutiesError,
    DutyStep,
    deadlines,
    read_duties,
)

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
CALL = DutyStep("Call", "Call at once.", 0, "A law")
WRITE = DutyStep("Write", "Write it down.", 36, "A law")
HEAR = DutyStep("Hear", "Ask.", 24, "A guide", after="report")
DUTIES = Duties("here", "Here", "Everybody", date(2026, 3, 1), (WRITE, CALL, HEAR))
TEXT = """
key = "here"
name = "Here"
checked_on = 2026-03-01
who = "Everybody"
[[step]]
name = "Call"
words = "Call at once."
within_hours = 0
source = "A law"
"""


def names(**more):
    found = deadlines(DUTIES, raised_at=NOON, **{"reported_at": None} | more)
    return [(each.step.name, each.due_at - NOON) for each in found]


def test_what_is_due_first_comes_first():
    assert names() == [("Call", timedelta(0)), ("Write", timedelta(hours=36))]


def test_what_was_done_is_not_due():
    assert names(done={"Call"}) == [("Write", timedelta(hours=36))]


def test_a_step_after_the_report_has_a_date_once_there_is_one():
    later = NOON + timedelta(hours=2)

    assert names(reported_at=later, done={"Call", "Write"}) == [("Hear", timedelta(hours=26))]


def test_what_is_due_at_once_is_overdue_after_an_hour():
    call, write = deadlines(DUTIES, raised_at=NOON, reported_at=None)

    assert not call.is_over(at=NOON + timedelta(minutes=59))
    assert call.is_over(at=NOON + timedelta(minutes=61))
    assert not write.is_over(at=NOON + timedelta(hours=36))
    assert write.is_over(at=NOON + timedelta(hours=36, seconds=1))


def test_duties_are_read():
    assert read_duties(TEXT) == Duties("here", "Here", "Everybody", date(2026, 3, 1), (CALL,))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (TEXT.replace("= 0", '= "soon"'), "within_hours is 'soon'"),
        (TEXT.replace("= 0", "= -1"), "within_hours is -1"),
        (TEXT.replace("2026-03-01", '"spring"'), "checked_on is 'spring'"),
        (TEXT.replace('source = "A law"', ""), "source is None"),
        (TEXT + 'after = "lunch"', "after is 'lunch'"),
        (TEXT + TEXT[TEXT.index("[[") :], "Two steps have one name"),
        ("key = ", "no TOML"),
        ('step = "x"', "[[step]]"),
    ],
)
def test_a_mistake_is_named(wrong, said):
    with pytest.raises(DutiesError) as error:
        read_duties(wrong)

    assert said in str(error.value)
