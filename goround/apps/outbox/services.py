"""Writing into the outbox, in the transaction of the act that somebody is to be told of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.audit.services import Actor
from goround.apps.organisations.models import Organisation
from goround.apps.outbox.models import Message, StaffAddress
from goround.apps.outbox.stopping import read_stop_word
from goround.apps.people.models import Parent
from goround.apps.people.reach import stop_writing, who_may_be_written_to
from goround.apps.walls.places import let_in


class NotToBeTriedAgain(Exception):
    """It was sent, was left out for a reason, or would come too late."""


@transaction.atomic
def tell_parents(
    *,
    organisation: Organisation,
    parent_ids: Collection[int],
    kind: str,
    event: str,
    about_id: int,
    best_before: datetime,
    by: Actor | None,
    at: datetime,
    due_at: datetime | None = None,
    facts: Mapping[str, str] | None = None,
) -> int:
    """Queue one message for each parent who agreed to be written to; how many agreed.

    Call it inside the act's own transaction: the act and its messages are kept or lost together.
    The same event is told once, however often it is queued. The consent is asked for again when
    the message is sent.
    """
    willing = who_may_be_written_to(parent_ids, at=at)
    about = _About(
        organisation, kind, event, about_id, at, due_at or at, best_before, dict(facts or {})
    )
    there = Message.objects.filter(parent__in=willing, kind=kind, event=event)
    told = set(there.values_list("parent_id", flat=True))
    _queue([about.message(parent_id=pk) for pk in sorted(willing - told)], about, by=by)
    return len(willing)


@transaction.atomic
def tell_staff(
    *,
    organisation: Organisation,
    users: Collection[User],
    kind: str,
    event: str,
    about_id: int,
    best_before: datetime,
    by: Actor | None,
    at: datetime,
    facts: Mapping[str, str] | None = None,
) -> None:
    """Queue a notice for each of these people who work here. Each sees it on their own page too.

    As ``tell_parents``: inside the act's own transaction, and once for each event.
    """
    about = _About(organisation, kind, event, about_id, at, at, best_before, dict(facts or {}))
    there = Message.objects.filter(
        organisation=organisation, user__in=users, kind=kind, event=event
    )
    told = set(there.values_list("user_id", flat=True))
    new = sorted({user.pk for user in users} - told)
    _queue([about.message(user_id=pk) for pk in new], about, by=by)


@transaction.atomic
def try_again(*, message: Message, by: User, at: datetime) -> None:
    """Send once more what could not be sent. Raises ``NotToBeTriedAgain``."""
    message = Message.objects.select_for_update(of=("self",), no_key=True).get(pk=message.pk)
    if message.status == Message.Status.WAITING:
        return
    if message.status != Message.Status.GIVEN_UP or message.is_over(at=at):
        raise NotToBeTriedAgain(f"{message} is {message.status}")
    message.status, message.because, message.ended_at = Message.Status.WAITING, "", None
    message.due_at, message.attempts = at, 0
    message.save(update_fields=["status", "because", "ended_at", "due_at", "attempts"])
    audit.record("message.tried_again", message, by=by, at=at)


@transaction.atomic
def hold_back_due(*, by: Actor | None, at: datetime) -> int:
    """After a backup came back: send nothing that may have gone out meanwhile; how many.

    What is due later cannot have been sent. The rest waits for somebody to try it again.
    """
    due = Message.objects.filter(status=Message.Status.WAITING, due_at__lte=at)
    rows = list(due.select_for_update(of=("self",), no_key=True).order_by("organisation", "pk"))
    due.update(status=Message.Status.GIVEN_UP, because=Message.Because.HELD_BACK, ended_at=at)
    for organisation_id, here in groupby(rows, key=lambda row: row.organisation_id):
        audit.record_each(
            kind="message.held_back",
            subjects=list(here),
            organisation_id=organisation_id,
            by=by,
            at=at,
        )
    return len(rows)


@transaction.atomic
def stop_messages(*, word: str, by: User | None, at: datetime) -> None:
    """No more messages to the parent whose link this is; who holds the link may say so.

    Saying it twice, or for somebody who is no longer here, changes nothing.
    """
    found = read_stop_word(word)
    if found is None:
        return
    organisation_id, parent_id = found
    let_in(organisation_id)
    parent = Parent.objects.filter(organisation=organisation_id, pk=parent_id).first()
    if parent:
        stop_writing(parent=parent, by=by, at=at)


@transaction.atomic
def set_own_address(*, email: str, by: User, at: datetime) -> None:
    """Where ``by`` wants their own notices to; empty: nowhere but on their page."""
    before = StaffAddress.objects.filter(user=by).first()
    if (before.email if before else "") == email:
        return
    if email:
        StaffAddress.objects.update_or_create(user=by, defaults={"email": email})
    elif before:
        before.delete()
    audit.record("user.notice_address_changed", by, by=by, at=at, by_email=bool(email))


@dataclass(frozen=True)
class _About:
    organisation: Organisation
    kind: str
    event: str
    about_id: int
    at: datetime
    due_at: datetime
    best_before: datetime
    facts: dict[str, str]

    def message(self, *, parent_id: int | None = None, user_id: int | None = None) -> Message:
        return Message(
            organisation=self.organisation,
            parent_id=parent_id,
            user_id=user_id,
            kind=self.kind,
            event=self.event,
            about_id=self.about_id,
            facts=self.facts,
            asked_at=self.at,
            due_at=self.due_at,
            best_before=self.best_before,
        )


def _queue(rows: list[Message], about: _About, *, by: Actor | None) -> None:
    if not rows:
        return
    # Two at once may both have found nobody told yet: the database then keeps one of each.
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    audit.record(
        "messages.queued",
        about.organisation,
        by=by,
        at=about.at,
        organisation_id=about.organisation.pk,
        message_kind=about.kind,
        about=about.about_id,
        count=len(rows),
    )
