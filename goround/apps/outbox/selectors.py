from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import override

from goround.apps.organisations.models import Organisation
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import Viewer, organisations_for
from goround.apps.outbox.kinds import Words, kind_of, private_kinds
from goround.apps.outbox.models import Message, StaffAddress
from goround.apps.outbox.recipients import language_of


def messages_for(viewer: Viewer, organisation: Organisation) -> QuerySet[Message]:
    """The organisation's messages, newest first, for whoever sees to the groups there.

    Private ones are absent: that somebody was alerted is between the two who need to know.
    """
    may = organisations_for(viewer, needs=Permission.MANAGE_GROUPS)
    return (
        Message.objects.filter(organisation=organisation, organisation__in=may)
        .exclude(kind__in=private_kinds())
        .select_related("parent", "user")
        .order_by("-asked_at", "-pk")
    )


def given_up(viewer: Viewer, organisation: Organisation) -> QuerySet[Message]:
    """Messages somebody has to see to, because they could not be sent."""
    return messages_for(viewer, organisation).filter(status=Message.Status.GIVEN_UP)


def notices_for(viewer: Viewer) -> QuerySet[Message]:
    """What the viewer themselves was told, newest first, from everywhere they still work."""
    return (
        Message.objects.filter(user__in=_self(viewer), organisation__in=organisations_for(viewer))
        .select_related("organisation")
        .order_by("-asked_at", "-pk")
    )


def own_address(viewer: Viewer) -> str:
    found = StaffAddress.objects.filter(user__in=_self(viewer)).first()
    return found.email if found else ""


def sends_mail(viewer: Viewer) -> bool:
    """Whether a mail service is set up; without one every message waits here."""
    return bool(settings.SENDS_MAIL)


def words_of(viewer: Viewer, message: Message, *, at: datetime) -> Words | None:
    """What would be sent at this moment; None when it is no longer true.

    ``message`` comes from one of the selectors above, which know what the viewer may see.
    """
    with override(language_of(message)):
        return kind_of(message).write(message, at)


def _self(viewer: Viewer) -> list[int]:
    return [viewer.pk] if viewer.pk else []
