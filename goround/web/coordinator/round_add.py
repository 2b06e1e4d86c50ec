"""A group added to a round by hand: where and when first, then who could come."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goround.apps.formation.changes import add_group
from goround.apps.formation.options import could_join
from goround.apps.formation.selectors import problem_behind
from goround.apps.formation.versions import Overtaken, RoundClosed
from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.people import languages_of
from goround.domain.matching.problem import ANY_TYPE, Problem
from goround.web.coordinator.round import proposed_page, work_context
from goround.web.coordinator.round_changes import overtaken, refused, version_seen
from goround.web.coordinator.rounds_cards import RoundPage
from goround.web.coordinator.rounds_forms import AddGroupForm
from goround.web.people_words import language_name
from goround.web.rendering import Request


@require_http_methods(["GET", "POST"])
def round_add(request: Request, round_id: int) -> HttpResponse:
    page = proposed_page(request, round_id)
    problem = problem_behind(request.user, page.proposal)
    asked = request.POST or (request.GET.copy() if "place" in request.GET else None)
    form = AddGroupForm(asked, **_choices(page, problem))
    group = form.group()
    names = could_join(problem, page.answer, group) if group else []
    form.offer_members([(name, page.words.people([name])) for name in names])
    if request.method == "POST" and group and form.is_valid():
        return _add(request, page, group, form.cleaned_data["members"])
    if group and asked and request.method == "GET":
        asked.setlist("members", names[: page.size_max])
    context = work_context(page) | {"form": form, "group": group, "names": names}
    return render(request, "coordinator/round_add.html", context)


def _add(request: Request, page: RoundPage, group: FormedGroup, members: list[str]) -> HttpResponse:
    version = version_seen(request.POST)
    try:
        proposal = add_group(
            round=page.round,
            version=version,
            venue=group.venue,
            slot=group.slot,
            language=group.language,
            type=group.type,
            members=members,
            by=request.user,
            at=timezone.now(),
        )
    except Overtaken:
        return overtaken(request, page.round, version)
    except RoundClosed:
        return refused(request, page.round)
    here = redirect("coordinator:round", request.organisation.slug, page.round.pk)
    here["Location"] += f"#group-{proposal.answer['groups'][-1]['id']}"
    return here


def _choices(page: RoundPage, problem: Problem) -> dict[str, Any]:
    """Every hour of every venue, and the languages and types of those who wait."""
    at = page.words.hour_at
    types = [(choice.key, choice.label) for choice in page.words.playbook.types]
    return {
        "places": [
            (
                page.words.venue(venue.id),
                [(f"{venue.id} {slot}", at(slot, venue.id)) for slot in venue.slots],
            )
            for venue in problem.venues
        ],
        "languages": [(tag, language_name(tag)) for tag in languages_of(problem.parents)],
        "types": [*types, (ANY_TYPE, _("any kind"))],
    }
