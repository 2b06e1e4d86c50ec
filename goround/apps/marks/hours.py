"""When a meeting can be taken along, and until when a device keeps it."""

from __future__ import annotations

from datetime import datetime, timedelta

from goround.apps.children.models import KNOWN_UNTIL_AFTER
from goround.apps.meetings.models import Meeting

TAKEN_BEFORE = timedelta(days=7)
CHILDREN_TAKEN_BEFORE = timedelta(days=1)
KEPT_AFTER, KEPT_AFTER_SHARED = timedelta(hours=48), timedelta(hours=12)


def kept_until(meeting: Meeting, *, is_shared: bool) -> datetime:
    return meeting.ends_at + (KEPT_AFTER_SHARED if is_shared else KEPT_AFTER)


def children_kept_until(meeting: Meeting) -> datetime:
    """No longer than what is to be known of a child may be looked at on the page."""
    return meeting.ends_at + KNOWN_UNTIL_AFTER


def can_take_children(meeting: Meeting, *, at: datetime) -> bool:
    """From the day before, because who may collect a child changes from day to day."""
    open_now = meeting.starts_at - CHILDREN_TAKEN_BEFORE <= at < children_kept_until(meeting)
    return open_now and meeting.status != Meeting.Status.CANCELLED


def can_take(meeting: Meeting, *, is_shared: bool, at: datetime) -> bool:
    """From a week before until its list would be gone from the device; never once cancelled."""
    open_now = meeting.starts_at - TAKEN_BEFORE <= at < kept_until(meeting, is_shared=is_shared)
    return open_now and meeting.status != Meeting.Status.CANCELLED
