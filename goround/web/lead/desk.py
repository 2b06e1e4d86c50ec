"""The safeguarding lead's desk: what waits, the overdue first, each with its next step."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.reader.words import in_rules
from goround.apps.safeguarding.duties import duties_of, shipped_duties
from goround.apps.safeguarding.openings import openings_to_review
from goround.apps.safeguarding.selectors import OnTheDesk, closed_for, desk_for, plan_for
from goround.apps.safeguarding.services import choose_duties
from goround.domain.safeguarding.concern import Stage
from goround.web.lead.forms import DutiesForm
from goround.web.lead.words import ACTS, STAGES
from goround.web.rendering import Request, sent
from goround.web.sealed.opened import opened_key

CLOSED_A_PAGE = 20


@require_GET
def desk(request: Request) -> HttpResponse:
    now = timezone.now()
    context = {
        "rows": [row_of(row) for row in desk_for(request.user, request.organisation, at=now)],
        "openings": openings_to_review(request.user, request.organisation),
        "duties": duties_of(request.organisation),
        "opened": opened_key(request) is not None,
        "zone": request.organisation.time_zone,
    }
    return render(request, "lead/desk.html", context)


def row_of(row: OnTheDesk) -> dict[str, Any]:
    return {
        "desk": row,
        "concern": row.concern,
        "stage": STAGES[Stage(row.concern.stage)],
        "next": ACTS[row.next] if row.next else None,
        "law": row.deadlines[0] if row.deadlines else None,
        "follow_up": row.follow_ups[0] if row.follow_ups else None,
    }


@require_GET
def closed(request: Request) -> HttpResponse:
    rows = closed_for(request.user, request.organisation)
    page = Paginator(rows, CLOSED_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "zone": request.organisation.time_zone}
    return render(request, "lead/closed.html", context)


@require_http_methods(["GET", "POST"])
def duties(request: Request) -> HttpResponse:
    """Which place's law sets the dates, or the organisation's own text."""
    plan = plan_for(request.user, request.organisation)
    form = DutiesForm(
        sent(request),
        places=[(key, in_rules(each.name)) for key, each in shipped_duties().items()],
        initial={"key": plan.duties_key, "own": plan.own_duties},
    )
    if form.is_valid():
        choose_duties(
            organisation=request.organisation,
            key=form.cleaned_data["key"],
            own_duties=form.cleaned_data["own"],
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("Saved. The dates on the desk follow it from now on."))
        return redirect("lead:desk", request.organisation.slug)
    context = {"form": form, "duties": duties_of(request.organisation)}
    return render(request, "lead/duties.html", context)
