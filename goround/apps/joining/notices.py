"""What is told about joining: that something waits, never who, where or what."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.audit.services import Actor
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.joining.models import JoinRequest, Way, Welcome
from goround.apps.outbox.kinds import Words, tells
from goround.apps.outbox.models import Message
from goround.apps.outbox.services import tell_parents
from goround.apps.rooms.notices import tell_leaders

ASKED, OVERDUE, NO_PLACE = "join-asked", "join-overdue", "join-no-place"
BUDDY, HAS_BUDDY = "buddy", "has-buddy"
USEFUL_FOR = timedelta(days=14)


def tell_asked(request: JoinRequest, group: Group, *, by: Actor | None, at: datetime) -> None:
    """Those whose answer it is: who leads, and everybody where everybody is asked."""
    event = f"join request {request.pk}"
    tell_leaders(ASKED, event, request.pk, _leaders(group), group, by=by, at=at)
    if request.way == Way.EVERYBODY:
        members = Membership.objects.filter(group=group, left_on=None)
        ids = set(members.values_list("parent_id", flat=True))
        _tell(ASKED, event, request.pk, ids, group, by=by, at=at)


def tell_overdue(request: JoinRequest, group: Group, *, at: datetime) -> None:
    event = f"join request {request.pk} waits"
    tell_leaders(OVERDUE, event, request.pk, _leaders(group), group, by=None, at=at)


def tell_no_place(request: JoinRequest, group: Group, *, by: Actor | None, at: datetime) -> None:
    event = f"join request {request.pk} ended"
    _tell(NO_PLACE, event, request.pk, {request.parent_id}, group, by=by, at=at)


def tell_buddy(welcome: Welcome, group: Group, *, by: Actor | None, at: datetime) -> None:
    if welcome.buddy:
        event = f"welcome {welcome.membership_id} by {welcome.buddy_id}"
        _tell(BUDDY, event, welcome.pk, {welcome.buddy.parent_id}, group, by=by, at=at)


def tell_newcomer(welcome: Welcome, group: Group, *, by: Actor | None, at: datetime) -> None:
    event = f"welcome {welcome.membership_id} by {welcome.buddy_id}"
    ids = {welcome.membership.parent_id}
    _tell(HAS_BUDDY, event, welcome.pk, ids, group, by=by, at=at)


def _leaders(group: Group) -> list[Leadership]:
    leading = Leadership.objects.filter(group=group, to_on=None).exclude(
        part=Leadership.Part.CHILDRENS_LEADER
    )
    return list(leading.select_related("facilitator__user", "membership").order_by("pk"))


def _tell(
    kind: str,
    event: str,
    about_id: int,
    parent_ids: set[int],
    group: Group,
    *,
    by: Actor | None,
    at: datetime,
) -> None:
    tell_parents(
        organisation=group.organisation,
        parent_ids=parent_ids,
        kind=kind,
        event=event,
        about_id=about_id,
        best_before=at + USEFUL_FOR,
        by=by,
        at=at,
    )


def _still_open(message: Message) -> bool:
    asked = JoinRequest.objects.filter(pk=message.about_id, is_put=True)
    return asked.filter(status=JoinRequest.Status.OPEN).exists()


@tells(ASKED, gettext_lazy("An answer is asked for"), is_private=True)
def asked(message: Message, at: datetime) -> Words | None:
    if not _still_open(message):
        return None
    return Words(
        _("Something waits for your answer"),
        (_("You are asked what you think."), _("Sign in to see what about.")),
    )


@tells(OVERDUE, gettext_lazy("Somebody still waits for an answer"), is_private=True)
def overdue(message: Message, at: datetime) -> Words | None:
    if not _still_open(message):
        return None
    return Words(
        _("Somebody still waits for your answer"),
        (_("The day for your answer has come."), _("Sign in to see what about.")),
    )


@tells(NO_PLACE, gettext_lazy("The answer to a request to join"), is_private=True)
def no_place(message: Message, at: datetime) -> Words | None:
    ended = JoinRequest.objects.filter(pk=message.about_id, status=JoinRequest.Status.NO_PLACE)
    if not ended.exists():
        return None
    return Words(
        _("An answer for you"),
        (_("There is an answer to what you asked."), _("Sign in to read it.")),
    )


@tells(BUDDY, gettext_lazy("Somebody new to look out for"), is_private=True)
def buddy(message: Message, at: datetime) -> Words | None:
    if not _welcome(message, buddy=True):
        return None
    return Words(
        _("Somebody new looks forward to you"),
        (_("You said you would be glad to be asked."), _("Sign in to see who is new.")),
    )


@tells(HAS_BUDDY, gettext_lazy("Somebody to ask"), is_private=True)
def has_buddy(message: Message, at: datetime) -> Words | None:
    if not _welcome(message, buddy=False):
        return None
    return Words(
        _("There is somebody you can ask"),
        (_("Somebody will look out for you when you come."), _("Sign in to see who.")),
    )


def _welcome(message: Message, *, buddy: bool) -> bool:
    """Whether it still is as the message says, for whom it goes to."""
    kept = Welcome.objects.filter(pk=message.about_id, buddy__isnull=False)
    kept = kept.filter(membership__left_on=None)
    mine = {"buddy__parent": message.parent_id} if buddy else {}
    return kept.filter(**mine).exists()
