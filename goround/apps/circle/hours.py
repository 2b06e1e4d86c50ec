"""When a meeting can have a circle."""

from __future__ import annotations

from datetime import datetime, timedelta

from goround.apps.meetings.models import Meeting

OPENS_BEFORE = timedelta(hours=12)
CLOSES_AFTER = timedelta(hours=6)


def can_open(meeting: Meeting, *, at: datetime) -> bool:
    """On the meeting's day, half a day before it at least; never once cancelled.

    The day is that of the group's own clock. It ends when the circle counts as closed.
    """
    starts = meeting.starts_at.astimezone(meeting.group.zone)
    midnight = starts.replace(hour=0, minute=0, second=0, microsecond=0)
    begins = min(midnight, meeting.starts_at - OPENS_BEFORE)
    open_now = begins <= at < meeting.ends_at + CLOSES_AFTER
    return open_now and meeting.status != Meeting.Status.CANCELLED
