"""What the database refuses whatever the code above it does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from goround.apps.meetings.models import Attendance, Meeting, Reply
from tests.make import NOON, make_group, make_meeting, make_membership

pytestmark = pytest.mark.django_db

Status = Meeting.Status
HELD = {"status": Status.HELD, "recorded_at": NOON}


@pytest.mark.parametrize(
    ("fields", "allowed"),
    [
        ({}, True),
        ({"status": Status.CANCELLED}, False),
        ({"cancelled_because": "Rain"}, False),
        ({"status": Status.CANCELLED, "cancelled_because": "Rain"}, True),
        ({"status": Status.HELD}, False),
        ({"recorded_at": NOON}, False),
        (HELD, True),
        ({"heads_parents": 3}, False),
        ({"children": 0}, False),
        (HELD | {"heads_parents": 3, "heads_new": 3, "children": 0}, True),
        (HELD | {"heads_parents": 3, "heads_new": 4}, False),
        (HELD | {"heads_new": 0}, False),
        (HELD | {"heads_parents": -1}, False),
        ({"ends_at": NOON, "starts_at": NOON}, False),
        ({"occurrence": NOON, "starts_at": NOON + timedelta(days=1)}, False),
        ({"moved_because": "Flood"}, False),
        (
            {"occurrence": NOON, "starts_at": NOON + timedelta(days=1), "moved_because": "Flood"},
            True,
        ),
    ],
)
def test_meeting_constraints(fields, allowed):
    group = make_group()

    try:
        with transaction.atomic():
            make_meeting(group, **fields)
    except IntegrityError:
        assert not allowed
    else:
        assert allowed


def test_one_meeting_for_each_occurrence_and_one_mark_for_each_member():
    group = make_group()
    meeting, ana = make_meeting(group, starts_at=NOON), make_membership(group)
    Attendance.objects.create(meeting=meeting, membership=ana)
    Reply.objects.create(meeting=meeting, membership=ana, will_come=True)

    for make in (
        lambda: make_meeting(group, starts_at=NOON),
        lambda: Attendance.objects.create(meeting=meeting, membership=ana),
        lambda: Reply.objects.create(meeting=meeting, membership=ana, will_come=False),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()
