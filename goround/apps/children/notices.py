"""Telling safeguarding leads that something happened at a children's session; never what."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.accounts.models import User
from goround.apps.children.models import Refusal
from goround.apps.organisations.roles import Permission
from goround.apps.outbox.kinds import Words, tells
from goround.apps.outbox.models import Message
from goround.apps.outbox.recipients import who_holds
from goround.apps.outbox.services import tell_staff

REFUSAL = "child-kept"
USEFUL_FOR = timedelta(days=3)


@tells(REFUSAL, gettext_lazy("Something for a safeguarding lead"), is_private=True)
def somebody_came(message: Message, at: datetime) -> Words | None:
    if not Refusal.objects.filter(pk=message.about_id).exists():
        return None
    return Words(
        _("Please look now"),
        (_("Something waits for you, and it should be now."), _("Sign in to see what.")),
    )


def tell_leads(refusal: Refusal, *, by: User, at: datetime) -> None:
    tell_staff(
        organisation=refusal.organisation,
        users=who_holds(refusal.organisation, Permission.HANDLE_CONCERNS),
        kind=REFUSAL,
        event=f"refusal {refusal.pk}",
        about_id=refusal.pk,
        best_before=at + USEFUL_FOR,
        by=by,
        at=at,
    )
