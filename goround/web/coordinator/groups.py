"""The organisation's groups, and one of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.agreements.selectors import agreement_facts
from goround.apps.children.programme import has_programme
from goround.apps.decisions.selectors.handover import handover_of
from goround.apps.groups import services
from goround.apps.groups.company import PlaceTaken
from goround.apps.groups.models import Group
from goround.apps.groups.selectors import (
    groups_for,
    groups_kept,
    invitations_for,
    members_of,
)
from goround.apps.meetings.selectors import (
    coming_meetings,
    group_row,
    group_rows,
    may_record_group,
    past_meetings,
)
from goround.apps.meetings.services import plan_meetings, wind_up
from goround.apps.meetings.standing import standings
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import programmes_for, venues_for
from goround.web.check_ins import check_in_page, check_in_url
from goround.web.coordinator.group_forms import GroupsFilter, NameAndPlaceForm, NewGroupForm
from goround.web.coordinator.series_forms import EndForm
from goround.web.facilitator.views import calendar_file
from goround.web.handover_words import shown
from goround.web.rendering import Request, page_or_part

GROUPS_A_PAGE = 30
COMING_SHOWN = 6
PAST_A_PAGE = 10


def find_group(request: Request, group_id: int) -> Group:
    return get_object_or_404(groups_for(request.user, request.organisation), pk=group_id)


def to_group(request: Request, group: Group) -> HttpResponse:
    return redirect(group_page(request, group))


def group_page(request: Request, group: Group) -> str:
    return reverse("coordinator:group", args=[request.organisation.slug, group.pk])


def only_if_it_goes_on(group: Group) -> None:
    """Pages that change a group are not there once it has ended."""
    if group.status == Group.Status.ENDED:
        raise Http404


def place_taken() -> str:
    """The same words for a room that is taken and for a reason that is nobody's to read."""
    return _("The group has no place there at that time. Nothing was changed. Choose another.")


@require_GET
def groups(request: Request) -> HttpResponse:
    now = timezone.now()
    form = GroupsFilter(request.GET, programmes=programmes_for(request.user, request.organisation))
    found = groups_kept(request.user, request.organisation, keep=form.kept())
    rows = group_rows(request.user, found, at=now)
    agreed = agreement_facts(request.user, [row.group for row in rows])
    standing = standings(rows, at=now, agreed=agreed)
    short = sum(1 for one in standing if one.short_of)
    if form.only_short():
        standing = [one for one in standing if one.short_of]
    context = {
        "form": form,
        "short": short,
        "page": Paginator(standing, GROUPS_A_PAGE).get_page(request.GET.get("page")),
    }
    return page_or_part(request, "coordinator/groups.html", "list", context)


@require_GET
def group(request: Request, group_id: int) -> HttpResponse:
    now = timezone.now()
    seen = groups_for(request.user, request.organisation)
    row = group_row(request.user, seen, group_id, at=now)
    if row is None:
        raise Http404
    found = row.group
    goes_on = found.status == Group.Status.ACTIVE
    agreed = agreement_facts(request.user, [found])
    may_manage = Permission.MANAGE_GROUPS in request.permissions
    past = Paginator(past_meetings(request.user, found, at=now), PAST_A_PAGE)
    context = {
        "now": now,
        "group": found,
        "row": row,
        "standing": standings([row], at=now, agreed=agreed)[0],
        "agreement": agreed.get(group_id),
        "members": members_of(request.user, found),
        "invitations": invitations_for(request.user, found),
        "coming": coming_meetings(request.user, found, at=now)[:COMING_SHOWN],
        "past": past.get_page(request.GET.get("page")),
        "may_record": may_record_group(request.user, found),
        "goes_on": goes_on,
        "has_children": has_programme(found),
        "may_manage": may_manage,
        "manages": may_manage and goes_on,
        "handover": shown(handover_of(request.user, found, at=now)) if goes_on else None,
        "check_in_url": check_in_url(request, "coordinator:check_in", found),
    }
    return render(request, "coordinator/group.html", context)


@require_http_methods(["GET", "POST"])
def group_new(request: Request) -> HttpResponse:
    here = request.organisation
    form = NewGroupForm(
        request.POST or None,
        zone=here.time_zone,
        programmes=list(programmes_for(request.user, here)),
        venues=venues_for(request.user, here),
    )
    if request.method == "POST" and form.is_valid():
        made = _create(request, form)
        if made:
            messages.success(request, _("The group is there, and its meetings are planned."))
            return to_group(request, made)
    return render(request, "coordinator/group_new.html", {"form": form})


def _create(request: Request, form: NewGroupForm) -> Group | None:
    found, now = form.cleaned_data, timezone.now()
    try:
        made = services.create_group(
            organisation=request.organisation,
            programme=form.programme,
            name=found["name"],
            type=found["type"],
            language=found["language"],
            venue=found["venue"],
            is_open=found["is_open"],
            recurrence=form.recurrence,
            by=request.user,
            at=now,
        )
    except services.NameTaken:
        form.add_error("name", _("Another group has this name."))
        return None
    plan_meetings(group=made, by=request.user, at=now)
    return made


@require_http_methods(["GET", "POST"])
def group_edit(request: Request, group_id: int) -> HttpResponse:
    found = find_group(request, group_id)
    only_if_it_goes_on(found)
    form = NameAndPlaceForm(
        request.POST or None,
        venues=venues_for(request.user, request.organisation),
        initial={"name": found.name, "venue": found.venue_id},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_group(
                group=found, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except services.NameTaken:
            form.add_error("name", _("Another group has this name."))
        except PlaceTaken:
            form.add_error(None, place_taken())
        else:
            return to_group(request, found)
    return render(request, "coordinator/group_edit.html", {"group": found, "form": form})


@require_http_methods(["GET", "POST"])
def group_end(request: Request, group_id: int) -> HttpResponse:
    found, now = find_group(request, group_id), timezone.now()
    only_if_it_goes_on(found)
    form = EndForm(request.POST or None, group=found, at=now)
    if request.method == "POST" and form.is_valid():
        wind_up(group=found, on=form.cleaned_data["on"], by=request.user, at=now)
        messages.success(request, _("The group has ended. What it held is kept."))
        return to_group(request, found)
    context: dict[str, Any] = {
        "form": form,
        "question": _("End %(name)s?") % {"name": found.name},
        "consequence": _(
            "Its memberships end and its planned meetings go. What was held is kept, and a "
            "coordinator can still record meetings that are over."
        ),
        "action": _("End the group"),
        "danger": True,
        "cancel_url": group_page(request, found),
    }
    return render(request, "coordinator/group_ask.html", context)


@require_http_methods(["GET", "POST"])
def check_in(request: Request, group_id: int) -> HttpResponse:
    """A talk with a parent leader, where no facilitator leads any more to note it."""
    group = find_group(request, group_id)
    return check_in_page(request, group_id, back_url=group_page(request, group))


@require_GET
def group_calendar(request: Request, group_id: int) -> HttpResponse:
    return calendar_file(request, find_group(request, group_id))
