from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goround.apps.releases.catalogue import TABLES, Kind, first_day, last_day
from goround.apps.releases.models import Draft, Release
from goround.apps.releases.naming import TITLES
from goround.apps.releases.selectors import (
    Offer,
    drafts_for,
    offer,
    offers,
    releases_for,
    sheets_of,
    sheets_of_draft,
)
from goround.apps.releases.services import (
    FiguresMoved,
    make_draft,
    publish,
    put_draft_aside,
)
from goround.apps.releases.sheets import Figure, Sheet
from goround.domain.disclosure import NotReleasable, Span
from goround.domain.privacy.spreadsheet import Cell
from goround.web.months import csv_answer
from goround.web.rendering import Request, sent


class OfferForm(forms.Form):
    """Which table, of which period."""

    offer = forms.ChoiceField(label=gettext_lazy("Table and period"))

    def __init__(self, *args: object, offered: list[Offer], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["offer"]
        by_table: dict[str, list[tuple[str, str]]] = {}
        for one in offered:
            words = period_words(one.table.kind, one.span)
            if one.released:
                words = _("%(period)s (released, number %(number)s)") % {
                    "period": words,
                    "number": one.released,
                }
            by_table.setdefault(str(TITLES[one.table.key]), []).append((one.key, words))
        field.choices = [("", "–"), *by_table.items()]  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
def releases(request: Request) -> HttpResponse:
    """The ledger, what is being looked at, and the choice of something new."""
    offered = offers(request.user, request.network, at=now())
    form = OfferForm(sent(request), offered=offered)
    if request.method == "POST" and form.is_valid():
        chosen = offer(request.user, request.network, form.cleaned_data["offer"], at=now())
        if chosen is not None:
            draft = make_draft(
                network=request.network,
                table=chosen.table,
                span=chosen.span,
                by=request.user,
                at=now(),
            )
            return redirect("network:draft", request.network.slug, draft.pk)
    context = {
        "form": form,
        "drafts": [(one, title(one)) for one in drafts_for(request.user, request.network)],
        "releases": [(one, title(one)) for one in releases_for(request.user, request.network)],
    }
    return render(request, "network/releases.html", context)


@require_GET
def draft(request: Request, draft_id: int) -> HttpResponse:
    shown = get_object_or_404(drafts_for(request.user, request.network), pk=draft_id)
    tables = sheets_of_draft(request.user, shown)
    context = {
        "draft": shown,
        "title": title(shown),
        "sheets": tables,
        "hidden": hidden(tables),
        "has_money": TABLES[shown.table].has_money,
    }
    return render(request, "network/draft.html", context)


@require_http_methods(["GET", "POST"])
def draft_publish(request: Request, draft_id: int) -> HttpResponse:
    shown = get_object_or_404(drafts_for(request.user, request.network), pk=draft_id)
    if request.method == "POST":
        try:
            made = publish(draft=shown, by=request.user, at=now())
        except (FiguresMoved, NotReleasable):
            return _anew(request, shown)
        messages.success(request, _("Released. It stays as it is from now on."))
        return redirect("network:release", request.network.slug, made.number)
    context = {
        "question": _("Release “%(title)s”?") % {"title": title(shown)},
        "consequence": _(
            "It goes into the ledger for good, and whoever you give its address can read it. "
            "It cannot be taken back; you can only correct it later."
        ),
        "action": _("Release it"),
        "danger": True,
        "cancel_url": "../",
    }
    return render(request, "components/confirm.html", context)


def _anew(request: Request, shown: Draft) -> HttpResponse:
    made = make_draft(
        network=request.network,
        table=TABLES[shown.table],
        span=shown.span,
        by=request.user,
        at=now(),
    )
    messages.warning(
        request,
        _("Figures have changed since you looked. Nothing was released. Please look again."),
    )
    return redirect("network:draft", request.network.slug, made.pk)


@require_POST
def draft_aside(request: Request, draft_id: int) -> HttpResponse:
    shown = get_object_or_404(drafts_for(request.user, request.network), pk=draft_id)
    put_draft_aside(draft=shown, by=request.user, at=now())
    return redirect("network:releases", request.network.slug)


@require_GET
def release(request: Request, release_number: int) -> HttpResponse:
    shown = get_object_or_404(releases_for(request.user, request.network), number=release_number)
    return render(request, "network/release.html", context_of(request, shown))


@require_GET
def release_csv(request: Request, release_number: int) -> HttpResponse:
    shown = get_object_or_404(releases_for(request.user, request.network), number=release_number)
    return csv_of(request, shown)


def context_of(request: HttpRequest, shown: Release) -> dict[str, object]:
    tables = sheets_of(request.user, shown)
    return {
        "release": shown,
        "title": title(shown),
        "sheets": tables,
        "hidden": hidden(tables),
        "has_money": TABLES[shown.table].has_money,
        "address": request.build_absolute_uri(f"/released/{shown.link}/"),
    }


def csv_of(request: HttpRequest, shown: Release) -> HttpResponse:
    """One line for each figure. What is hidden is an empty cell, and marked."""
    rows: list[list[Cell]] = [
        [
            _("Period"),
            _("Table"),
            _("Unit"),
            _("Counted"),
            _("Number"),
            _("Percent of the row's first number"),
            _("Note"),
        ]
    ]
    period = period_words(TABLES[shown.table].kind, shown.span)
    for sheet in sheets_of(request.user, shown):
        for row in sheet.rows:
            for column, figure in zip(sheet.columns, row.figures, strict=True):
                percent = "" if figure.percent is None else str(figure.percent)
                note = _note(figure, sheet)
                rows.append([period, sheet.title, row.label, column, figure.shown, percent, note])
    name = f"release-{shown.number}-{shown.table}-{shown.first_on:%Y-%m}"
    return csv_answer(rows, name=name)


def _note(figure: Figure, sheet: Sheet) -> str:
    if figure.shown is None:
        return _("hidden")
    if figure.stands:
        return _("as released before")
    if sheet.is_money:
        return _("roughly rounded sum of money")
    return _("exact") if sheet.is_exact else _("rounded to 5")


def title(shown: Draft | Release) -> str:
    period = period_words(TABLES[shown.table].kind, shown.span)
    return f"{TITLES[shown.table]}: {period}"


def period_words(kind: Kind, span: Span) -> str:
    first, last = first_day(span), last_day(span)
    if kind is Kind.MONTH:
        return date_format(first, "F Y")
    if kind is Kind.YEAR:
        return str(first.year)
    return f"{date_format(first, 'M Y')} – {date_format(last, 'M Y')}"


def hidden(tables: list[Sheet]) -> int:
    return sum(sheet.hidden for sheet in tables)
