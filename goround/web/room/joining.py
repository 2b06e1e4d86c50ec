"""Who asks to join, how the group answers, and who looks out for somebody new."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goround.apps.groups.models import Group
from goround.apps.groups.selectors import leads_room, own_membership
from goround.apps.groups.services import NoPlace
from goround.apps.joining import buddies, services
from goround.apps.joining.models import JoinRequest, Way
from goround.apps.joining.selectors import place_of, requests_for, rule_of
from goround.web.rendering import Request
from goround.web.room.home import find_room
from goround.web.room.room_forms import RuleForm


@require_http_methods(["GET", "POST"])
def joining(request: Request, group_id: int) -> HttpResponse:
    group, now = find_room(request, group_id), timezone.now()
    leads, member = leads_room(request.user, group), own_membership(request.user, group)
    do, rule = request.POST.get("do", ""), rule_of(request.user, group)
    form = RuleForm.of(request.POST if do == "rule" else None, rule)
    if do == "buddy" and member:
        buddies.be_buddy(membership=member, by=request.user, at=now)
        messages.success(request, _("Thank you. You hear when somebody is new."))
        return redirect("room:joining", group.pk)
    if do == "no-buddy" and member:
        buddies.be_buddy_no_more(membership=member, by=request.user, at=now)
        return redirect("room:joining", group.pk)
    if do == "rule" and leads and form.is_valid():
        return _rule_set(request, group, form)
    context = {
        "group": group,
        "rule": rule,
        "form": form,
        "leads": leads,
        "membership": member,
        "place": place_of(request.user, member, at=now) if member else None,
        "asked": requests_for(request.user, group, at=now),
    }
    return render(request, "room/joining.html", context)


@require_http_methods(["GET", "POST"])
def answer(request: Request, group_id: int, request_id: int) -> HttpResponse:
    """Yes, rather not, or rather not after all."""
    group, now = find_room(request, group_id), timezone.now()
    asked = get_object_or_404(requests_for(request.user, group, at=now), pk=request_id)
    if request.method == "POST":
        try:
            _answer(request, group, asked)
        except services.NotOpen:
            messages.warning(request, _("They were answered meanwhile, or ask no more."))
    return redirect("room:joining", group.pk)


def _answer(request: Request, group: Group, asked: JoinRequest) -> None:
    by, at, do = request.user, timezone.now(), request.POST.get("do", "")
    if do == "yes" and asked.way == Way.ANY_LEADER and leads_room(by, group):
        try:
            services.say_yes(request=asked, by=by, at=at)
        except NoPlace:
            messages.warning(request, _("There is no place at the moment. They will be told."))
        else:
            messages.success(request, _("They belong to you now, and they are told."))
    elif do == "rather-not":
        services.object_to(request=asked, by=by, at=at)
        messages.success(request, _("Noted. Nobody learns that it was you."))
    elif do == "after-all":
        services.object_no_more(request=asked, by=by, at=at)
        messages.success(request, _("Taken back."))


def _rule_set(request: Request, group: Group, form: RuleForm) -> HttpResponse:
    found = form.cleaned_data
    services.set_rule(
        group=group,
        way=Way(found["way"]),
        days=found["days"],
        can_be_found=found["can_be_found"],
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("This is how you let people in from now on."))
    return redirect("room:joining", group.pk)
