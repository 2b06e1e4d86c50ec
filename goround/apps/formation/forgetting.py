"""Parents who were erased are forgotten by the rounds too."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from goround.apps.formation.models import Advice, Proposal, Search
from goround.apps.formation.stored import lock_plain, plain_problem_of


@transaction.atomic
def forget_parents(*, organisation_id: int, parent_ids: Collection[int]) -> None:
    """Take out of every round what these parents told. The id stays where groups were made of ids.

    A proposal that was worked out with them can still be looked at; what it says of them is
    that nothing is known.
    """
    gone = set(map(str, parent_ids))
    for search in Search.objects.filter(round__organisation=organisation_id).iterator(20):
        if _emptied(search, gone):
            search.save(update_fields=["locked_problem", "left_out"])
            Advice.objects.filter(proposal__search=search).delete()
            for proposal in Proposal.objects.filter(search=search).iterator(20):
                proposal.figures = _without(proposal.figures, gone)
                proposal.save(update_fields=["figures"])


def _emptied(search: Search, gone: set[str]) -> bool:
    """Whether the search knew any of them; if it did, it knows nothing of them any more."""
    problem = plain_problem_of(search)
    mine = [row for row in problem.get("parents", []) if row["id"] in gone]
    for row in mine:
        own = row["id"]
        row.clear()
        row.update(id=own, lat=0.0, lon=0.0, max_km=0.0)
    if mine:
        search.locked_problem = lock_plain(problem, search)
    kept = [row for row in search.left_out if row["parent"] not in gone]
    left_out, search.left_out = search.left_out, kept
    return bool(mine) or len(kept) < len(left_out)


def _without(figures: dict[str, Any], gone: set[str]) -> dict[str, Any]:
    """The figures with nothing of theirs: no ages, ways, wishes or tags."""
    for group in figures.get("groups", {}).values():
        for member in group["members"]:
            if member["id"] in gone:
                member.update(km=0.0, ages=[], wishes_met=[], wishes_unmet=[], tags=[], together=[])
    return figures
