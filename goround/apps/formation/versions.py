"""A round held for writing, and the line of versions that its proposals are.

The caller of everything here has the transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.formation.figures import Figures, effect_of
from goround.apps.formation.models import Proposal, Round, Search
from goround.apps.jobs.models import Job
from goround.domain.matching.answer import Answer, to_json

SEARCH_JOB = "formation.search"
ADVICE_JOB = "formation.advice"
OPEN_JOB = (Job.Status.QUEUED, Job.Status.RUNNING)


class RoundClosed(Exception):
    """The round was accepted or put aside, or a search is going on: it cannot change now."""


class Overtaken(Exception):
    """The round changed after the page was shown. ``since`` holds the newer proposals."""

    def __init__(self, since: list[Proposal]) -> None:
        super().__init__(f"{len(since)} newer proposals")
        self.since = since


def hold(round: Round) -> Round:
    """The round read afresh and locked to the end of the transaction: one writer at a time.

    A search that failed for good leaves its round to be worked on again.
    """
    held = (
        Round.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation", "programme__organisation")
        .get(pk=round.pk)
    )
    if held.status == Round.Status.SEARCHING and open_job(held) is None:
        settle(held)
    return held


def standing(round: Round) -> Proposal | None:
    return Proposal.objects.filter(round=round, version=round.version).first()


def open_job(round: Round) -> Job | None:
    return Job.objects.filter(kind=SEARCH_JOB, subject_id=round.pk, status__in=OPEN_JOB).first()


def only_if_standing(held: Round, version: int) -> None:
    """Raise ``Overtaken`` unless nothing happened since this version was shown."""
    if version != held.version:
        newer = Proposal.objects.filter(round=held, version__gt=version)
        raise Overtaken(list(newer.select_related("by").defer("answer", "figures").order_by("pk")))


def settle(held: Round) -> None:
    """Give a round without a search under way the status that its proposals say."""
    held.status = Round.Status.PROPOSED if held.version else Round.Status.PREPARED
    held.save(update_fields=["status"])


def write_proposal(
    *,
    held: Round,
    search: Search,
    answer: Answer,
    figures: Figures,
    change: Proposal.Change,
    based_on: int,
    about: Mapping[str, str],
    by: User,
    at: datetime,
) -> Proposal:
    """Write the next version and let it stand. The caller holds the round and the transaction."""
    answer = _without_sentences(answer)
    before = standing(held)
    effect = effect_of(before.figures, figures) if before else None
    proposal = Proposal.objects.create(
        round=held,
        search=search,
        version=held.version + 1,
        based_on=based_on,
        change=change,
        answer=to_json(answer),
        figures=figures,
        about={**about, "effect": effect},
        cost=answer.cost,
        placed=figures["placed"],
        unplaced=figures["total"] - figures["placed"],
        broken=figures["broken"],
        by=by,
        at=at,
    )
    held.version = proposal.version
    held.save(update_fields=["version"])
    audit.record(
        f"proposal.{change.value.replace('-', '_')}",
        proposal,
        by=by,
        at=at,
        organisation_id=held.organisation_id,
        round=held.pk,
        version=proposal.version,
        about=dict(about),
    )
    return proposal


def _without_sentences(answer: Answer) -> Answer:
    """Pages word the change themselves, and these name people who must be kept apart."""
    return replace(answer, unplaced=tuple(replace(row, detail="") for row in answer.unplaced))
