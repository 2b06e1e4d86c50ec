"""RRULE text: what is written, what is read, and what is refused."""

# ruff: noqa: DTZ001 (a recurrence is written in local time, without a zone)

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.domain.calendar import (
    LAST,
    Recurrence,
    RecurrenceError,
    Rhythm,
    from_rrule,
    to_rrule,
)
from tests.domain.calendar.strategies import recurrences

LA = "America/Los_Angeles"
TUESDAY = datetime(2026, 1, 6, 18)
SECOND_TUESDAY = datetime(2026, 1, 13, 18)
LAST_TUESDAY = datetime(2026, 1, 27, 18)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (Recurrence(Rhythm.WEEKLY, TUESDAY, LA, 90), "FREQ=WEEKLY;BYDAY=TU"),
        (
            Recurrence(Rhythm.EVERY_TWO_WEEKS, TUESDAY, LA, 90, count=10),
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=10",
        ),
        (
            Recurrence(Rhythm.EVERY_THREE_WEEKS, TUESDAY, LA, 90, (3, 1)),
            "FREQ=WEEKLY;INTERVAL=3;BYDAY=TU,TH",
        ),
        (Recurrence(Rhythm.MONTHLY, SECOND_TUESDAY, LA, 90), "FREQ=MONTHLY;BYDAY=2TU"),
        (Recurrence(Rhythm.MONTHLY, LAST_TUESDAY, LA, 90, nth=LAST), "FREQ=MONTHLY;BYDAY=-1TU"),
        (
            Recurrence(Rhythm.WEEKLY, TUESDAY, LA, 90, until=date(2026, 7, 31)),
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260801T065959Z",
        ),
    ],
)
def test_rrule_is_written_and_read_like_this(rule, text):
    assert to_rrule(rule) == text
    assert from_rrule(text, rule.first, LA, 90) == rule


@pytest.mark.parametrize(
    ("text", "first", "written"),
    [
        ("RRULE:freq=weekly;wkst=su", TUESDAY, "FREQ=WEEKLY;BYDAY=TU"),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", SECOND_TUESDAY, "FREQ=MONTHLY;BYDAY=2TU"),
        ("FREQ=MONTHLY;BYDAY=+2TU", SECOND_TUESDAY, "FREQ=MONTHLY;BYDAY=2TU"),
        (
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260731",
            TUESDAY,
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260801T065959Z",
        ),
        (
            # 18:00 on 14 July in Los Angeles is 01:00 on the 15th in UTC: still in.
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260715T010000Z",
            TUESDAY,
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260715T065959Z",
        ),
        (
            # One second earlier, and that meeting is out.
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260715T005959Z",
            TUESDAY,
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260714T065959Z",
        ),
        (
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260714T180000",
            TUESDAY,
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260715T065959Z",
        ),
    ],
)
def test_other_spellings_are_read_as_the_same_rule(text, first, written):
    assert to_rrule(from_rrule(text, first, LA, 90)) == written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FREQ=DAILY",
        "FREQ=WEEKLY;INTERVAL=5",
        "FREQ=WEEKLY;INTERVAL=-1",
        "FREQ=WEEKLY;INTERVAL=²",
        "FREQ=WEEKLY;BYDAY=2TU",
        "FREQ=WEEKLY;BYDAY=TU;BYSETPOS=1",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=",
        "FREQ=WEEKLY;BYDAY=TU;BYDAY=TH",
        "FREQ=WEEKLY;BYDAY=WE",
        "FREQ=WEEKLY;BYHOUR=18",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;WKST=SU",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=ten",
        "FREQ=WEEKLY;COUNT=3;UNTIL=20260731",
        "FREQ=WEEKLY;UNTIL=20260105",
        "FREQ=WEEKLY;UNTIL=soon",
        "FREQ=WEEKLY;UNTIL=2026T",
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=TU",
        "FREQ=MONTHLY;BYDAY=1TU,3TU",
        "FREQ=MONTHLY;BYDAY=1TU,TH",
        "FREQ=MONTHLY;BYDAY=5TU",
        "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=x",
        "FREQ=MONTHLY;BYDAY=2TU;BYSETPOS=2",
        "FREQ=MONTHLY;BYSETPOS=2",
        "FREQ=WEEKLY;COUNT=" + 5000 * "9",
        "FREQ=WEEKLY;UNTIL=00010101T000000Z",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=1TU",
        "no rule",
    ],
)
def test_rule_no_group_can_have_is_refused(text):
    with pytest.raises(RecurrenceError):
        from_rrule(text, TUESDAY, LA, 90)


@given(recurrences())
def test_rrule_round_trip_gives_the_same_recurrence(rule):
    assert from_rrule(to_rrule(rule), rule.first, rule.timezone, rule.minutes) == rule


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["FREQ", "INTERVAL", "BYDAY", "BYSETPOS", "UNTIL", "COUNT", "WKST"]),
            st.sampled_from(["WEEKLY", "MONTHLY", "2", "TU", "2TU", "99991231T235959Z", "SU"])
            | st.text(max_size=8),
        )
    )
)
def test_any_text_is_read_or_refused_and_never_crashes(parts):
    text = ";".join(f"{name}={value}" for name, value in parts)

    try:
        rule = from_rrule(text, TUESDAY, LA, 90)
    except RecurrenceError:
        return
    assert from_rrule(to_rrule(rule), TUESDAY, LA, 90) == rule


def test_until_is_a_local_day_on_both_sides_of_greenwich():
    rules = [
        Recurrence(Rhythm.WEEKLY, TUESDAY, zone, 90, until=date(2026, 3, 31))
        for zone in (LA, "Europe/Athens")
    ]

    assert [to_rrule(rule).rpartition("=")[2] for rule in rules] == [
        "20260401T065959Z",
        "20260331T205959Z",
    ]
    assert datetime(2026, 4, 1, 6, 59, 59, tzinfo=UTC).astimezone(rules[0].zone).day == 31
