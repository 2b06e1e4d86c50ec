"""When a meeting can be taken along, and until when a device keeps it."""

from __future__ import annotations

from datetime import datetime, timedelta

from goround.apps.meetings.models import Meeting

TAKEN_BEFORE = timedelta(days=7)
KEPT_AFTER, KEPT_AFTER_SHARED = timedelta(hours=48), timedelta(hours=12)


def kept_until(meeting: Meeting, *, is_shared: bool) -> datetime:
    return meeting.ends_at + (KEPT_AFTER_SHARED if is_shared else KEPT_AFTER)


def can_take(meeting: Meeting, *, is_shared: bool, at: datetime) -> bool:
    """From a week before until its list would be gone from the device; never once cancelled."""
    open_now = meeting.starts_at - TAKEN_BEFORE <= at < kept_until(meeting, is_shared=is_shared)
    return open_now and meeting.status != Meeting.Status.CANCELLED
