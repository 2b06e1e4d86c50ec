from __future__ import annotations

from datetime import UTC, datetime

import pytest

from goround.apps.groups.services import create_group
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.services import plan_meetings
from goround.domain.calendar.recurrence import Recurrence, Rhythm
from tests.make import NOON, make_coordinator, make_programme

pytestmark = pytest.mark.django_db


def test_plan_meetings_twice_adds_nothing_the_second_time():
    programme = make_programme()
    ana = make_coordinator(programme.organisation)
    rule = Recurrence(
        Rhythm.WEEKLY, datetime(2026, 3, 2, 18, 0), "America/Los_Angeles", 90, count=3
    )
    group = create_group(
        organisation=programme.organisation,
        programme=programme,
        name="Monday circle",
        recurrence=rule,
        by=ana,
        at=NOON,
    )

    touched = [plan_meetings(group=group, by=ana, at=NOON) for _ in range(2)]

    assert touched == [3, 0]
    starts = Meeting.objects.order_by("starts_at").values_list("starts_at", flat=True)
    assert list(starts) == [
        datetime(2026, 3, 3, 2, 0, tzinfo=UTC),
        datetime(2026, 3, 10, 1, 0, tzinfo=UTC),  # the clocks changed on 8 March
        datetime(2026, 3, 17, 1, 0, tzinfo=UTC),
    ]
