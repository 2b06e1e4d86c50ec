"""A report to take along: as PDF, as a workbook, as CSV. Asked for again who it is."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_GET

from goround.apps.evidence.models import Report
from goround.domain.privacy.spreadsheet import as_csv, as_xlsx
from goround.web.evidence.columns import dictionary_sheet, figures_sheet, methods_sheet
from goround.web.evidence.document import as_pdf
from goround.web.evidence.sheet import one_page_of
from goround.web.evidence.views import find_made
from goround.web.months import NOT_TO_PUBLISH
from goround.web.rendering import Request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def one_page_pdf(request: Request, report_id: int) -> HttpResponse:
    found = find_made(request, report_id)
    return _file(found, as_pdf(one_page_of(request, found)), "application/pdf", "pdf")


@require_GET
def figures_xlsx(request: Request, report_id: int) -> HttpResponse:
    found = find_made(request, report_id)
    assert found.made_at
    picture = found.picture
    sheets = [figures_sheet(picture), dictionary_sheet(), methods_sheet(picture)]
    made = as_xlsx(
        sheets, title=picture.survey, made_at=found.made_at, right_to_left=get_language_bidi()
    )
    return _file(found, made, XLSX, "xlsx")


@require_GET
def figures_csv(request: Request, report_id: int) -> HttpResponse:
    found = find_made(request, report_id)
    made = as_csv(figures_sheet(found.picture).rows)
    return _file(found, made, "text/csv; charset=utf-8", "csv")


def _file(report: Report, content: bytes, kind: str, ending: str) -> HttpResponse:
    """Its name says neither what was asked nor who: it stays in the list of downloads."""
    name = f"report-{report.pk}-{NOT_TO_PUBLISH}.{ending}"
    return HttpResponse(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
