"""What would help most: one venue hour or one facilitator more, tried by searching again."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from goround.apps.formation.advising import ask_for_advice, stop_advice
from goround.apps.formation.models import Advice
from goround.apps.formation.selectors import advice_job, latest_advice
from goround.apps.formation.versions import Overtaken, RoundClosed
from goround.apps.jobs.models import Job
from goround.domain.matching.advice import Advice as Found
from goround.domain.matching.advice import Tried, from_json
from goround.domain.matching.ideas import HOUR, Idea
from goround.domain.matching.problem import ONLINE
from goround.web.coordinator.round import proposed_page, work_context
from goround.web.coordinator.round_changes import overtaken, refused, version_seen
from goround.web.coordinator.rounds_cards import RoundPage
from goround.web.coordinator.rounds_words import Wording, slot_words
from goround.web.people_words import language_name
from goround.web.rendering import Request, page_or_part

MOST_SHOWN = 6


@require_http_methods(["GET", "POST"])
def round_help(request: Request, round_id: int) -> HttpResponse:
    """The advice on a round, or its progress; asking for it and stopping it."""
    page = proposed_page(request, round_id)
    if request.method == "POST":
        return _act(request, page)
    advice = latest_advice(request.user, page.round)
    job = advice_job(request.user, advice, request.organisation) if advice else None
    working = job is not None and job.is_open
    if request.htmx and not working:
        return HttpResponse(headers={"HX-Redirect": _here(request, page)})
    context = work_context(page) | {"advice": advice, "job": job, "working": working}
    if working:
        context["said"] = progress_words(job)
    elif advice is not None and advice.found is not None:
        context |= _found(page, advice, from_json(advice.found))
    return page_or_part(request, "coordinator/round_help.html", "progress", context)


def _here(request: Request, page: RoundPage) -> str:
    return reverse("coordinator:round_help", args=[request.organisation.slug, page.round.pk])


def _act(request: Request, page: RoundPage) -> HttpResponse:
    if request.POST.get("do") == "stop":
        stop_advice(round=page.round, by=request.user, at=timezone.now())
        return redirect(_here(request, page))
    version = version_seen(request.POST)
    try:
        ask_for_advice(round=page.round, version=version, by=request.user, at=timezone.now())
    except Overtaken:
        return overtaken(request, page.round, version)
    except RoundClosed:
        return refused(request, page.round)
    return redirect(_here(request, page))


def progress_words(job: Job | None) -> str:
    if job is None or not job.total:
        return _("Looking for what could be added …")
    said = _("%(done)s of %(total)s searches are done.")
    return said % {"done": job.done, "total": job.total}


def _found(page: RoundPage, advice: Advice, found: Found) -> dict[str, Any]:
    return {
        "found": found,
        "ideas": [
            {"words": idea_words(page.words, tried.idea), "gain": gain_words(tried)}
            for tried in found.helpful[:MOST_SHOWN]
        ],
        "was_stopped": len(found.tried) < found.of,
        "is_older": advice.proposal.version != page.round.version,
    }


def idea_words(words: Wording, idea: Idea) -> str:
    """What to add, such as "Elm Hall, open Tuesdays" with the hours."""
    when, where = slot_words(idea.slot), words.venue(idea.venue)
    if idea.kind == HOUR:
        return _("%(where)s, open %(when)s") % {"where": where, "when": when}
    venue = words.venues.get(idea.venue)
    online = venue is not None and venue.mode == ONLINE
    said = (
        _("A facilitator who speaks %(language)s and leads online %(when)s")
        if online
        else _("A facilitator who speaks %(language)s, near %(where)s, free %(when)s")
    )
    return said % {"language": language_name(idea.language), "where": where, "when": when}


def gain_words(tried: Tried) -> str:
    said = ngettext(
        "%(n)s more parent would have a group.",
        "%(n)s more parents would have a group.",
        tried.placed,
    )
    return said % {"n": tried.placed}
