"""What members do for one another before the next meeting, and what the group keeps for itself."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.groups.models import Group, Membership
from goround.apps.groups.one_writer import hold
from goround.apps.meetings.models import Meeting
from goround.apps.rooms.models import Board, Offer, Resource, Rider

MOST_RESOURCES = 30


class MeetingOver(Exception):
    """The meeting has begun, was cancelled, or is another group's."""


class RideFull(Exception):
    """Every seat is taken."""


class RoomFull(Exception):
    """The group keeps as many resources as fit on a page."""


@transaction.atomic
def set_board(
    *,
    group: Group,
    bring: str = "",
    getting_there: str = "",
    video_url: str = "",
    welcome: str = "",
    reach: str = "",
    by: User,
    at: datetime,
) -> None:
    """What those who come are told. Saying the same again changes nothing."""
    group = hold(group)
    board = Board.objects.filter(group=group).first() or Board(group=group)
    said = (bring, getting_there, video_url, welcome)
    before = (board.bring, board.getting_there, board.video_url, board.welcome)
    if (*before, board.reach) == (*said, reach):
        return
    board.bring, board.getting_there, board.video_url, board.welcome = said
    board.save()
    board.tell_reach(reach)
    board.save(update_fields=["locked_reach"])
    _record("board.changed", board, group, by=by, at=at)


@transaction.atomic
def add_resource(
    *, group: Group, title: str, url: str, text: str, by: User, at: datetime
) -> Resource:
    """The same link or words twice are one. Raises ``RoomFull``."""
    group = hold(group)
    there = Resource.objects.filter(group=group)
    same = there.filter(title=title, url=url, text=text).first()
    if same:
        return same
    if there.count() >= MOST_RESOURCES:
        raise RoomFull(f"{group} keeps {MOST_RESOURCES} resources")
    resource = Resource.objects.create(group=group, title=title, url=url, text=text)
    _record("resource.added", resource, group, by=by, at=at)
    return resource


@transaction.atomic
def remove_resource(*, resource: Resource, by: User, at: datetime) -> None:
    group = hold(resource.group)
    resource_there = Resource.objects.filter(pk=resource.pk).first()
    if resource_there:
        _record("resource.removed", resource_there, group, by=by, at=at)
        resource_there.delete()


@transaction.atomic
def offer(
    *,
    meeting: Meeting,
    membership: Membership,
    kind: Offer.Kind,
    words: str,
    seats: int,
    by: User,
    at: datetime,
) -> Offer:
    """Offer something for a meeting; one of each kind, so offering again changes the first.

    A ride keeps those who have a seat in it, so it has at least as many. Raises ``MeetingOver``.
    """
    group = hold(membership.group)
    _only_before(meeting, group, at)
    mine, new = Offer.objects.get_or_create(
        meeting=meeting,
        membership=membership,
        kind=kind,
        defaults={"words": words, "seats": seats},
    )
    seats = max(seats, mine.riders.count())
    if new or (mine.words, mine.seats) != (words, seats):
        mine.words, mine.seats = words, seats
        mine.save(update_fields=["words", "seats"])
        _record("offer.made", mine, group, by=by, at=at)
    return mine


@transaction.atomic
def take_offer_back(*, offer: Offer, by: User, at: datetime) -> None:
    """Whoever had a seat in it needs another; the page shows them that they have none."""
    group = hold(offer.membership.group)
    there = Offer.objects.filter(pk=offer.pk).first()
    if there:
        _record("offer.taken_back", there, group, by=by, at=at)
        there.delete()


@transaction.atomic
def take_seat(*, offer: Offer, membership: Membership, by: User, at: datetime) -> None:
    """One seat for one member; a seat they had in another ride to this meeting is free again.

    Raises ``RideFull``, also for whoever offers the ride, and ``MeetingOver``.
    """
    group = hold(membership.group)
    _only_before(offer.meeting, group, at)
    ride = Offer.objects.get(pk=offer.pk)
    if Rider.objects.filter(offer=ride, membership=membership).exists():
        return
    if ride.membership_id == membership.pk or ride.riders.count() >= ride.seats:
        raise RideFull(f"{ride} has no seat")
    Rider.objects.filter(offer__meeting=ride.meeting_id, membership=membership).delete()
    rider = Rider.objects.create(offer=ride, membership=membership)
    _record("seat.taken", rider, group, by=by, at=at)


@transaction.atomic
def give_seat_back(*, offer: Offer, membership: Membership, by: User, at: datetime) -> None:
    group = hold(membership.group)
    mine = Rider.objects.filter(offer=offer, membership=membership).first()
    if mine:
        _record("seat.given_back", mine, group, by=by, at=at)
        mine.delete()


def _only_before(meeting: Meeting, group: Group, at: datetime) -> None:
    is_to_come = meeting.status == Meeting.Status.PLANNED and at < meeting.ends_at
    if meeting.group_id != group.pk or not is_to_come:
        raise MeetingOver(f"{meeting} takes no offers at {at:%Y-%m-%d %H:%M}")


def _record(kind: str, subject: models.Model, group: Group, *, by: User, at: datetime) -> None:
    audit.record(kind, subject, by=by, at=at, organisation_id=group.organisation_id, group=group.pk)
