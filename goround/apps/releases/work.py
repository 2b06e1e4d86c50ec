"""Drafts and releases, as jobs for the worker: their audit may take longer than a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goround.apps.jobs.work import Work, WorkFailed, handles
from goround.apps.organisations.selectors import networks_for
from goround.apps.releases.models import Draft
from goround.apps.releases.services import (
    MAKE_DRAFT,
    PUBLISH,
    enter,
    work_on_draft,
)
from goround.apps.releases.working_out import FiguresMoved, as_looked_at
from goround.apps.walls.places import asking_as
from goround.domain.disclosure import NotReleasable, Progress

TELL_EVERY = timedelta(seconds=1)


class Stopped(Exception):
    """The job was cancelled, or another worker has it now."""


@handles(MAKE_DRAFT)
def make(work: Work) -> None:
    """Put aside or made meanwhile, there is nothing to do."""
    draft = _draft_of(work)
    if draft is None or draft.made_at is not None:
        return
    try:
        work_on_draft(draft=draft, by=work.job.asked_by, at=timezone.now(), watch=_Telling(work))
    except Stopped:
        return


@handles(PUBLISH)
def publish(work: Work) -> None:
    """What can no longer be released as it was looked at becomes a draft to look at again.

    The release and its number in the job come in one transaction: whoever takes the job up after
    a worker died finds no draft, and the page finds the release.
    """
    draft, by = _draft_of(work), work.job.asked_by
    if draft is None:
        return
    telling = _Telling(work)
    try:
        found = as_looked_at(draft, at=timezone.now(), watch=telling)
        with transaction.atomic():
            release = enter(draft=draft, worked_out=found, by=by, at=timezone.now())
            if not work.report(1, 1, number=release.number):
                raise Stopped
    except (FiguresMoved, NotReleasable):
        work_on_draft(draft=draft, by=by, at=timezone.now(), watch=telling, moved=True)
    except Stopped:
        return


def _draft_of(work: Work) -> Draft | None:
    """The draft, for somebody who still works in its network's office."""
    by, draft = work.job.asked_by, Draft.objects.filter(pk=work.job.subject_id).first()
    if draft is None:
        return None
    with asking_as(by.pk):
        allowed = networks_for(by).filter(pk=draft.network_id).exists()
    if not allowed:
        raise WorkFailed(_("You no longer make releases here."))
    return draft


@dataclass
class _Telling:
    """Says on the page how far the audit is, and that the worker is alive; not at every step."""

    work: Work
    told_at: datetime | None = None

    def __call__(self, progress: Progress) -> None:
        at = timezone.now()
        if self.told_at is not None and at - self.told_at < TELL_EVERY:
            return
        self.told_at = at
        if not self.work.report(
            progress.tried, progress.to_try, solved=progress.solved, hidden=progress.hidden
        ):
            raise Stopped
