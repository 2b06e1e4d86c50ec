"""Telling safeguarding leads that something waits; never what, and never about whom."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.accounts.models import User
from goround.apps.audit.services import Actor
from goround.apps.organisations.models import RoleAssignment
from goround.apps.organisations.roles import Role
from goround.apps.outbox.kinds import Words, tells
from goround.apps.outbox.models import Message
from goround.apps.outbox.services import tell_staff
from goround.apps.outbox.staff import ACCESS_ALERT
from goround.apps.safeguarding.models import Concern, Opening

CONCERN = "concern"
USEFUL_FOR = timedelta(days=3)


@tells(CONCERN, gettext_lazy("Something for a safeguarding lead"), is_private=True)
def concern_waits(message: Message, at: datetime) -> Words | None:
    if not Concern.objects.filter(pk=message.about_id, stage="raised").exists():
        return None
    return Words(
        _("Please look today"),
        (_("Something waits for you, and it should be today."), _("Sign in to see what.")),
    )


def tell_leads(concern: Concern, *, by: Actor | None, at: datetime) -> None:
    tell_staff(
        organisation=concern.organisation,
        users=leads_at(concern.organisation_id),
        kind=CONCERN,
        event=f"concern {concern.pk}",
        about_id=concern.pk,
        best_before=at + USEFUL_FOR,
        by=by,
        at=at,
    )


def tell_second_person(opening: Opening, *, by: User, at: datetime) -> None:
    tell_staff(
        organisation=opening.organisation,
        users=[opening.alerted],
        kind=ACCESS_ALERT,
        event=f"opening {opening.pk}",
        about_id=opening.pk,
        best_before=at + USEFUL_FOR,
        by=by,
        at=at,
    )


def leads_at(organisation_id: int) -> list[User]:
    held = RoleAssignment.objects.filter(
        organisation=organisation_id, role=Role.SAFEGUARDING_LEAD, user__is_active=True
    )
    return [each.user for each in held.select_related("user").order_by("pk")]
