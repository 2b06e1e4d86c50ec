"""One message of each kind that a group's own room, its votes, children and surveys can cause."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from goround.apps.accounts.models import User
from goround.apps.children import notices as of_children
from goround.apps.children.models import ChildrensSession, Refusal
from goround.apps.decisions.models import Decision
from goround.apps.decisions.notices import tell_opened
from goround.apps.groups.models import Leadership, Membership
from goround.apps.joining import notices as of_joining
from goround.apps.joining.models import JoinRequest, Welcome
from goround.apps.rooms import notices as of_rooms
from goround.apps.rooms.models import Note
from goround.apps.surveys.notices import remind_all
from tests.make_children import make_child
from tests.make_decisions import make_decisions
from tests.make_messages import make_planned
from tests.make_rooms import make_room
from tests.make_surveys import make_wave


def cause_in_the_room(member: Membership, secret: str, *, by: User, at: datetime) -> None:
    """All to ``member``, who leads the group as well, with ``secret`` in every text."""
    group = member.group
    _cause_votes(member, secret, by=by, at=at)
    room = make_room(group, member, secret, at=at)
    of_rooms.tell_answer(room.note, group, by=by, at=at)
    note = Note.objects.create(membership=member, written_at=at)
    note.say(secret)
    note.save()
    of_rooms.tell_note(note, list(Leadership.objects.filter(group=group)), group, by=by, at=at)
    _cause_joining(member, room.request, by=by, at=at)
    make_wave(group, opens_on=group.today(at=at) - timedelta(days=2), at=at - timedelta(days=2))
    remind_all(at=at)


def cause_at_the_children(member: Membership, secret: str, *, by: User, at: datetime) -> None:
    """To the safeguarding leads of the organisation."""
    session = ChildrensSession.objects.create(
        meeting=make_planned(member, starts_at=at + timedelta(days=7)), opened_at=at, adults=1
    )
    child = make_child(member.group, secret, by=by, at=at)
    refusal = Refusal.objects.create(session=session, child=child, mark=uuid4(), at=at, by=by)
    of_children.tell_leads(refusal, by=by, at=at)


def _cause_votes(member: Membership, secret: str, *, by: User, at: datetime) -> None:
    make_decisions(member.group, secret)
    opened = Decision.objects.get(group=member.group, kind=Decision.Kind.CONSENT)
    opened.electorate = [member.pk]
    opened.save(update_fields=["electorate"])
    tell_opened(opened, by=by, at=at)


def _cause_joining(member: Membership, asked: JoinRequest, *, by: User, at: datetime) -> None:
    group = member.group
    of_joining.tell_asked(asked, group, by=by, at=at)
    of_joining.tell_overdue(asked, group, at=at)
    refused = JoinRequest.objects.create(
        group=group,
        parent=member.parent,
        alias=asked.alias,
        way=asked.way,
        status=JoinRequest.Status.NO_PLACE,
        asked_at=at,
        answer_by=at,
        ended_at=at,
    )
    of_joining.tell_no_place(refused, group, by=by, at=at)
    looks_out = Welcome.objects.get(buddy=member)
    of_joining.tell_buddy(looks_out, group, by=by, at=at)
    is_new = Welcome.objects.create(membership=member, buddy=looks_out.membership)
    of_joining.tell_newcomer(is_new, group, by=by, at=at)
