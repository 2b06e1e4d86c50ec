"""A meeting taken along, and the taps of a device."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from goround.apps.accounts.models import User
from goround.apps.groups.models import Leadership, Membership
from goround.apps.marks.models import Taken
from goround.apps.marks.services import Sent, take_along
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.roles import Role
from goround.apps.people.models import Facilitator
from tests.make import NOON, make_facilitator, make_leadership, make_user

BEGINS = NOON - timedelta(hours=1)


def make_leader(meeting: Meeting, **fields: Any) -> User:
    """Somebody who leads the meeting's group and may record its attendance."""
    host: Organisation = meeting.group.organisation
    user = make_user(role=Role.FACILITATOR, organisation=host, **fields)
    helper: Facilitator = make_facilitator(host, user=user)
    make_leadership(meeting.group, helper, part=Leadership.Part.FACILITATOR)
    return user


def make_taken(meeting: Meeting, by: User, *, at: datetime = NOON, **fields: Any) -> Taken:
    members = Membership.objects.filter(group=meeting.group, left_on=None).order_by("alias")
    defaults = {"seats": list(members), "number": uuid4(), "key": "0" * 64, "is_shared": False}
    return take_along(meeting=meeting, by=by, at=at, **defaults | fields)


def tap(taken: Taken, member: Membership, is_here: bool = True, *, place: int = 1) -> Sent:
    seat = next(number for number, pk in taken.seats.items() if pk == member.pk)
    return Sent(uuid4(), place, "seat", NOON, seat=seat, is_here=is_here)


def tap_newcomer(alias: str, *, newcomer: UUID | None = None, is_here: bool = True, place: int = 1):
    return Sent(
        uuid4(), place, "newcomer", NOON, newcomer=newcomer or uuid4(), alias=alias, is_here=is_here
    )


def tap_count(about: str, count: int | None, *, place: int = 1) -> Sent:
    return Sent(uuid4(), place, about, NOON, count=count)
