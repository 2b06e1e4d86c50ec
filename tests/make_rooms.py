"""A group's room with something of everything in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from goround.apps.groups.models import Group, Membership
from goround.apps.joining.models import Buddy, JoinRequest, JoinRule, Leaving, Objection, Welcome
from goround.apps.rooms.models import Board, Note, Offer, Resource, Rider
from tests.make import NOON, make_membership, make_parent, make_user


@dataclass(frozen=True)
class Room:
    offer: Offer
    note: Note
    request: JoinRequest


def make_room(
    group: Group, member: Membership, words: str, *, ours: str = "", at: datetime = NOON
) -> Room:
    """What ``member`` offered, wrote and did, beside one other of the group; all with ``words``.

    ``ours`` are other words for what belongs to nobody in particular.
    """
    ours = ours or words
    address = f"https://example.org/{ours}"
    Board.objects.create(group=group, bring=ours, video_url=address, welcome=ours)
    Resource.objects.create(group=group, title=ours, url=address, text=ours)
    meeting = group.meetings.order_by("pk")[0]
    offer = Offer.objects.create(
        meeting=meeting, membership=member, kind=Offer.Kind.RIDE, words=words, seats=2
    )
    other = make_membership(group, alias=f"{group.pk} beside {member.pk}")
    theirs = Offer.objects.create(
        meeting=meeting, membership=other, kind=Offer.Kind.RIDE, words="", seats=2
    )
    Rider.objects.create(offer=theirs, membership=member)
    note = Note.objects.create(membership=member, written_at=at)
    note.say(words)
    note.answer_with(words, called=words, at=at)
    note.save()
    JoinRule.objects.create(group=group)
    request = make_request(group, member, words, at=at)
    Buddy.objects.create(membership=member)
    Welcome.objects.create(membership=other, buddy=member)
    Leaving.objects.create(membership=member)
    return Room(offer, note, request)


def make_request(group: Group, member: Membership, words: str, *, at: datetime) -> JoinRequest:
    """One that ``member`` made, and another that they object to."""
    about = {"group": group, "way": "everybody", "is_put": True, "asked_at": at}
    about["answer_by"] = at + timedelta(days=7)
    request = JoinRequest.objects.create(**about, parent=member.parent, alias=words)
    request.say(words)
    request.save()
    other = JoinRequest.objects.create(
        **about, parent=make_parent(group.organisation), alias="Somebody"
    )
    Objection.objects.create(request=other, user=member.parent.user or make_user())
    return request
