from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from goround.apps.reports.selectors import network_month, present_month
from goround.domain.privacy.spreadsheet import Cell
from goround.web.months import Chosen, csv_answer, headings, values
from goround.web.rendering import Request


@require_GET
def month(request: Request) -> HttpResponse:
    chosen = _chosen(request)
    report = network_month(request.user, request.network, chosen.month, at=now())
    return render(request, "network/month.html", {"chosen": chosen, "report": report})


@require_GET
def month_csv(request: Request) -> HttpResponse:
    chosen = _chosen(request)
    report = network_month(request.user, request.network, chosen.month, at=now())
    heading = [_("Month"), _("Organisation"), _("Groups"), _("Groups not in yet"), *headings()]
    rows: list[list[Cell]] = [[*heading]]
    for row in report.rows:
        sums = values(row.figures)
        rows.append(
            [str(report.month), row.organisation.name, row.groups, row.groups_not_in, *sums]
        )
    together = values(report.total)
    everywhere = _("All organisations together")
    rows.append([str(report.month), everywhere, report.groups, report.groups_not_in, *together])
    return csv_answer(rows, name=f"{request.network.slug}-{report.month}")


def _chosen(request: Request) -> Chosen:
    present = present_month(request.user, request.network, at=now())
    return Chosen.of(request.GET, this_month=present)
