"""Notices to people who work here. They say that something waits, and never what."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.outbox.kinds import Words, tells
from goround.apps.outbox.models import Message

CHECK_ENDS = "check-ends"
ACCESS_ALERT = "access-alert"
REVIEW_OWED = "review-owed"


@tells(CHECK_ENDS, gettext_lazy("A background check ends soon"))
def check_ends(message: Message, at: datetime) -> Words:
    day = date_format(date.fromisoformat(message.facts["on"]), _("j F Y"))
    return Words(
        _("Something ends on %(day)s") % {"day": day},
        (_("A date on your list comes near: %(day)s.") % {"day": day}, _("Sign in to see which.")),
    )


@tells(ACCESS_ALERT, gettext_lazy("Sealed records were opened"), is_private=True)
def access_alert(message: Message, at: datetime) -> Words:
    return Words(
        _("Please look today"),
        (_("Something was opened that you are asked to look at."), _("Sign in to see what.")),
    )


@tells(REVIEW_OWED, gettext_lazy("A review is owed"), is_private=True)
def review_owed(message: Message, at: datetime) -> Words:
    return Words(
        _("Something waits for you"),
        (_("A look back is owed, and it is yours to do."), _("Sign in to see which.")),
    )
