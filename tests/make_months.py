"""Plain functions that make what tests of figures need."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from goround.apps.groups.models import Group, Membership
from goround.apps.meetings.models import Attendance, Meeting
from goround.apps.organisations.models import Network
from goround.apps.organisations.roles import Role
from tests.make import make_meeting, make_user

LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def la(year: int, month: int, day: int, hour: int = 18, minute: int = 0) -> datetime:
    """A moment on the clocks of Los Angeles."""
    return datetime(year, month, day, hour, minute, tzinfo=LOS_ANGELES)


def make_held(
    group: Group, starts_at: datetime, present: Iterable[Membership] = (), **fields: Any
) -> Meeting:
    """A meeting that was held and recorded, with these members ticked off."""
    defaults = {"status": Meeting.Status.HELD, "recorded_at": starts_at + timedelta(hours=2)}
    meeting = make_meeting(group, starts_at=starts_at, **defaults | fields)
    for membership in present:
        Attendance.objects.create(meeting=meeting, membership=membership)
    return meeting


def make_cancelled(group: Group, starts_at: datetime) -> Meeting:
    return make_meeting(
        group,
        starts_at=starts_at,
        status=Meeting.Status.CANCELLED,
        cancelled_because="No heating",
    )


def make_officer(network: Network, **fields: Any) -> Any:
    return make_user(role=Role.NETWORK_OFFICER, network=network, **fields)
