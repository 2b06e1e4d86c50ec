"""A parent who agreed to be written to, and a message on its way to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from goround.apps.groups.models import Membership
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.services import cancel_meeting
from goround.apps.outbox.models import Message
from goround.apps.people.consents.models import Consent
from goround.apps.people.models import Parent
from tests.make import (
    NOON,
    make_coordinator,
    make_group,
    make_meeting,
    make_membership,
    make_parent,
)

__all__ = ["agree", "cancel", "in_days", "make_member", "make_message", "make_planned"]


def in_days(days: float) -> datetime:
    """By the clock on the wall: the worker sends by it."""
    return timezone.now() + timedelta(days=days)


def make_member(group: Any = None, *, email: str = "ana@example.org", **fields: Any) -> Membership:
    group = group or make_group()
    parent = make_parent(group.organisation, safe_email=email, **fields)
    if email:
        agree(parent)
    return make_membership(group, parent)


def agree(*parents: Parent) -> None:
    """They said long ago that they may be written to, and it still holds."""
    Consent.objects.bulk_create(
        Consent(
            organisation_id=parent.organisation_id,
            parent=parent,
            purpose=Consent.Purpose.MESSAGES,
            notice_version=1,
            how=Consent.How.IN_WORDS,
            given_at=NOON - timedelta(days=900),
            expires_at=NOON + timedelta(days=900),
        )
        for parent in parents
    )


def make_planned(member: Membership, **fields: Any) -> Meeting:
    """A meeting of the member's group three days from now."""
    return make_meeting(member.group, **{"starts_at": in_days(3)} | fields)


def cancel(meeting: Meeting, *, at: datetime | None = None) -> Meeting:
    ana = make_coordinator(meeting.group.organisation)
    cancel_meeting(meeting=meeting, because="burst pipe", by=ana, at=at or timezone.now())
    meeting.refresh_from_db()
    return meeting


def make_message(member: Membership | None = None) -> Message:
    """One member is to be told that a meeting is off."""
    meeting = cancel(make_planned(member or make_member()))
    return Message.objects.get(about_id=meeting.pk)
