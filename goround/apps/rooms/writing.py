"""A member's few words to those who lead the group, between meetings."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.groups.one_writer import hold
from goround.apps.rooms.models import Note
from goround.apps.rooms.notices import tell_answer, tell_note

MOST_UNANSWERED = 5


class TooManyNotes(Exception):
    """As many notes of this member wait for an answer as a person can read."""


@transaction.atomic
def write_note(
    *, membership: Membership, text: str, to_facilitators: bool, by: User, at: datetime
) -> Note:
    """Send the words to those who lead, or to the facilitators alone.

    The same words sent twice while unanswered are one note. Raises ``TooManyNotes``.
    """
    group = hold(membership.group)
    waiting = list(Note.objects.filter(membership=membership, answered_at=None))
    for note in waiting:
        if (note.text, note.to_facilitators) == (text, to_facilitators):
            return note
    if len(waiting) >= MOST_UNANSWERED:
        raise TooManyNotes(f"{membership} has {len(waiting)} notes unanswered")
    note = Note.objects.create(
        membership=membership, to_facilitators=to_facilitators, written_at=at
    )
    note.say(text)
    note.save(update_fields=["locked"])
    tell_note(note, _readers(note, group), group, by=by, at=at)
    _record("note.written", note, group, by=by, at=at)
    return note


@transaction.atomic
def answer_note(*, note: Note, text: str, called: str, by: User, at: datetime) -> None:
    """Answer a note; whoever answers it a second time writes over the first answer."""
    group = hold(note.membership.group)
    note = Note.objects.select_related("membership").get(pk=note.pk)
    if note.answer == text:
        return
    note.answer_with(text, called=called, at=at)
    note.save(update_fields=["locked_answer", "answered_by", "answered_at"])
    tell_answer(note, group, by=by, at=at)
    _record("note.answered", note, group, by=by, at=at)


@transaction.atomic
def delete_note(*, note: Note, by: User, at: datetime) -> None:
    """The words and their answer go, at the word of whoever wrote them."""
    group = hold(note.membership.group, ended_too=True)
    there = Note.objects.filter(pk=note.pk).first()
    if there:
        _record("note.deleted", there, group, by=by, at=at)
        there.delete()


def _readers(note: Note, group: Group) -> list[Leadership]:
    """Who is told: nobody who only leads the children, and never the writer."""
    leading = Leadership.objects.filter(group=group, to_on=None).exclude(
        part=Leadership.Part.CHILDRENS_LEADER
    )
    if note.to_facilitators:
        leading = leading.filter(facilitator__isnull=False)
    # Not by exclude(membership=…): with it the facilitators, who have none, would go too.
    own = Leadership.objects.filter(membership=note.membership_id).values("pk")
    found = leading.exclude(pk__in=own).select_related("facilitator__user", "membership__parent")
    return list(found.order_by("pk"))


def _record(kind: str, note: Note, group: Group, *, by: User, at: datetime) -> None:
    audit.record(kind, note, by=by, at=at, organisation_id=group.organisation_id, group=group.pk)
