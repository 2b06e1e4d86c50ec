"""After the round: a place for a waiting parent in a group that runs, and merges."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goround.apps.formation.joining import (
    NoMerge,
    Places,
    merge_groups,
    merges_for,
    offer_place,
    places_for,
)
from goround.apps.formation.selectors import group_sizes, names_in
from goround.apps.groups.models import Group
from goround.apps.groups.one_writer import GroupEnded
from goround.apps.groups.selectors import groups_for
from goround.apps.groups.services import NoPlace
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.organisations.selectors import programmes_for
from goround.apps.people.models import Referral
from goround.apps.people.selectors import referrals_for
from goround.apps.records.openings import Why
from goround.web.coordinator import rounds_words
from goround.web.coordinator.parents import opens
from goround.web.rendering import Request


@require_http_methods(["GET", "POST"])
def places(request: Request, referral_id: int) -> HttpResponse:
    """Groups with an open place for one waiting parent, and giving them one."""
    referral = get_object_or_404(referrals_for(request.user, request.organisation), pk=referral_id)
    found, now = Places((), ()), timezone.now()
    opens(request, referral.parent_id, why=Why.PLACING, at=now)
    if referral.status == Referral.Status.WAITING:
        found = places_for(referral, at=now)
    if request.method == "POST":
        return _offer(request, referral)
    context = {
        "referral": referral,
        "parent": referral.parent,
        "rows": _options(request, found),
        "along": _along(request, found),
        "waiting": referral.status == Referral.Status.WAITING,
    }
    return render(request, "coordinator/places.html", context)


def _offer(request: Request, referral: Referral) -> HttpResponse:
    listed = {str(group.pk): group for group in groups_for(request.user, request.organisation)}
    group = listed.get(request.POST.get("group", ""))
    if group is None or referral.status != Referral.Status.WAITING:
        return redirect("coordinator:places", request.organisation.slug, referral.pk)
    try:
        offer_place(referral=referral, group=group, by=request.user, at=timezone.now())
    except (NoPlace, GroupEnded):
        messages.warning(
            request, _("This group has no place any more. Nothing was changed. Choose another.")
        )
        return redirect("coordinator:places", request.organisation.slug, referral.pk)
    words = _("%(who)s has a place. An invitation is drafted: the group decides, so ask it first.")
    messages.success(request, words % {"who": referral.parent.alias})
    return redirect("coordinator:group", request.organisation.slug, group.pk)


def _options(request: Request, found: Places) -> list[dict[str, Any]]:
    if not found.options:
        return []
    listed = {str(group.pk): group for group in groups_for(request.user, request.organisation)}
    sizes = group_sizes(request.user, request.organisation)
    return [
        {
            "group": listed[option.group_id],
            "cost": rounds_words.cost_words({"cost": option.cost_change, "placed": 0}),
            "members": sizes.get(int(option.group_id), 0),
            "most": playbook_of(listed[option.group_id].programme).sizes.max,
        }
        for option in found.options
        if option.group_id in listed
    ]


def _along(request: Request, found: Places) -> str:
    names = names_in(request.user, request.organisation, parents=found.along).parents
    return rounds_words.together(names.values())


@require_http_methods(["GET", "POST"])
def merges(request: Request) -> HttpResponse:
    """Groups that shrank below the playbook's size, and whom each could join."""
    if request.method == "POST":
        return _merge(request)
    listed = {str(group.pk): group for group in groups_for(request.user, request.organisation)}
    sizes = group_sizes(request.user, request.organisation)
    at = timezone.now()
    rows = [
        {
            "stays": listed[merge.kept.id],
            "ends": listed[next(name for name in merge.groups if name != merge.kept.id)],
            "members": len(merge.kept.members),
            "cost": rounds_words.cost_words({"cost": merge.cost_change, "placed": 0}),
        }
        for programme in programmes_for(request.user, request.organisation)
        for merge in merges_for(programme, at=at)
        if set(merge.groups) <= set(listed)
    ]
    small = _small(listed, sizes)
    context = {"rows": rows, "small": small, "sizes": sizes}
    return render(request, "coordinator/merges.html", context)


def _small(listed: dict[str, Group], sizes: dict[int, int]) -> list[tuple[Group, int]]:
    """Groups that meet and have fewer members than their playbook asks for."""
    return [
        (group, sizes.get(group.pk, 0))
        for group in listed.values()
        if group.status == Group.Status.ACTIVE
        and not group.is_open
        and sizes.get(group.pk, 0) < playbook_of(group.programme).sizes.min
    ]


def _merge(request: Request) -> HttpResponse:
    listed = {str(group.pk): group for group in groups_for(request.user, request.organisation)}
    stays = listed.get(request.POST.get("stays", ""))
    ends = listed.get(request.POST.get("ends", ""))
    if stays is None or ends is None:
        return redirect("coordinator:merges", request.organisation.slug)
    try:
        merge_groups(stays=stays, ends=ends, by=request.user, at=timezone.now())
    except (NoMerge, NoPlace, GroupEnded):
        messages.warning(
            request, _("These groups have changed and cannot be merged now. Nothing was done.")
        )
        return redirect("coordinator:merges", request.organisation.slug)
    messages.success(
        request, _("%(ends)s goes on in %(stays)s.") % {"ends": ends.name, "stays": stays.name}
    )
    return redirect("coordinator:group", request.organisation.slug, stays.pk)
