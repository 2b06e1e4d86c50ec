from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from goround.apps.proofs.selectors import papers_given_out
from goround.apps.reports.selectors import month_of, reminders
from goround.domain.counting import Month
from goround.domain.privacy.spreadsheet import Cell
from goround.web.months import NOT_TO_PUBLISH, Chosen, csv_answer, headings, values
from goround.web.rendering import Request

ROWS_A_PAGE = 25


@require_GET
def month(request: Request) -> HttpResponse:
    chosen = _chosen(request)
    at = now()
    here = request.user, request.organisation
    report = month_of(*here, chosen.month, at=at)
    context = {
        "chosen": chosen,
        "report": report,
        "page": Paginator(report.rows, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "papers": papers_given_out(
            *here, first=chosen.month.first_day, after=chosen.month.later(1).first_day
        ),
        "today": request.organisation.local(at).date(),
        "reminders": reminders(*here, at=at) if chosen.is_present else [],
    }
    return render(request, "coordinator/month.html", context)


@require_GET
def month_csv(request: Request) -> HttpResponse:
    chosen = _chosen(request)
    report = month_of(request.user, request.organisation, chosen.month, at=now())
    rows: list[list[Cell]] = [[_("Month"), _("Group"), *headings()]]
    rows += [[str(report.month), row.group.name, *values(row.figures)] for row in report.rows]
    rows.append([str(report.month), _("All groups together"), *values(report.total)])
    return csv_answer(rows, name=f"{request.organisation.slug}-{report.month}-{NOT_TO_PUBLISH}")


def _chosen(request: Request) -> Chosen:
    today = request.organisation.local(now()).date()
    return Chosen.of(request.GET, this_month=Month.of(today))
