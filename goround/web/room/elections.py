"""Choosing a parent leader, on the members' own pages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goround.apps.decisions.electorate import NotAllowedToEnd
from goround.apps.decisions.models import Decision
from goround.apps.decisions.opening import TooFewForSecret
from goround.apps.decisions.selectors.elections import (
    elections_of,
    naming_of,
    parent_leaders,
)
from goround.apps.decisions.selectors.votes import voters_here
from goround.apps.decisions.services import elections
from goround.apps.decisions.services.voting import NotOpen
from goround.apps.groups.membership import NotAMember
from goround.apps.groups.models import Membership
from goround.web.rendering import Request
from goround.web.room.decisions import find_member
from goround.web.room.election_forms import ElectionForm


@require_http_methods(["GET", "POST"])
def call(request: Request, group_id: int) -> HttpResponse:
    """Begin to look for somebody to lead."""
    member, now = find_member(request, group_id), timezone.now()
    group = member.group
    leaders = parent_leaders(request.user, group)
    form = ElectionForm(request.POST or None, today=group.today(at=now), leaders=leaders)
    if request.method == "POST" and form.is_valid():
        called = _called(request, member, form)
        if called:
            return redirect("decisions:decision", group_id, called.pk)
    here = voters_here(request.user, group)
    context = {"group": group, "form": form, "here": here, "has_leader": bool(leaders)}
    status = 422 if form.errors else 200
    return render(request, "room/decisions/call.html", context, status=status)


@require_POST
def standing(request: Request, group_id: int, decision_id: int) -> HttpResponse:
    """Stand, say no, or ask somebody else."""
    member = find_member(request, group_id)
    found = _election(request, group_id, decision_id)
    act: dict[str, Any] = {
        "decision": found, "member": member, "by": request.user, "at": timezone.now(),
    }  # fmt: skip
    try:
        _stand(request, found, act)
    except NotOpen:
        messages.info(request, _("The vote has begun. Nothing was changed."))
    except elections.TooManyStand:
        messages.info(request, _("Seven stand already, and more do not fit on a ballot."))
    return _to(found)


@require_POST
def begin(request: Request, group_id: int, decision_id: int) -> HttpResponse:
    member = find_member(request, group_id)
    found = _election(request, group_id, decision_id)
    try:
        elections.begin_vote(decision=found, member=member, by=request.user, at=timezone.now())
    except elections.NobodyStands:
        messages.info(request, _("Nobody has said yes yet. The vote has not begun."))
    except TooFewForSecret:
        messages.info(request, _("A secret vote needs three members. The vote has not begun."))
    except NotAllowedToEnd:
        messages.info(request, _("Only who asked, or a parent leader, can begin the vote."))
    return _to(found)


@require_POST
def answer(request: Request, group_id: int, decision_id: int) -> HttpResponse:
    """The one chosen says yes or no."""
    member = find_member(request, group_id)
    found = _election(request, group_id, decision_id)
    act: dict[str, Any] = {
        "decision": found, "member": member, "by": request.user, "at": timezone.now(),
    }  # fmt: skip
    try:
        if request.POST.get("do") == "accept":
            elections.accept(**act)
            messages.success(request, _("Thank you. From today you lead with them."))
            return redirect("decisions:leading", group_id)
        if request.POST.get("do") == "refuse":
            elections.refuse(**act)
            messages.success(request, _("That is all right. The group can choose again."))
    except elections.NotChosen:
        messages.info(request, _("There is nothing to answer any more."))
    return _to(found)


def _called(request: Request, member: Membership, form: ElectionForm) -> Decision | None:
    found = form.cleaned_data
    try:
        return elections.call_election(
            group=member.group,
            member=member,
            naming_until=found["naming_until"],
            closes_on=found["closes_on"],
            months=found["months"],
            instead_of=form.instead_of(),
            by=request.user,
            at=timezone.now(),
        )
    except elections.OneIsRunning:
        form.add_error(None, _("The group is choosing already. Nothing was begun."))
    except TooFewForSecret:
        form.add_error(None, _("A secret vote needs three members. Nothing was begun."))
    return None


def _stand(request: Request, found: Decision, act: dict[str, Any]) -> None:
    do = request.POST.get("do", "")
    if do == "stand":
        elections.stand(**act)
        messages.success(request, _("You stand. You can take it back until the vote begins."))
    elif do == "decline":
        elections.decline(**act)
        messages.success(request, _("That is all right. Nobody is told."))
    elif do == "name":
        _name(request, found, act)


def _name(request: Request, found: Decision, act: dict[str, Any]) -> None:
    naming = naming_of(request.user, found)
    wanted = request.POST.get("named", "")
    others = naming.others if naming else []
    named = next((each for each in others if str(each.pk) == wanted), None)
    if named is None:
        messages.info(request, _("Choose whom you want to ask. Nobody was asked."))
        return
    try:
        elections.name(named=named, **act)
    except NotAMember:
        messages.info(request, _("They have left the group. Nobody was asked."))
        return
    words = _("%(alias)s is asked. Nobody is told by whom.")
    messages.success(request, words % {"alias": named.alias})


def _election(request: Request, group_id: int, decision_id: int) -> Decision:
    return get_object_or_404(elections_of(request.user, group_id), pk=decision_id)


def _to(found: Decision) -> HttpResponse:
    return redirect("decisions:decision", found.group_id, found.pk)
