"""One parent in a round: where they are, and what every other place would do."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from goround.apps.formation.figures import EffectFigure
from goround.apps.formation.options import Moves
from goround.apps.formation.selectors import problem_behind
from goround.apps.records.openings import Why
from goround.web.coordinator import rounds_reasons, rounds_words
from goround.web.coordinator.parents import opens
from goround.web.coordinator.round import proposed_page, work_context
from goround.web.coordinator.rounds_cards import RoundPage
from goround.web.rendering import Request

OPTIONS_ON_A_PAGE = 6


@require_GET
def round_parent(request: Request, round_id: int, parent_id: int) -> HttpResponse:
    """One parent in the round: the group they have, and what each other one would do."""
    page = proposed_page(request, round_id)
    problem = problem_behind(request.user, page.proposal)
    parent = str(parent_id)
    if parent not in {row.id for row in problem.parents}:
        raise Http404
    opens(request, parent_id, why=Why.FORMING, at=timezone.now())
    moves = Moves(problem, page.answer, parent)
    options = Paginator(moves.likely(), OPTIONS_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = sorted(
        (moves.to(group) for group in options),
        key=lambda option: (len(option.effect["broken"]), option.effect["cost"]),
    )
    context = work_context(page) | {
        "parent": parent,
        "alias": page.words.people([parent]),
        "home": page.card(moves.home) if moves.home else None,
        "locked": parent in page.answer.locked_members,
        "out": _effect_words(page, moves.out(), moves.home.id) if moves.home else None,
        "unplaced": _unplaced_words(page, parent),
        "options": options,
        "moves": [
            {"card": page.card(option.group)} | _effect_words(page, option.effect, option.group.id)
            for option in shown
        ],
    }
    return render(request, "coordinator/round_parent.html", context)


def _effect_words(page: RoundPage, effect: EffectFigure, here: str) -> dict[str, Any]:
    return {
        "cost": rounds_words.cost_words(effect),
        "broken": [page.words.broken(rule, here=here) for rule in effect["broken"]],
    }


def _unplaced_words(page: RoundPage, parent: str) -> dict[str, str] | None:
    for row in page.proposal.answer["unplaced"]:
        if row["parent"] == parent:
            return {
                "reason": rounds_reasons.reason_words(row["reason"]),
                "change": rounds_reasons.change_words(page.words, row["change"]),
            }
    return None
