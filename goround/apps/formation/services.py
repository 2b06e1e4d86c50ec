"""A round's life up to its proposal: made, searched, put aside, taken up again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.formation.figures import figures_of
from goround.apps.formation.models import Proposal, Round, Search
from goround.apps.formation.settings import RoundSettings
from goround.apps.formation.stored import problem_of
from goround.apps.formation.versions import (
    SEARCH_JOB,
    RoundClosed,
    hold,
    only_if_standing,
    open_job,
    settle,
    write_proposal,
)
from goround.apps.jobs import services as jobs
from goround.apps.jobs.models import Job
from goround.apps.organisations.models import Programme
from goround.domain.matching.answer import Answer


@transaction.atomic
def create_round(
    *,
    programme: Programme,
    settings: RoundSettings,
    name: str,
    seed: int,
    by: User,
    at: datetime,
) -> Round:
    """A round that waits for its first search; ``seed`` decides every search in it."""
    made = Round.objects.create(
        organisation=programme.organisation,
        programme=programme,
        name=name,
        settings=settings.to_json(),
        seed=seed,
        created_by=by,
        created_at=at,
    )
    audit.record("round.created", made, by=by, at=at, programme=programme.pk)
    return made


@transaction.atomic
def start_search(
    *, round: Round, settings: RoundSettings, version: int, by: User, at: datetime
) -> Job:
    """Ask for a search that sets out from the standing proposal and keeps what is locked in it.

    Asking again while one is going on returns that one. Raises ``Overtaken`` unless ``version``
    is the standing one, ``RoundClosed`` when nothing may be searched now.
    """
    held = hold(round)
    job = open_job(held)
    if job and held.status == Round.Status.SEARCHING:
        return job
    if job or held.status in {Round.Status.ACCEPTED, Round.Status.PUT_ASIDE}:
        raise RoundClosed(f"{held} is {held.status}, or an earlier search is still stopping")
    only_if_standing(held, version)
    number = held.searches.count() + 1
    search = Search.objects.create(
        round=held,
        number=number,
        settings=settings.to_json(),
        seed=held.seed + number - 1,
        seconds=settings.seconds,
        start_version=held.version,
        by=by,
        at=at,
    )
    held.status, held.settings = Round.Status.SEARCHING, settings.to_json()
    held.save(update_fields=["status", "settings"])
    audit.record("round.search_asked", held, by=by, at=at, search=search.pk)
    return jobs.ask_for(
        kind=SEARCH_JOB, subject_id=held.pk, organisation=held.organisation, by=by, at=at
    )


@transaction.atomic
def stop_search(*, round: Round, by: User, at: datetime) -> None:
    """Stop looking; the best found so far becomes the proposal. Without one, none was begun."""
    held = hold(round)
    job = open_job(held)
    if job is None:
        return
    jobs.ask_to_stop(job=job, by=by, at=at)
    if not job.is_open:
        settle(held)


@transaction.atomic
def put_aside(*, round: Round, by: User, at: datetime) -> None:
    """Stop the round. Nothing is lost: it can be taken up again. Raises ``RoundClosed``."""
    held = hold(round)
    if held.status == Round.Status.PUT_ASIDE:
        return
    if held.status == Round.Status.ACCEPTED:
        raise RoundClosed(f"{held} was accepted")
    held.status = Round.Status.PUT_ASIDE
    held.save(update_fields=["status"])
    job = open_job(held)
    if job:
        jobs.ask_to_stop(job=job, by=by, at=at)
    audit.record("round.put_aside", held, by=by, at=at)


@transaction.atomic
def take_up(*, round: Round, by: User, at: datetime) -> None:
    """Go on with a round that was put aside, where it stood."""
    held = hold(round)
    if held.status != Round.Status.PUT_ASIDE:
        return
    settle(held)
    audit.record("round.taken_up", held, by=by, at=at)


@transaction.atomic
def propose(*, search: Search, answer: Answer, by: User, at: datetime) -> Proposal | None:
    """Keep what a search found, once; None when the round was put aside or has it already."""
    held = hold(search.round)
    if held.status != Round.Status.SEARCHING:
        return None
    if Proposal.objects.filter(search=search, change=Proposal.Change.SEARCHED).exists():
        return None
    proposal = write_proposal(
        held=held,
        search=search,
        answer=answer,
        figures=figures_of(problem_of(search), answer),
        change=Proposal.Change.SEARCHED,
        based_on=held.version,
        about={},
        by=by,
        at=at,
    )
    settle(held)
    return proposal
