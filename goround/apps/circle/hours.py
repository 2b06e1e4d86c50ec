"""When a meeting can have a circle."""

from __future__ import annotations

from datetime import datetime, timedelta

from goround.apps.meetings.models import Meeting

OPENS_BEFORE = timedelta(hours=12)
CLOSES_AFTER = timedelta(hours=6)


def can_open(meeting: Meeting, *, at: datetime) -> bool:
    """From half a day before it begins until it counts as over; never once cancelled."""
    begins, ends = meeting.starts_at - OPENS_BEFORE, meeting.ends_at + CLOSES_AFTER
    return meeting.status != Meeting.Status.CANCELLED and begins <= at < ends
