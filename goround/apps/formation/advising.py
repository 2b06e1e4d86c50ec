"""Advice on a proposal: asked for, stopped, and kept when it was worked out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.formation.models import Advice, Proposal, Round
from goround.apps.formation.versions import (
    ADVICE_JOB,
    OPEN_JOB,
    RoundClosed,
    hold,
    only_if_standing,
)
from goround.apps.jobs import services as jobs
from goround.apps.jobs.models import Job
from goround.domain.matching.advice import Advice as Found
from goround.domain.matching.advice import moves_for, to_json


@transaction.atomic
def ask_for_advice(*, round: Round, version: int, by: User, at: datetime) -> Job:
    """Ask what would help most around the standing proposal. Changes no group.

    Asking while an earlier version of the round is still worked on returns that work. Raises
    ``Overtaken`` unless ``version`` stands, ``RoundClosed`` when there is no open proposal.
    """
    held = hold(round)
    if going_on := open_advice_job(held):
        return going_on
    only_if_standing(held, version)
    if held.status != Round.Status.PROPOSED:
        raise RoundClosed(f"{held} is {held.status}")
    proposal = Proposal.objects.select_related("search").defer("answer", "search__locked_problem")
    standing = proposal.get(round=held, version=version)
    moves = standing.search.settings["iterations"] or moves_for(standing.figures["total"])
    asked = {"seed": held.seed, "iterations": moves, "found": None, "by": by, "at": at}
    advice, _ = Advice.objects.update_or_create(proposal=standing, defaults=asked)
    audit.record(
        "advice.asked",
        advice,
        by=by,
        at=at,
        organisation_id=held.organisation_id,
        round=held.pk,
        version=version,
    )
    return jobs.ask_for(
        kind=ADVICE_JOB, subject_id=standing.pk, organisation=held.organisation, by=by, at=at
    )


@transaction.atomic
def stop_advice(*, round: Round, by: User, at: datetime) -> None:
    """Stop trying ideas; what was tried until then is kept."""
    job = open_advice_job(hold(round))
    if job is not None:
        jobs.ask_to_stop(job=job, by=by, at=at)


@transaction.atomic
def keep_advice(*, advice: Advice, found: Found, by: User, at: datetime) -> None:
    """Store what was worked out, once."""
    held = Advice.objects.select_for_update(of=("self",), no_key=True).get(pk=advice.pk)
    if held.found is not None:
        return
    held.found = to_json(found)
    held.save(update_fields=["found"])
    audit.record(
        "advice.found",
        held,
        by=by,
        at=at,
        organisation_id=advice.proposal.round.organisation_id,
        tried=len(found.tried),
    )


def open_advice_job(round: Round) -> Job | None:
    proposals = Proposal.objects.filter(round=round).values("pk")
    open_jobs = Job.objects.filter(kind=ADVICE_JOB, status__in=OPEN_JOB)
    return open_jobs.filter(subject_id__in=proposals).first()
