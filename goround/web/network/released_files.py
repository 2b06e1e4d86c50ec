"""A release as files: one line for each figure, with what every column means."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_bidi, pgettext
from django.utils.translation import gettext as _

from goround.apps.releases.catalogue import TABLES
from goround.apps.releases.models import Release
from goround.apps.releases.selectors import sheets_of
from goround.apps.releases.sheets import Figure, Sheet, SheetRow
from goround.domain.privacy import spreadsheet
from goround.domain.privacy.spreadsheet import Cell
from goround.web.months import csv_answer
from goround.web.network.reading import notes
from goround.web.network.titles import period_words, title

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_of(request: HttpRequest, shown: Release) -> HttpResponse:
    """What is hidden is an empty cell, and marked."""
    return csv_answer(_figures(shown, sheets_of(request.user, shown)), name=_name(shown))


def xlsx_of(request: HttpRequest, shown: Release) -> HttpResponse:
    """A workbook: the figures, what the columns mean, and how it was counted."""
    tables = sheets_of(request.user, shown)
    books = [
        spreadsheet.Sheet(_("Figures"), _figures(shown, tables)),
        spreadsheet.Sheet(_("Data dictionary"), _dictionary()),
        spreadsheet.Sheet(_("Methods"), _methods(shown, tables)),
    ]
    made = spreadsheet.as_xlsx(
        books, title=title(shown), made_at=shown.released_at, right_to_left=get_language_bidi()
    )
    return HttpResponse(
        made,
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{_name(shown)}.xlsx"'},
    )


def _figures(shown: Release, tables: list[Sheet]) -> list[list[Cell]]:
    rows: list[list[Cell]] = [[name for name, _means in dictionary()]]
    period = period_words(TABLES[shown.table].kind, shown.span)
    for sheet in tables:
        for row in sheet.rows:
            for column, figure in zip(sheet.columns, row.figures, strict=True):
                if figure.untold:
                    continue
                percent = "" if figure.percent is None else str(figure.percent)
                unit, counted = _place(sheet, row, column)
                note = _note(figure, sheet)
                rows.append([period, sheet.title, unit, counted, figure.shown, percent, note])
    return rows


def _place(sheet: Sheet, row: SheetRow, column: str) -> tuple[str, str]:
    """Of surveys a row is a part of one, and the whole table is of one unit."""
    return (sheet.unit, f"{row.label}: {column}") if sheet.unit else (row.label, column)


def dictionary() -> list[tuple[str, str]]:
    return [
        (_("Period"), _("The month or the twelve months that were counted.")),
        (_("Table"), _("What was counted, and how it was split.")),
        (
            _("Unit"),
            _("An organisation, a group by its number, or all organisations of the network."),
        ),
        (_("Counted"), _("The column of the table; of a survey, its part and the column.")),
        (_("Number"), _("The figure as it was released. Empty where it is hidden.")),
        (
            _("Percent of the row's first number"),
            _("From the rounded figures. Empty where either is hidden."),
        ),
        (
            _("Note"),
            _(
                "How the figure was treated: rounded to 5, exact, hidden, as released before, or a"
                " roughly rounded sum of money."
            ),
        ),
    ]


def _dictionary() -> list[list[Cell]]:
    rows: list[list[Cell]] = [[_("Column"), _("What it means")]]
    return rows + [[name, means] for name, means in dictionary()]


def _methods(shown: Release, tables: list[Sheet]) -> list[list[Cell]]:
    rows: list[list[Cell]] = [[pgettext("column", "About"), _("What")]]
    rows.append([_("Release"), f"{shown.names['network']}, {shown.number}"])
    rows.append([_("Table"), title(shown)])
    rows.append([_("Seal"), shown.seal])
    rows += [[_("How to read it"), told] for told in notes(TABLES[shown.table], tables)]
    rows += [[_("Credit"), credit] for credit in sorted({one.credit for one in tables} - {""})]
    return rows


def _note(figure: Figure, sheet: Sheet) -> str:
    if figure.shown is None:
        return _("hidden")
    if figure.stands:
        return _("as released before")
    if sheet.is_money:
        return _("roughly rounded sum of money")
    return _("exact") if sheet.is_exact else _("rounded to 5")


def _name(shown: Release) -> str:
    return f"release-{shown.number}-{shown.table}-{shown.first_on:%Y-%m}"
