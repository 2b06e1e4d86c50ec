"""A round's life up to its proposal: made, searched, put aside, taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.formation.figures import Figures, effect_of, figures_of
from goround.apps.formation.models import Proposal, Round, Search
from goround.apps.formation.settings import RoundSettings
from goround.apps.formation.stored import problem_from_json
from goround.apps.jobs import services as jobs
from goround.apps.jobs.models import Job
from goround.apps.organisations.models import Programme
from goround.domain.matching.answer import Answer, to_json

SEARCH_JOB = "formation.search"
OPEN_JOB = (Job.Status.QUEUED, Job.Status.RUNNING)


class RoundClosed(Exception):
    """The round was accepted or put aside, or a search is going on: it cannot change now."""


class Overtaken(Exception):
    """The round changed after the page was shown. ``since`` holds the newer proposals."""

    def __init__(self, since: list[Proposal]) -> None:
        super().__init__(f"{len(since)} newer proposals")
        self.since = since


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
    is the standing one.
    """
    held = hold(round)
    job = open_job(held)
    if job:
        return job
    _only_if_open(held)
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


def settle(held: Round) -> None:
    """Give a round without a search under way the status that its proposals say."""
    held.status = Round.Status.PROPOSED if held.version else Round.Status.PREPARED
    held.save(update_fields=["status"])


@transaction.atomic
def propose(*, search: Search, answer: Answer, at: datetime) -> Proposal | None:
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
        figures=figures_of(problem_from_json(search.problem), answer),
        change=Proposal.Change.SEARCHED,
        based_on=held.version,
        about={},
        by=search.by,
        at=at,
    )
    settle(held)
    return proposal


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


def hold(round: Round) -> Round:
    """The round read afresh and locked to the end of the transaction: one writer at a time.

    A search that failed for good leaves its round to be worked on again.
    """
    held = (
        Round.objects.select_for_update(of=("self",))
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


def _only_if_open(held: Round) -> None:
    if held.status in {Round.Status.ACCEPTED, Round.Status.PUT_ASIDE}:
        raise RoundClosed(f"{held} is {held.status}")
