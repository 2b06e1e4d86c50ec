"""The groups somebody leads, tonight's on top."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.agreements.selectors import agreement_facts
from goround.apps.circle.selectors import groups_to_lead
from goround.apps.decisions.selectors.check_ins import late_check_ins
from goround.apps.decisions.selectors.handover import handover_of
from goround.apps.groups.models import Group
from goround.apps.groups.selectors import led_groups, members_of
from goround.apps.marks.selectors import meetings_asked_about
from goround.apps.meetings.calendar import calendar_of
from goround.apps.meetings.selectors import (
    coming_meetings,
    group_row,
    group_rows,
    may_record_group,
    meetings_not_recorded,
    meetings_today,
    past_meetings,
)
from goround.apps.meetings.standing import standings
from goround.web.check_ins import check_in_page, check_in_url
from goround.web.handover_words import shown
from goround.web.rendering import Request

COMING_SHOWN = 5
PAST_SHOWN = 10
NOT_RECORDED_SHOWN = 10
ASKED_SHOWN = 10


@require_GET
def groups(request: Request) -> HttpResponse:
    now, here = timezone.now(), request.organisation
    context = {
        "now": now,
        "may_lead": groups_to_lead(request.user, here),
        "today": meetings_today(request.user, here, at=now),
        "not_recorded": meetings_not_recorded(request.user, here, at=now)[:NOT_RECORDED_SHOWN],
        "asked": meetings_asked_about(request.user, here)[:ASKED_SHOWN],
        "rows": group_rows(request.user, led_groups(request.user, here), at=now),
        "late": late_check_ins(request.user, here, at=now),
    }
    return render(request, "facilitator/groups.html", context)


@require_GET
def group(request: Request, group_id: int) -> HttpResponse:
    now = timezone.now()
    led = led_groups(request.user, request.organisation)
    row = group_row(request.user, led, group_id, at=now)
    if row is None:
        raise Http404
    found = row.group
    agreed = agreement_facts(request.user, [found])
    context = {
        "group": found,
        "standing": standings([row], at=now, with_training=False, agreed=agreed)[0],
        "agreement": agreed.get(group_id),
        "members": members_of(request.user, found),
        "coming": coming_meetings(request.user, found, at=now)[:COMING_SHOWN],
        "past": past_meetings(request.user, found, at=now)[:PAST_SHOWN],
        "may_record": may_record_group(request.user, found),
        "now": now,
        "handover": shown(handover_of(request.user, found, at=now)),
        "check_in_url": check_in_url(request, "facilitator:check_in", found),
    }
    return render(request, "facilitator/group.html", context)


@require_http_methods(["GET", "POST"])
def check_in(request: Request, group_id: int) -> HttpResponse:
    back_url = reverse("facilitator:group", args=[request.organisation.slug, group_id])
    return check_in_page(request, group_id, back_url=back_url)


@require_GET
def calendar(request: Request, group_id: int) -> HttpResponse:
    led = led_groups(request.user, request.organisation)
    return calendar_file(request, get_object_or_404(led, pk=group_id))


def calendar_file(request: Request, group: Group) -> HttpResponse:
    """The group's meetings for a telephone's calendar."""
    response = HttpResponse(calendar_of(request.user, group), content_type="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="meetings-{group.pk}.ics"'
    return response
