"""What the people of a group find in its room. Others find nothing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.groups.selectors import (
    leaders_in_room,
    leads_room,
    own_membership,
    room_of,
)
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.selectors import Viewer
from goround.apps.rooms.models import Board, Note, Offer, Resource, Rider


@dataclass(frozen=True, slots=True)
class Ride:
    """An offer as one member sees it. ``free`` is 0 where nothing can be taken."""

    offer: Offer
    riders: tuple[str, ...]
    free: int
    is_mine: bool
    am_in: bool


def board_of(viewer: Viewer, group: Group) -> Board:
    """The group's board; an empty one where nobody wrote anything, or for a stranger."""
    return Board.objects.filter(group__in=room_of(viewer, group.pk)).first() or Board(group=group)


def resources_of(viewer: Viewer, group: Group) -> QuerySet[Resource]:
    return Resource.objects.filter(group__in=room_of(viewer, group.pk)).order_by("title", "pk")


def offers_for(viewer: Viewer, meeting: Meeting) -> QuerySet[Offer]:
    """What is offered for a meeting, with who offers it and who rides. Two queries."""
    riders = Rider.objects.select_related("membership").order_by("membership__alias", "pk")
    return (
        Offer.objects.filter(meeting=meeting, meeting__group__in=room_of(viewer, meeting.group_id))
        .select_related("membership", "meeting")
        .prefetch_related(Prefetch("riders", queryset=riders))
        .order_by("kind", "membership__alias", "pk")
    )


def rides_for(viewer: Viewer, meeting: Meeting, membership: Membership | None) -> list[Ride]:
    """The same offers as this member sees them."""
    mine = membership.pk if membership else None
    return [_ride(offer, mine) for offer in offers_for(viewer, meeting)]


def notes_for(viewer: Viewer, group: Group) -> QuerySet[Note]:
    """Notes that the viewer wrote, or may answer; the newest first."""
    member = own_membership(viewer, group)
    may = Q(membership=member) if member else Q(pk__in=())
    if leads_room(viewer, group):
        may |= Q(to_facilitators=False)
    if _is_facilitator(viewer, group):
        may |= Q(to_facilitators=True)
    return (
        Note.objects.filter(may, membership__group=group, membership__left_on=None)
        .select_related("membership__group")
        .order_by("-written_at", "-pk")
    )


def readers_of(viewer: Viewer, group: Group) -> list[Leadership]:
    """Who reads what this viewer writes: not they themselves, nor the children's leader."""
    mine = own_membership(viewer, group)
    leading = leaders_in_room(viewer, group).exclude(part=Leadership.Part.CHILDRENS_LEADER)
    return [one for one in leading if mine is None or one.membership_id != mine.pk]


def called_in_room(viewer: Viewer, group: Group) -> str:
    """What the group calls the viewer: as a leader, else by their alias; empty for a stranger."""
    for lead in leaders_in_room(viewer, group).select_related("membership__parent"):
        if lead.facilitator and lead.facilitator.user_id == viewer.pk:
            return lead.facilitator.shown_as
    member = own_membership(viewer, group)
    return member.alias if member else ""


def _is_facilitator(viewer: Viewer, group: Group) -> bool:
    if viewer.pk is None:
        return False
    leading = leaders_in_room(viewer, group).filter(facilitator__user_id=viewer.pk)
    return leading.exclude(part=Leadership.Part.CHILDRENS_LEADER).exists()


def _ride(offer: Offer, mine: int | None) -> Ride:
    riders = list(offer.riders.all())
    return Ride(
        offer,
        tuple(rider.membership.alias for rider in riders),
        max(0, offer.seats - len(riders)),
        is_mine=offer.membership_id == mine,
        am_in=any(rider.membership_id == mine for rider in riders),
    )
