"""The page of one round: while it is searched, to look at, and to work on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from goround.apps.formation import services
from goround.apps.formation.models import Proposal, Round
from goround.apps.formation.selectors import (
    rounds_for,
    search_job,
    standing_proposal,
    steps_for,
    versions_for,
)
from goround.apps.formation.versions import RoundClosed
from goround.apps.jobs.models import Job
from goround.web.coordinator import rounds_words
from goround.web.coordinator.rounds_cards import RoundPage
from goround.web.rendering import Request, page_or_part


@require_GET
def round(request: Request, round_id: int) -> HttpResponse:
    found = find_round(request, round_id)
    part = "map" if request.htmx.target == "map" else "work"
    return show(request, found, part=part)


def find_round(request: Request, round_id: int) -> Round:
    found: Round = get_object_or_404(rounds_for(request.user, request.organisation), pk=round_id)
    return found


def show(
    request: Request, found: Round, *, part: str = "work", status: int = 200, **more: Any
) -> HttpResponse:
    context = round_context(request, found) | more
    return page_or_part(request, "coordinator/round.html", part, context, status=status)


def round_context(request: Request, found: Round) -> dict[str, Any]:
    """Everything the page of a round shows, whatever its state."""
    proposal = standing_proposal(request.user, found)
    job = search_job(request.user, found)
    context: dict[str, Any] = {
        "round": found,
        "base": reverse("coordinator:round", args=[request.organisation.slug, found.pk]),
        "job": job,
        "searching": is_searching(found, job),
    }
    if context["searching"]:
        context["found"] = progress_words(job)
    if proposal is not None:
        page = RoundPage(request, found, proposal)
        since = request.GET.get("since", "")
        context |= work_context(page) | {
            "steps": steps_for(request.user, found),
            "last": last_change(page),
            "since": since_words(request, page, int(since)) if since.isdecimal() else [],
            "refused": "refused" in request.GET,
        }
    return context


def proposed_page(request: Request, round_id: int) -> RoundPage:
    """The standing proposal of a round that has one, made ready for a page."""
    found = find_round(request, round_id)
    proposal = standing_proposal(request.user, found)
    if proposal is None:
        raise Http404
    return RoundPage(request, found, proposal)


def work_context(page: RoundPage) -> dict[str, Any]:
    """What every page about a proposal needs."""
    return {
        "at": page,
        "base": page.base,
        "round": page.round,
        "proposal": page.proposal,
        "can_change": page.round.status == Round.Status.PROPOSED,
    }


def is_searching(found: Round, job: Job | None) -> bool:
    return found.status == Round.Status.SEARCHING and job is not None and job.is_open


def progress_words(job: Job | None) -> str:
    """What the search has found so far."""
    if job is not None and job.status == Job.Status.QUEUED:
        return _("Waiting to begin …")
    if job is None or not job.total:
        return _("Reading who waits, where and when …")
    seconds = int(job.progress.get("seconds", 0))
    said = ngettext(
        "%(placed)s of %(total)s parents have a group so far, after %(seconds)s second.",
        "%(placed)s of %(total)s parents have a group so far, after %(seconds)s seconds.",
        seconds,
    )
    found = said % {"placed": job.done, "total": job.total, "seconds": seconds}
    weight = _(
        "It weighs as much as %(km)s of way; a parent without a group counts for a thousand."
    )
    cost = job.progress.get("cost", 0)
    gap = rounds_words.gap_words(cost, job.progress.get("bound"))
    return f"{found} {weight % {'km': rounds_words.kilometres(cost)}} {gap}".strip()


@require_GET
def round_progress(request: Request, round_id: int) -> HttpResponse:
    """The progress alone; when the search has ended, htmx is told to load the page anew."""
    found = find_round(request, round_id)
    job = search_job(request.user, found)
    if not is_searching(found, job):
        page = reverse("coordinator:round", args=[request.organisation.slug, found.pk])
        return HttpResponse(headers={"HX-Redirect": page}) if request.htmx else redirect(page)
    context = {"round": found, "job": job, "searching": True, "found": progress_words(job)}
    return page_or_part(request, "coordinator/round.html", "progress", context)


@require_POST
def round_act(request: Request, round_id: int) -> HttpResponse:
    """Stop looking, put the round aside, or take it up again."""
    found = find_round(request, round_id)
    acts = {"stop": services.stop_search, "aside": services.put_aside, "up": services.take_up}
    act = acts.get(request.POST.get("do", ""))
    try:
        if act is not None:
            act(round=found, by=request.user, at=timezone.now())
    except RoundClosed:
        pass  # accepted meanwhile: the page says so
    return redirect("coordinator:round", request.organisation.slug, found.pk)


def last_change(page: RoundPage) -> dict[str, Any]:
    """Who made the proposal what it is, when, and what that did."""
    proposal = page.proposal
    effect = proposal.about.get("effect")
    return {
        "words": change_words(page, proposal),
        "cost": rounds_words.cost_words(effect) if effect and not _is_a_lock(proposal) else "",
        "broken": [page.words.broken(rule) for rule in effect["broken"]] if effect else [],
        "mended": bool(effect and effect["mended"] and not page.figures["broken"]),
    }


def _is_a_lock(proposal: Proposal) -> bool:
    """Locks cost nothing, so nothing is said of cost."""
    locks = {Proposal.Change.LOCKED, Proposal.Change.UNLOCKED}
    return proposal.about.get("of", proposal.change) in locks


def change_words(page: RoundPage, proposal: Proposal) -> str:
    words = _change_words(page, proposal.about.get("of", proposal.change), proposal.about)
    if proposal.change == Proposal.Change.UNDONE:
        return _("Undone: %(words)s") % {"words": words}
    if proposal.change == Proposal.Change.REDONE:
        return _("Done again: %(words)s") % {"words": words}
    return words


def _change_words(page: RoundPage, change: str, about: Mapping[str, Any]) -> str:
    who = page.words.people([about["parent"]]) if "parent" in about else ""
    other = page.words.people([about["other"]]) if "other" in about else ""
    where = page.title_of(about.get("group"))
    words = {
        Proposal.Change.SEARCHED: _("Groups were worked out."),
        Proposal.Change.MOVED: _("%(who)s was moved to: %(where)s."),
        Proposal.Change.SWAPPED: _("%(who)s and %(other)s changed places."),
        Proposal.Change.TAKEN_OUT: _("%(who)s was taken out and waits again."),
        Proposal.Change.LOCKED: _("Locked: %(what)s."),
        Proposal.Change.UNLOCKED: _("Unlocked: %(what)s."),
        Proposal.Change.DISSOLVED: _("A group was dissolved. Its parents wait again."),
        Proposal.Change.ADDED: _("A group was added."),
    }
    return words[Proposal.Change(change)] % {
        "who": who,
        "other": other,
        "where": where,
        "what": who or where,
    }


def since_words(request: Request, page: RoundPage, version: int) -> list[str]:
    """What others did after the version that somebody was looking at."""
    newer = versions_for(request.user, page.round)
    return [
        _("%(who)s, %(when)s: %(what)s")
        % {
            "who": proposal.by.get_short_name(),
            "when": f"{request.organisation.local(proposal.at):%H:%M}",
            "what": change_words(page, proposal),
        }
        for proposal in newer[: max(page.proposal.version - version, 0)]
    ]
