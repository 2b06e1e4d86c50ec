"""Who is told that there is a note, or an answer: that something waits, and never what."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.accounts.models import User
from goround.apps.audit.services import Actor
from goround.apps.groups.models import Group, Leadership
from goround.apps.outbox.kinds import Words, tells
from goround.apps.outbox.models import Message
from goround.apps.outbox.services import tell_parents, tell_staff
from goround.apps.rooms.models import Note

NOTE, ANSWER = "note", "note-answer"
USEFUL_FOR = timedelta(days=14)


def tell_leaders(
    kind: str,
    event: str,
    about_id: int,
    leaders: Collection[Leadership],
    group: Group,
    *,
    by: Actor | None,
    at: datetime,
) -> None:
    """A notice to facilitators with an account, and a message to parents who lead and agreed."""
    users = [one.facilitator.user for one in leaders if one.facilitator and one.facilitator.user]
    parents = {one.membership.parent_id for one in leaders if one.membership}
    about = {
        "organisation": group.organisation,
        "kind": kind,
        "event": event,
        "about_id": about_id,
        "best_before": at + USEFUL_FOR,
        "by": by,
        "at": at,
    }
    tell_staff(users=users, **about)  # type: ignore[arg-type]
    tell_parents(parent_ids=parents, **about)  # type: ignore[arg-type]


def tell_note(
    note: Note, leaders: Collection[Leadership], group: Group, *, by: User, at: datetime
) -> None:
    tell_leaders(NOTE, f"note {note.pk}", note.pk, leaders, group, by=by, at=at)


def tell_answer(note: Note, group: Group, *, by: User, at: datetime) -> None:
    tell_parents(
        organisation=group.organisation,
        parent_ids=[note.membership.parent_id],
        kind=ANSWER,
        event=f"note {note.pk} answered {at.isoformat()}",
        about_id=note.pk,
        best_before=at + USEFUL_FOR,
        by=by,
        at=at,
    )


@tells(NOTE, gettext_lazy("A few words for you"), is_private=True)
def note_waits(message: Message, at: datetime) -> Words | None:
    if not Note.objects.filter(pk=message.about_id, answered_at=None).exists():
        return None
    return Words(
        _("A few words for you"),
        (_("Somebody wrote a few words to you."), _("Sign in to read them.")),
    )


@tells(ANSWER, gettext_lazy("An answer for you"), is_private=True)
def answer_waits(message: Message, at: datetime) -> Words | None:
    if not Note.objects.filter(pk=message.about_id, answered_at__isnull=False).exists():
        return None
    return Words(
        _("An answer for you"),
        (_("You wrote a few words, and there is an answer."), _("Sign in to read it.")),
    )
