"""A group's own room: the home page of its parents, and of those who lead it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from goround.apps.circle.hours import can_open
from goround.apps.circle.selectors import groups_to_lead
from goround.apps.groups.models import Group
from goround.apps.groups.selectors import (
    leaders_in_room,
    leads_room,
    members_in_room,
    own_membership,
    room_for,
)
from goround.apps.joining.selectors import place_of, requests_for
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.selectors import room_meetings
from goround.apps.rooms.selectors import board_of, resources_of, rides_for
from goround.web.facilitator.views import calendar_file
from goround.web.rendering import Request
from goround.web.room.cards import (
    agenda,
    agreement,
    children,
    decisions,
    goals,
    handover,
    survey,
)
from goround.web.room.cards.visit import Visit

LATER_SHOWN = 3

RoomCard = Callable[[Visit], dict[str, Any] | None]
# In the order of the page. Each has a template ``room/cards/<topic>.html``, which gets what the
# function gives as ``card``, beside ``group``, ``membership`` and ``leads``.
CARDS: Mapping[str, RoomCard] = {
    "children": children.room_card,
    "agenda": agenda.room_card,
    "agreement": agreement.room_card,
    "handover": handover.room_card,
    "decisions": decisions.room_card,
    "survey": survey.room_card,
    "goals": goals.room_card,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One card as the page shows it."""

    template: str
    card: dict[str, Any]


@require_GET
def home(request: Request, group_id: int) -> HttpResponse:
    group, now, viewer = find_room(request, group_id), timezone.now(), request.user
    member = own_membership(viewer, group)
    visit = Visit(viewer, group, member, leads_room(viewer, group), now)
    coming = list(room_meetings(viewer, group, at=now)[: LATER_SHOWN + 2])
    upcoming = next((one for one in coming if one.status != Meeting.Status.CANCELLED), None)
    context = {
        "group": group,
        "membership": member,
        "leads": visit.leads,
        "members": members_in_room(viewer, group),
        "leaders": leaders_in_room(viewer, group),
        "meeting": upcoming,
        "later": [one for one in coming if one != upcoming][:LATER_SHOWN],
        "now": now,
        "board": board_of(viewer, group),
        "rides": rides_for(viewer, upcoming, member) if upcoming else [],
        "resources": resources_of(viewer, group),
        "place": place_of(viewer, member, at=now) if member else None,
        "asked": requests_for(viewer, group, at=now),
        "may_lead_now": upcoming is not None and _may_lead_now(visit, upcoming),
        "cards": cards_for(visit),
    }
    return render(request, "room/home.html", context)


def _may_lead_now(visit: Visit, meeting: Meeting) -> bool:
    """Whether the pages for leading a meeting open to them today; a parent who leads may not yet
    have opened those for themselves.
    """
    if not visit.leads or not can_open(meeting, at=visit.at):
        return False
    return visit.group.pk in groups_to_lead(visit.viewer, visit.group.organisation)


@require_GET
def calendar(request: Request, group_id: int) -> HttpResponse:
    """The meetings for a telephone's calendar, in words that tell nothing."""
    return calendar_file(request, find_room(request, group_id))


def find_room(request: Request, group_id: int) -> Group:
    """The group, for those whose room it is; for everybody else it is not there."""
    group = room_for(request.user, group_id)
    if group is None:
        raise Http404
    return group


def cards_for(visit: Visit) -> list[Shown]:
    given = ((topic, card(visit)) for topic, card in CARDS.items())
    return [Shown(f"room/cards/{topic}.html", told) for topic, told in given if told is not None]
