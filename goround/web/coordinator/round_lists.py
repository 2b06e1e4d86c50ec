"""Who has no group in a round and what would change it; and every version there was."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from goround.apps.formation.selectors import names_in, versions_for
from goround.web.coordinator import rounds_reasons, rounds_words
from goround.web.coordinator.round import change_words, proposed_page, work_context
from goround.web.coordinator.rounds_cards import RoundPage
from goround.web.rendering import Request, page_or_part

UNPLACED_ON_A_PAGE = 30
HISTORY_ON_A_PAGE = 50


@require_GET
def round_unplaced(request: Request, round_id: int) -> HttpResponse:
    """Everybody without a group by reason, each with what would change it."""
    page = proposed_page(request, round_id)
    asked = request.GET.get("reason", "")
    rows = [
        row
        for row in page.proposal.answer["unplaced"]
        if asked in {"", rounds_reasons.shown_reason(row["reason"])}
    ]
    rows.sort(key=lambda row: (rounds_reasons.reason_words(row["reason"]), int(row["parent"])))
    shown = Paginator(rows, UNPLACED_ON_A_PAGE).get_page(request.GET.get("page"))
    context = work_context(page) | {
        "asked": asked,
        "shown": shown,
        "rows": [
            {
                "id": row["parent"],
                "alias": page.words.people([row["parent"]]),
                "reason": rounds_reasons.reason_words(row["reason"]),
                "change": rounds_reasons.change_words(page.words, row["change"]),
            }
            for row in shown
        ],
        "left_out": _left_out(request, page),
    }
    return page_or_part(request, "coordinator/round_unplaced.html", "rows", context)


def _left_out(request: Request, page: RoundPage) -> list[dict[str, str]]:
    left = page.proposal.search.left_out
    named = names_in(
        request.user, request.organisation, parents=[row["parent"] for row in left]
    ).parents
    return [
        {"alias": named[row["parent"]], "lacks": rounds_reasons.lacks_words(row["lacks"])}
        for row in left
        if row["parent"] in named
    ]


@require_GET
def round_history(request: Request, round_id: int) -> HttpResponse:
    """Every version: who made it, when, and what it did."""
    page = proposed_page(request, round_id)
    versions = versions_for(request.user, page.round)
    shown = Paginator(versions, HISTORY_ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "proposal": proposal,
            "words": change_words(page, proposal),
            "cost": rounds_words.cost_words(effect) if (effect := proposal.about["effect"]) else "",
        }
        for proposal in shown
    ]
    context = work_context(page) | {"shown": shown, "rows": rows}
    return render(request, "coordinator/round_history.html", context)
