"""The network's report of a year: one page, of released figures and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from goround.apps.reader.words import dotted, listed, readers_language
from goround.apps.releases.catalogue import COSTS, OUTCOMES, SNAPSHOT, TABLES
from goround.apps.releases.models import Release
from goround.apps.releases.selectors import released_years, sheets_of, told_in
from goround.apps.releases.sheets import Figure, Sheet
from goround.web.evidence.document import Fact, Facts, OnePage, Row, as_pdf
from goround.web.evidence.wording import number
from goround.web.network.outcomes import DrawnPart, ToldSurvey, told_surveys
from goround.web.network.reading import notes
from goround.web.rendering import Request
from goround.web.templatetags.look import percent as percent_words

# In this order on the page.
REPORTED = (SNAPSHOT, OUTCOMES, COSTS)
# What the small tables show, beside the money.
FACTS = ("gender", "source", "type")
Told = dict[str, int | None]


@require_GET
def report(request: Request) -> HttpResponse:
    years = _years(request)
    if not years:
        return render(request, "network/report.html", {})
    year, releases = _chosen(request, years)
    context = {
        "years": sorted(years, reverse=True),
        "year": year,
        "sheet": one_page_of(request, year, releases),
        "releases": releases,
    }
    return render(request, "network/report.html", context)


@require_GET
def report_pdf(request: Request) -> HttpResponse:
    years = _years(request)
    if not years:
        return redirect("network:report", request.network.slug)
    year, releases = _chosen(request, years)
    name = f"{request.network.slug}-{year.year}.pdf"
    return HttpResponse(
        as_pdf(one_page_of(request, year, releases)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _years(request: Request) -> dict[date, list[Release]]:
    return released_years(request.user, request.network, REPORTED)


def _chosen(request: Request, years: dict[date, list[Release]]) -> tuple[date, list[Release]]:
    """The year asked for, else the one of which most was released."""
    asked = request.GET.get("year", "")
    best = max(years, key=lambda first: (len(years[first]), first))
    year = next((first for first in years if str(first.year) == asked), best)
    return year, years[year]


def one_page_of(request: Request, year: date, releases: Sequence[Release]) -> OnePage:
    """Of the whole network; the organisations' figures stand in the releases themselves."""
    tables = {release.table: sheets_of(request.user, release) for release in releases}
    told = {release.table: told_in(request.user, release) for release in releases}
    surveys = told_surveys(tables.get(OUTCOMES.key, []))
    numbers = listed(str(release.number) for release in releases)
    credits = sorted({survey.whole.credit for survey in surveys} - {""})
    return OnePage(
        title=listed([request.network.name, str(year.year)]),
        lead=_("What groups of parents did and what changed, in numbers."),
        mark=_("Released figures only: nobody can be found in them."),
        foot=dotted([_("From the releases %(numbers)s") % {"numbers": numbers}, *credits]),
        language=readers_language(),
        right_to_left=get_language_bidi(),
        paper="us-letter",
        summary_title=_("In short"),
        summary=tuple(_sentences(told, _currency(releases))),
        rows_title=_("What changed for parents"),
        heads=(_("Part"), "", _("Parents")),
        rows=tuple(_row(survey, part) for survey in surveys for part in survey.parts),
        notes_title=_("How to read this"),
        notes=tuple(_notes(releases, tables)),
        is_open=True,
        facts=tuple(_facts(tables)),
    )


def _row(survey: ToldSurvey, part: DrawnPart) -> Row:
    since = listed([survey.whole.survey, survey.whole.how])
    return Row(
        name=part.row.label,
        since=since,
        strip=SafeString(""),
        strip_words="",
        mean="",
        moved=part.bar,
        moved_words=part.words,
        summary=part.words,
    )


def _sentences(told: dict[str, Told], currency: str) -> Iterable[str]:
    """The few figures that somebody remembers; one that is hidden is said to be hidden."""
    snapshot, costs = told.get(SNAPSHOT.key), told.get(COSTS.key)
    if snapshot is not None:
        groups, meetings = snapshot.get("groups") or 0, snapshot.get("state_held") or 0
        met = ngettext("%(n)s group met.", "%(n)s groups met.", groups)
        held = ngettext("%(n)s meeting was held.", "%(n)s meetings were held.", meetings)
        yield f"{met % {'n': _long(groups)}} {held % {'n': _long(meetings)}}"
        yield _about(
            snapshot.get("parents"),
            _("About %(n)s parents took part, each counted once at an organisation."),
            _("How many parents took part is hidden."),
        )
        if snapshot.get("trained") is not None:
            yield _about(snapshot["trained"], _("About %(n)s facilitators were trained."), "")
    if costs is not None:
        yield _about(
            costs.get("paid"),
            _("The groups cost about %(n)s %(currency)s.").replace("%(currency)s", currency),
            _("What the groups cost is hidden."),
        )


def _about(shown: int | None, words: str, hidden: str) -> str:
    return hidden if shown is None else words % {"n": _long(shown)}


def _long(figure: int) -> str:
    return str(number_format(figure, force_grouping=True))


def _facts(tables: dict[str, list[Sheet]]) -> Iterable[Facts]:
    """The network's row of each table that says how many of which kind, and the money."""
    for sheet in (*tables.get(SNAPSHOT.key, []), *tables.get(COSTS.key, [])):
        row = next((one for one in sheet.rows if one.is_network), None)
        if row is not None and (sheet.is_money or sheet.split in FACTS):
            pairs = zip(sheet.columns, row.figures, strict=True)
            yield Facts(sheet.title, tuple(Fact(what, *_figure(figure)) for what, figure in pairs))


def _figure(figure: Figure) -> tuple[str, str]:
    if figure.shown is None:
        return _("hidden"), ""
    percent = "" if figure.percent is None else percent_words(number(float(figure.percent)))
    return _long(figure.shown), percent


def _currency(releases: Sequence[Release]) -> str:
    return next((one.names["currency"] for one in releases if one.names.get("currency")), "")


def _notes(releases: Sequence[Release], tables: dict[str, list[Sheet]]) -> list[str]:
    """Each said once; how many figures are hidden counts those of organisations too."""
    found: dict[str, None] = {}
    every = [sheet for release in releases for sheet in tables[release.table]]
    for release in releases:
        found |= dict.fromkeys(notes(TABLES[release.table], every, dashes=False))
    return list(found)
