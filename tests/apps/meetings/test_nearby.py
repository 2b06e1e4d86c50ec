"""Who comes to one place on one day, meetings that were moved and groups that ended counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from goround.apps.groups.models import Group
from goround.apps.meetings.nearby import by_day, groups_on
from tests.make import NOON, make_group, make_meeting, make_venue
from tests.wall import asking

pytestmark = pytest.mark.django_db

# The Monday, 18:00 in Los Angeles, on which groups first met.
FIRST = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
MONDAY, TUESDAY = date(2026, 6, 1), date(2026, 6, 2)


@pytest.fixture
def group():
    first = make_group()
    first.venue = make_venue(first.organisation)
    first.save()
    return first


def beside(group: Group, **fields) -> Group:
    return make_group(group.programme, venue=group.venue, **fields)


def test_a_series_is_there_on_its_days(group):
    other = beside(group, rrule="FREQ=WEEKLY;BYDAY=TU", first_at=FIRST + timedelta(days=1))

    assert groups_on(group, {MONDAY}) == set()
    assert groups_on(group, {MONDAY, TUESDAY}) == {other.pk}
    assert groups_on(group, set()) == set()


def test_a_group_that_ended_is_there_until_its_last_day(group):
    ended = beside(group, status=Group.Status.ENDED, ended_on=MONDAY)

    week_later = MONDAY + timedelta(days=7)
    assert groups_on(group, {MONDAY}) == {ended.pk}
    assert groups_on(group, {week_later}) == set()
    # The day after its end is no day of its series because another day is.
    assert groups_on(group, {TUESDAY, week_later}) == set()


def test_a_meeting_moved_to_a_day_between_is_not_there_on_the_days_around_it(group):
    other = beside(group, rrule="FREQ=WEEKLY;BYDAY=SU", first_at=FIRST - timedelta(days=1))
    make_meeting(other, starts_at=NOON.replace(month=6, day=3))

    assert groups_on(group, {TUESDAY, TUESDAY + timedelta(days=2)}) == set()
    assert groups_on(group, {TUESDAY, TUESDAY + timedelta(days=1)}) == {other.pk}


def test_as_many_questions_for_twenty_meetings_as_for_two(group):
    """A group's coming meetings are asked about together: somebody waits for the answer."""
    beside(group)
    make_meeting(group, starts_at=NOON + timedelta(days=1))
    make_meeting(group, starts_at=NOON + timedelta(days=8))
    with asking(10, at_most=True) as few:
        by_day(group, NOON)
    for week in range(2, 20):
        make_meeting(group, starts_at=NOON + timedelta(days=1 + 7 * week))

    with asking(len(few)):
        by_day(group, NOON)
