"""What tests of groups and meetings need beside ``tests.make``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from goround.apps.accounts.models import User
from goround.apps.groups.models import Group, Leadership
from goround.apps.groups.services import create_group
from goround.apps.meetings.services import plan_meetings
from goround.apps.organisations.models import Programme
from goround.apps.organisations.roles import Role
from goround.domain.calendar.recurrence import Recurrence, Rhythm
from tests.make import (
    NOON,
    make_coordinator,
    make_facilitator,
    make_leadership,
    make_programme,
    make_user,
)

LOS_ANGELES = "America/Los_Angeles"
LONDON = "Europe/London"


def at_wall(text: str) -> datetime:
    """A time on the wall, without a zone: "2026-03-02 18:00"."""
    return datetime.fromisoformat(text)


def make_rule(
    first: str = "2026-03-02 18:00",
    rhythm: Rhythm = Rhythm.WEEKLY,
    zone: str = LOS_ANGELES,
    minutes: int = 90,
    **fields: Any,
) -> Recurrence:
    return Recurrence(rhythm, at_wall(first), zone, minutes, **fields)


def begin_group(
    rule: Recurrence | None = None,
    *,
    programme: Programme | None = None,
    name: str = "Monday circle",
    at: datetime = NOON,
    by: User | None = None,
    **fields: Any,
) -> Group:
    """A group made and planned by the services, as pages do it."""
    programme = programme or make_programme()
    by = by or make_coordinator(programme.organisation)
    group = create_group(
        organisation=programme.organisation,
        programme=programme,
        name=name,
        recurrence=rule or make_rule(),
        by=by,
        at=at,
        **fields,
    )
    plan_meetings(group=group, by=by, at=at)
    return group


def make_leader(
    group: Group,
    part: Leadership.Part = Leadership.Part.FACILITATOR,
    role: Role = Role.FACILITATOR,
    **fields: Any,
) -> User:
    """Somebody who can sign in and leads the group."""
    user = make_user(role=role, organisation=group.organisation, **fields)
    facilitator = make_facilitator(group.organisation, user=user, shown_as=user.get_short_name())
    make_leadership(group, facilitator, part=part)
    return user
