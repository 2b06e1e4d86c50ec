from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goround.apps.jobs.models import Job
from goround.apps.releases.catalogue import TABLES
from goround.apps.releases.models import Draft, Release
from goround.apps.releases.naming import TITLES
from goround.apps.releases.selectors import (
    Offer,
    draft_for,
    drafts_for,
    offer,
    offers,
    releases_for,
    sheets_of,
    sheets_of_draft,
    work_on,
)
from goround.apps.releases.services import ask_for_draft, ask_to_publish, put_draft_aside
from goround.apps.releases.sheets import Sheet
from goround.web.network.outcomes import told_surveys
from goround.web.network.reading import hidden, notes
from goround.web.network.released_files import csv_of, dictionary, xlsx_of
from goround.web.network.titles import period_words, title
from goround.web.rendering import Request, page_or_part, polls, sent


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
            draft = ask_for_draft(
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
    """What it would say; while the worker has it, how far that is."""
    shown = draft_for(request.user, request.network, draft_id)
    job = work_on(request.user, request.network, draft_id)
    if shown is None:
        return _where_it_went(request, job)
    working = job is not None and job.is_open
    if polls(request) and not working:
        return HttpResponse(headers={"HX-Redirect": request.path})
    if working or shown.made_at is None:
        return page_or_part(request, "network/drafting.html", "state", _drafting(shown, job))
    tables = sheets_of_draft(request.user, shown)
    context = {
        "draft": shown,
        "title": title(shown),
        "failure": job.failure if job is not None else "",
        **told(shown, tables),
    }
    return render(request, "network/draft.html", context)


def _where_it_went(request: Request, job: Job | None) -> HttpResponse:
    """A draft that is no more was released, or put aside."""
    number = job.progress.get("number") if job is not None else None
    if number is None:
        raise Http404
    messages.success(request, _("Released. It stays as it is from now on."))
    page = reverse("network:release", args=[request.network.slug, number])
    return HttpResponse(headers={"HX-Redirect": page}) if polls(request) else redirect(page)


def _drafting(shown: Draft, job: Job | None) -> dict[str, object]:
    return {
        "draft": shown,
        "job": job,
        "working": job is not None and job.is_open,
        "releasing": shown.made_at is not None,
        "total": job.total or None if job is not None else None,
        "how_far": how_far(job),
        "title": title(shown),
        "offer": Offer(TABLES[shown.table], shown.span).key,
    }


def how_far(job: Job | None) -> str:
    """What the worker has done so far, in a sentence."""
    if job is None or job.status == Job.Status.QUEUED:
        return _("Waiting to begin …")
    if not job.progress:
        return _("Counting …")
    tried = ngettext(
        "%(n)s way of working somebody out was tried.",
        "%(n)s ways of working somebody out were tried.",
        job.progress["solved"],
    )
    hidden = ngettext(
        "%(n)s figure is hidden so far.",
        "%(n)s figures are hidden so far.",
        job.progress["hidden"],
    )
    return f"{tried % {'n': job.progress['solved']}} {hidden % {'n': job.progress['hidden']}}"


@require_http_methods(["GET", "POST"])
def draft_publish(request: Request, draft_id: int) -> HttpResponse:
    shown = get_object_or_404(drafts_for(request.user, request.network), pk=draft_id)
    here = redirect("network:draft", request.network.slug, shown.pk)
    if not shown.says_something:
        return here
    if request.method == "POST":
        ask_to_publish(draft=shown, by=request.user, at=now())
        return here
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


@require_GET
def release_xlsx(request: Request, release_number: int) -> HttpResponse:
    shown = get_object_or_404(releases_for(request.user, request.network), number=release_number)
    return xlsx_of(request, shown)


def context_of(request: HttpRequest, shown: Release) -> dict[str, object]:
    return {
        "release": shown,
        "title": title(shown),
        "columns": dictionary(),
        "address": request.build_absolute_uri(f"/released/{shown.link}/"),
        **told(shown, sheets_of(request.user, shown)),
    }


def told(shown: Draft | Release, tables: list[Sheet]) -> dict[str, object]:
    """What the tables of a release, or of a draft of one, are shown with."""
    return {
        "sheets": [sheet for sheet in tables if not sheet.survey],
        "surveys": told_surveys(tables),
        "hidden": hidden(tables),
        "notes": notes(TABLES[shown.table], tables),
    }
