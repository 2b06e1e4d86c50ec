"""What a parent with a place in a group is sent, beside what somebody tells them in person."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.audit.services import Actor
from goround.apps.groups.models import Group, Membership
from goround.apps.groups.series import first_from
from goround.apps.outbox.kinds import Words, tells
from goround.apps.outbox.models import Message
from goround.apps.outbox.services import tell_parents

PLACE = "place"
USEFUL_FOR = timedelta(days=14)


def tell_place(membership: Membership, group: Group, *, by: Actor | None, at: datetime) -> int:
    """Tell the parent that there is a place for them, if they agreed to be written to."""
    return tell_parents(
        organisation=group.organisation,
        parent_ids=[membership.parent_id],
        kind=PLACE,
        event=f"membership {membership.pk}",
        about_id=membership.pk,
        best_before=at + USEFUL_FOR,
        by=by,
        at=at,
    )


@tells(PLACE, gettext_lazy("There is a place"))
def place(message: Message, at: datetime) -> Words | None:
    found = Membership.objects.filter(pk=message.about_id, left_on=None, group__ended_on=None)
    membership = found.select_related("group").first()
    if membership is None:
        return None
    group = membership.group
    rule = group.recurrence()
    day = first_from(rule, group.days_skipped(), max(membership.joined_on, group.today(at=at)))
    first = (
        _("The first time is %(day)s at %(time)s.")
        % {"day": date_format(day, _("l j F")), "time": f"{rule.first:%H:%M}"}
        if day
        else ""
    )
    lines = (
        _("There is a place for you."),
        first,
        _("You will hear where from the people you spoke to."),
        _("If it does not suit you, just say so."),
    )
    return Words(_("There is a place for you"), tuple(line for line in lines if line))
