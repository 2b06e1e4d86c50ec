"""Leaving: one tap, no question, and the rest of the day to come back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goround.apps.groups.one_writer import GroupEnded
from goround.apps.groups.returning import NoLongerToday
from goround.apps.groups.selectors import own_membership
from goround.apps.groups.services import NoPlace
from goround.apps.joining.leaving import leave_group, return_to_group
from goround.apps.joining.selectors import own_leavings
from goround.web.rendering import Request
from goround.web.room.home import find_room


@require_http_methods(["GET", "POST"])
def leave(request: Request, group_id: int) -> HttpResponse:
    group = find_room(request, group_id)
    member = own_membership(request.user, group)
    if member is None:
        raise Http404
    if request.method == "POST":
        leave_group(membership=member, by=request.user, at=timezone.now())
        return redirect("parent:home")
    context = {
        "question": _("Leave %(name)s?") % {"name": group.name},
        "consequence": _(
            "You need not say why. What you offered is taken back, and you lead nothing here any "
            "more. Until the end of today you can come back with one tap."
        ),
        "action": _("Leave"),
        "danger": False,
        "cancel_url": reverse("room:home", args=[group.pk]),
    }
    return render(request, "room/leave.html", context)


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
