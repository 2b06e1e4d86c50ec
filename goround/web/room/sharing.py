"""What members do for one another before the next meeting, and what the group keeps at hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goround.apps.groups.models import Group, Membership
from goround.apps.groups.selectors import own_membership
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.selectors import next_in_room
from goround.apps.rooms import services
from goround.apps.rooms.models import Offer
from goround.apps.rooms.selectors import board_of, offers_for, resources_of
from goround.web.rendering import Request, sent
from goround.web.room.home import find_room
from goround.web.room.room_forms import BoardForm, OfferForm, ResourceForm


@require_http_methods(["GET", "POST"])
def offer(request: Request, group_id: int) -> HttpResponse:
    """Offer a ride or something else for the next meeting."""
    group = find_room(request, group_id)
    member, meeting = _member(request, group), _next(request, group)
    form = OfferForm(sent(request))
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        try:
            services.offer(
                meeting=meeting,
                membership=member,
                kind=Offer.Kind(found["kind"]),
                words=found["words"],
                seats=found["seats"],
                by=request.user,
                at=timezone.now(),
            )
        except services.MeetingOver:
            form.add_error(None, _("This meeting is over or off. Nothing was saved."))
        else:
            return redirect("room:home", group.pk)
    return render(request, "room/offer.html", {"group": group, "meeting": meeting, "form": form})


@require_POST
def offer_act(request: Request, group_id: int, offer_id: int) -> HttpResponse:
    """Take a seat, give it back, or take back what one offered oneself."""
    group = find_room(request, group_id)
    member, meeting = _member(request, group), _next(request, group)
    found = get_object_or_404(offers_for(request.user, meeting), pk=offer_id)
    by, at, do = request.user, timezone.now(), request.POST.get("do", "")
    if do == "take":
        _take(request, found, member)
    elif do == "give-back":
        services.give_seat_back(offer=found, membership=member, by=by, at=at)
    elif do == "take-back" and found.membership_id == member.pk:
        services.take_offer_back(offer=found, by=by, at=at)
    return redirect("room:home", group.pk)


def _take(request: Request, found: Offer, member: Membership) -> None:
    try:
        services.take_seat(offer=found, membership=member, by=request.user, at=timezone.now())
    except services.RideFull:
        messages.warning(request, _("The last seat was just taken. Ask somebody else."))
    except services.MeetingOver:
        messages.warning(request, _("This meeting is over or off. Nothing was changed."))


@require_http_methods(["GET", "POST"])
def ours(request: Request, group_id: int) -> HttpResponse:
    """What the group tells those who come, and what it keeps at hand."""
    group = find_room(request, group_id)
    do = request.POST.get("do", "")
    if do == "remove":
        return _remove(request, group)
    board = BoardForm.of(request.POST if do == "board" else None, board_of(request.user, group))
    resource = ResourceForm(request.POST if do == "resource" else None)
    if do == "board" and board.is_valid():
        found = board.cleaned_data
        services.set_board(group=group, **found, by=request.user, at=timezone.now())
        messages.success(request, _("Kept. Everybody in the group sees it."))
        return redirect("room:ours", group.pk)
    if do == "resource" and resource.is_valid() and _added(request, group, resource):
        return redirect("room:ours", group.pk)
    context = {
        "group": group,
        "board": board,
        "resource": resource,
        "resources": resources_of(request.user, group),
    }
    return render(request, "room/ours.html", context)


def _added(request: Request, group: Group, form: ResourceForm) -> bool:
    found = form.cleaned_data
    try:
        services.add_resource(group=group, **found, by=request.user, at=timezone.now())
    except services.RoomFull:
        form.add_error(None, _("There is no more room. Take something away first."))
        return False
    return True


def _remove(request: Request, group: Group) -> HttpResponse:
    asked = request.POST.get("resource", "")
    found = get_object_or_404(
        resources_of(request.user, group), pk=asked if asked.isdecimal() else 0
    )
    services.remove_resource(resource=found, by=request.user, at=timezone.now())
    messages.success(request, _("Taken away."))
    return redirect("room:ours", group.pk)


def _member(request: Request, group: Group) -> Membership:
    member = own_membership(request.user, group)
    if member is None:
        raise Http404
    return member


def _next(request: Request, group: Group) -> Meeting:
    meeting = next_in_room(request.user, group, at=timezone.now())
    if meeting is None:
        raise Http404
    return meeting
