"""What members are told of a vote: that there is one, and until when. Never who or what."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.audit.services import Actor
from goround.apps.decisions.models import Decision
from goround.apps.groups.models import Membership
from goround.apps.outbox.kinds import Words, tells
from goround.apps.outbox.models import Message
from goround.apps.outbox.services import tell_parents

OPENED = "vote-opened"


def tell_opened(decision: Decision, *, by: Actor | None, at: datetime) -> int:
    """Tell all who may vote, who brought it as well: else its sender could be worked out."""
    voters = Membership.objects.filter(pk__in=decision.electorate)
    ends = datetime.combine(
        decision.closes_on + timedelta(days=1), time.min, tzinfo=decision.group.zone
    )
    return tell_parents(
        organisation=decision.group.organisation,
        parent_ids=set(voters.values_list("parent_id", flat=True)),
        kind=OPENED,
        event=f"decision {decision.pk}",
        about_id=decision.pk,
        best_before=ends,
        by=by,
        at=at,
    )


@tells(OPENED, gettext_lazy("There is something to vote on"))
def opened(message: Message, at: datetime) -> Words | None:
    found = Decision.objects.filter(pk=message.about_id, status=Decision.Status.OPEN)
    decision = found.select_related("group").first()
    if decision is None or not decision.takes_votes(on=decision.group.today(at=at)):
        return None
    here = Membership.objects.filter(pk__in=decision.electorate, left_on=None)
    if not here.filter(parent=message.parent_id).exists():
        return None
    day = date_format(decision.closes_on, _("l j F"))
    return Words(
        _("Until %(day)s") % {"day": day},
        (
            _("There is something to say yes or no to, until %(day)s.") % {"day": day},
            _("You find it when you sign in."),
        ),
    )
