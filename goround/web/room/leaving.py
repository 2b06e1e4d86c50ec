"""Leaving: one tap, no question, and the rest of the day to come back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goround.apps.groups.one_writer import GroupEnded
from goround.apps.groups.returning import NoLongerToday
from goround.apps.groups.selectors import own_membership
from goround.apps.groups.services import NoPlace
from goround.apps.joining.leaving import leave_group, return_to_group
from goround.apps.joining.selectors import own_leavings
from goround.web.rendering import Request
from goround.web.room.home import find_room


@require_POST
def leave(request: Request, group_id: int) -> HttpResponse:
    """Done at once: the page it leads to says so, and takes it back with one tap."""
    member = own_membership(request.user, find_room(request, group_id))
    if member is None:
        raise Http404
    leave_group(membership=member, by=request.user, at=timezone.now())
    return redirect("parent:home")


@require_POST
def come_back(request: Request, group_id: int) -> HttpResponse:
    now = timezone.now()
    mine = own_leavings(request.user, at=now)
    found = next((one for one in mine if one.membership.group_id == group_id), None)
    if found is None:
        raise Http404
    try:
        return_to_group(leaving=found, by=request.user, at=now)
    except (NoPlace, NoLongerToday, GroupEnded):
        messages.warning(request, _("There is no place at the moment. Nothing was changed."))
        return redirect("parent:home")
    messages.success(request, _("You are back, as before."))
    return redirect("room:home", group_id)
