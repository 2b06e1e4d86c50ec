"""Months as groups live them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.domain.calendar import month_bounds, statistics_due
from tests.domain.calendar.strategies import ZONES


def test_month_bounds_are_local_midnights():
    begin, end = month_bounds(2026, 3, "America/Los_Angeles")

    assert (begin.isoformat(), end.isoformat()) == (
        "2026-03-01T00:00:00-08:00",
        "2026-04-01T00:00:00-07:00",
    )


def test_month_that_begins_in_a_gap_begins_after_it():
    begin, _ = month_bounds(2017, 10, "America/Asuncion")

    assert begin.isoformat() == "2017-10-01T01:00:00-03:00"


@given(st.integers(2000, 2040), st.integers(1, 12), st.sampled_from(ZONES))
def test_months_follow_each_other_without_gap_or_overlap(year, month, zone):
    begin, end = month_bounds(year, month, zone)
    following, _ = month_bounds(year + month // 12, month % 12 + 1, zone)

    assert end == following
    assert begin.astimezone(UTC) < end.astimezone(UTC)
    assert (begin.year, begin.month, begin.day) == (year, month, 1)
    assert (end - timedelta(days=1)).month == month


@pytest.mark.parametrize(
    ("year", "month", "due"),
    [(2026, 1, date(2026, 2, 10)), (2026, 12, date(2027, 1, 10))],
)
def test_statistics_are_due_in_the_following_month(year, month, due):
    assert statistics_due(year, month, 10) == due


@pytest.mark.parametrize("day", [0, 29])
def test_statistics_day_that_some_months_lack_is_refused(day):
    with pytest.raises(ValueError, match=f"day is {day}"):
        statistics_due(2026, 1, day)


def test_month_bounds_hold_the_whole_month_of_an_example():
    begin, end = month_bounds(2026, 2, "UTC")

    assert [begin, end] == [datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)]
