from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from goround.apps.releases.catalogue import MONTH
from goround.apps.releases.selectors import released
from goround.apps.reports.selectors import MeetingSums, network_month, present_month
from goround.domain.privacy.spreadsheet import Cell
from goround.web.months import Chosen, csv_answer
from goround.web.rendering import Request

HEADINGS = (
    gettext_lazy("Meetings planned"),
    gettext_lazy("Meetings held"),
    gettext_lazy("Meetings cancelled"),
    gettext_lazy("Meetings not recorded yet"),
    gettext_lazy("Meetings to come"),
)


@require_GET
def month(request: Request) -> HttpResponse:
    chosen = _chosen(request)
    report = network_month(request.user, request.network, chosen.month, at=now())
    context = {
        "chosen": chosen,
        "report": report,
        "release": released(request.user, request.network, MONTH, chosen.month.first_day),
    }
    return render(request, "network/month.html", context)


@require_GET
def month_csv(request: Request) -> HttpResponse:
    chosen = _chosen(request)
    report = network_month(request.user, request.network, chosen.month, at=now())
    rows: list[list[Cell]] = [
        [
            _("Month"),
            _("Organisation"),
            _("Groups"),
            _("Groups not in yet"),
            *(str(heading) for heading in HEADINGS),
        ]
    ]
    for row in report.rows:
        first: list[Cell] = [
            str(report.month),
            row.organisation.name,
            row.groups,
            row.groups_not_in,
        ]
        rows.append([*first, *_values(row.meetings)])
    everywhere = _("All organisations together")
    last: list[Cell] = [str(report.month), everywhere, report.groups, report.groups_not_in]
    rows.append([*last, *_values(report.total)])
    return csv_answer(rows, name=f"{request.network.slug}-{report.month}")


def _values(sums: MeetingSums) -> list[Cell]:
    return [sums.planned, sums.held, sums.cancelled, sums.not_recorded, sums.to_come]


def _chosen(request: Request) -> Chosen:
    present = present_month(request.user, request.network, at=now())
    return Chosen.of(request.GET, this_month=present)
