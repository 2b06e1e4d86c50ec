"""The search as background work: read the facts, search, keep what was found."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, replace

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goround.apps.formation import services
from goround.apps.formation.facts import gather
from goround.apps.formation.models import Proposal, Round, Search
from goround.apps.formation.settings import RoundSettings
from goround.apps.formation.stored import lock_problem, problem_of
from goround.apps.formation.versions import SEARCH_JOB, settle
from goround.apps.jobs.work import Work, WorkFailed, handles
from goround.domain.matching.answer import Answer, from_json
from goround.domain.matching.problem import Problem
from goround.domain.matching.search import Progress, solve

# Seconds between two looks at the job row: it shows progress and says whether to stop.
REPORT_EVERY = 0.5


@handles(SEARCH_JOB)
def search(work: Work) -> None:
    """Search for the round's latest request. Done twice, it proposes once."""
    asked = (
        Search.objects.filter(round=work.job.subject_id, round__status=Round.Status.SEARCHING)
        .exclude(proposals__change=Proposal.Change.SEARCHED)
        .select_related("round__programme__organisation", "by")
        .order_by("-number")
        .first()
    )
    if asked is None:
        return
    problem = _facts(asked)
    if not problem.parents or not problem.venues:
        settle(asked.round)
        raise WorkFailed(_nobody_or_nowhere(problem))
    answer = solve(
        problem,
        seconds=asked.seconds,
        seed=asked.seed,
        start=_start(asked, problem),
        progress=_report_to(work),
        iterations=asked.settings["iterations"],
    )
    services.propose(search=asked, answer=answer, by=asked.by, at=timezone.now())


def _facts(asked: Search) -> Problem:
    """As they are when the search begins; a search taken up again keeps those it began with."""
    if not asked.locked_problem:
        settings = RoundSettings.from_json(asked.settings)
        facts = gather(asked.by, asked.round.programme, settings, at=asked.at)
        asked.locked_problem = lock_problem(facts.problem, asked)
        asked.left_out = [asdict(parent) for parent in facts.left_out]
        asked.save(update_fields=["locked_problem", "left_out"])
    return problem_of(asked)


def _start(asked: Search, problem: Problem) -> Answer | None:
    """The proposal it sets out from, less whoever and whatever is no longer there."""
    earlier = Proposal.objects.filter(round=asked.round_id, version=asked.start_version).first()
    if earlier is None:
        return None
    return still_there(from_json(earlier.answer), problem)


def still_there(answer: Answer, problem: Problem) -> Answer:
    """The answer with only such groups and people as the problem knows."""
    venues = {venue.id for venue in problem.venues}
    parents = {parent.id for parent in problem.parents}
    leaders = {facilitator.id for facilitator in problem.facilitators}
    groups = [
        replace(
            group,
            members=tuple(name for name in group.members if name in parents),
            facilitators=tuple(name for name in group.facilitators if name in leaders),
        )
        for group in answer.groups
        if group.venue in venues
    ]
    return replace(
        answer,
        groups=tuple(group for group in groups if group.members),
        unplaced=tuple(row for row in answer.unplaced if row.parent in parents),
        locked_members=answer.locked_members & parents,
    )


def _report_to(work: Work) -> Callable[[Progress], bool]:
    last = float("-inf")

    def report(progress: Progress) -> bool:
        nonlocal last
        now = time.monotonic()
        if now - last < REPORT_EVERY:
            return True
        last = now
        return work.report(
            progress.placed,
            progress.total,
            cost=progress.cost,
            seconds=progress.seconds,
            phase=progress.phase,
            bound=progress.bound,
        )

    return report


def _nobody_or_nowhere(problem: Problem) -> str:
    if not problem.parents:
        return str(_("Nobody waits whom these choices take in. Choose again who takes part."))
    return str(_("None of the chosen venues has a free hour. Choose other venues."))
