"""One group of a round: what each member brings, and what it would cost to sit elsewhere."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from goround.apps.formation.figures import MemberFigure
from goround.apps.formation.models import Round
from goround.apps.formation.selectors import problem_behind
from goround.apps.records.openings import Why
from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.swaps import Swap, swaps
from goround.web.coordinator import rounds_words
from goround.web.coordinator.parents import opens
from goround.web.coordinator.round import proposed_page, work_context
from goround.web.coordinator.rounds_cards import RoundPage
from goround.web.people_words import CRITERIA, age_in_words, word_for
from goround.web.rendering import Request

SWAPS_EACH = 2


@require_GET
def round_group(request: Request, round_id: int, formed: str) -> HttpResponse:
    """One group of the standing proposal, member by member."""
    page = proposed_page(request, round_id)
    group = next((group for group in page.answer.groups if group.id == formed), None)
    if group is None:
        raise Http404
    opens(request, *map(int, group.members), why=Why.FORMING, at=timezone.now())
    context = work_context(page) | {
        "card": page.card(group, why=True),
        "members": _members(request, page, group),
    }
    return render(request, "coordinator/round_group.html", context)


def _members(request: Request, page: RoundPage, group: FormedGroup) -> list[dict[str, Any]]:
    """Everybody in the group; swaps only while the round can be changed."""
    found: dict[str, list[Swap]] = {}
    if page.round.status == Round.Status.PROPOSED:
        problem = problem_behind(request.user, page.proposal)
        found = swaps(problem, page.answer, group.id, each=SWAPS_EACH)
    return [
        {
            "id": member["id"],
            "alias": page.words.people([member["id"]]),
            "brings": brings_words(member),
            "swaps": [_swap(page, swap) for swap in found.get(member["id"], [])],
            "stays": _stays_words(page, member),
        }
        for member in page.figures["groups"][group.id]["members"]
    ]


def brings_words(member: MemberFigure) -> list[str]:
    """What one member has in common with the others, and what they hoped for."""
    said = []
    if member["km"]:
        said.append(_("%(km)s to come") % {"km": rounds_words.kilometres(member["km"])})
    if member["ages"]:
        ages = rounds_words.together(age_in_words(round(age, 1)) for age in member["ages"])
        said.append(_("child of %(age)s") % {"age": ages})
    for words, keys in (
        (_("shares: %(what)s"), member["tags"]),
        (_("hoped for, and found: %(what)s"), member["wishes_met"]),
        (_("hoped for, not found: %(what)s"), member["wishes_unmet"]),
    ):
        if keys:
            named = rounds_words.together(word_for(key, CRITERIA) for key in keys)
            said.append(words % {"what": named})
    return said


def _swap(page: RoundPage, swap: Swap) -> dict[str, str]:
    where = page.title_of(swap.group)
    if swap.other is None:
        words, do = _("A place is free: %(where)s."), f"move {swap.member} {swap.group}"
    else:
        do = f"swap {swap.member} {swap.other}"
        words = _("With %(other)s, who is in: %(where)s.")
        if swap.group is None:
            words = _("With %(other)s, who has no group yet.")
    other = page.words.people([swap.other]) if swap.other else ""
    return {
        "do": do,
        "words": words % {"other": other, "where": where},
        "cost": rounds_words.cost_words({"cost": swap.cost_change, "placed": 0}),
    }


def _stays_words(page: RoundPage, member: MemberFigure) -> str:
    """Why no swap is looked for, where there is a reason to tell."""
    if member["id"] in page.answer.locked_members:
        return _("Locked in this group.")
    if member["together"]:
        partners = page.words.people(member["together"])
        return _("Comes together with %(people)s.") % {"people": partners}
    return _("Nobody was found to change places with.")
