"""Advice as background work: try each idea, keep what was found."""

from __future__ import annotations

import time

from django.utils import timezone

from goround.apps.formation.advising import keep_advice
from goround.apps.formation.models import Advice
from goround.apps.formation.search_work import REPORT_EVERY
from goround.apps.formation.stored import problem_of
from goround.apps.formation.versions import ADVICE_JOB
from goround.apps.jobs.work import Work, handles
from goround.domain.matching.advice import Tell, advise
from goround.domain.matching.answer import from_json


@handles(ADVICE_JOB)
def work_out_advice(work: Work) -> None:
    """Try ideas for the proposal. Done twice, it is kept once; stopped, what was tried is."""
    asked = (
        Advice.objects.filter(proposal=work.job.subject_id, found__isnull=True)
        .select_related("proposal__search", "proposal__round", "by")
        .first()
    )
    if asked is None:
        return
    found = advise(
        problem_of(asked.proposal.search),
        from_json(asked.proposal.answer),
        seed=asked.seed,
        iterations=asked.iterations,
        progress=_tell(work),
    )
    if found.tried or not work.stopped:
        keep_advice(advice=asked, found=found, by=asked.by, at=timezone.now())


def _tell(work: Work) -> Tell:
    last = float("-inf")

    def tell(done: int, total: int) -> bool:
        nonlocal last
        now = time.monotonic()
        if now - last < REPORT_EVERY:
            return True
        last = now
        return work.report(done, total)

    return tell
