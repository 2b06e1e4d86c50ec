"""How an app offers long work to the worker, and how the worker carries it out."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goround.apps.jobs import services
from goround.apps.jobs.models import Job
from goround.apps.walls.places import looking_for_work, working_for

log = logging.getLogger("goround.jobs")


class WorkFailed(Exception):
    """The work cannot be done; the text tells the person who asked, in their words."""


@dataclass
class Work:
    """A job in hand. ``report`` often: it renews the lease and says whether to go on."""

    job: Job
    worker: str
    stopped: bool = field(default=False, init=False)

    def report(self, done: int, total: int, **progress: object) -> bool:
        """Show progress; False when the work should stop where it is and be left in order."""
        go_on = services.keep(
            job=self.job,
            worker=self.worker,
            at=timezone.now(),
            done=done,
            total=total,
            progress=progress,
        )
        self.stopped = self.stopped or not go_on
        return go_on


Handler = Callable[[Work], None]
_handlers: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register a handler for jobs of this kind. It must be safe to run twice."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def run_next(worker: str) -> Job | None:
    """Carry out the oldest waiting job, if there is one, and return it ended."""
    with looking_for_work():
        job = services.claim_next(worker=worker, at=timezone.now())
        places = job.places() if job else []
    if job is None:
        return None
    work = Work(job, worker)
    with working_for(*places):
        status, failure = _carry_out(work)
        services.end(job=job, worker=worker, at=timezone.now(), status=status, failure=failure)
        job.refresh_from_db()
    return job


def _carry_out(work: Work) -> tuple[Job.Status, str]:
    job = work.job
    if job.attempts > services.MOST_ATTEMPTS:
        return Job.Status.FAILED, str(_("This was tried three times and did not finish."))
    try:
        _handlers[job.kind](work)
    except WorkFailed as why:
        return Job.Status.FAILED, str(why)
    except OperationalError:
        # The database is away or busy: the job goes to whoever comes after its lease.
        raise
    except Exception as error:
        # The type only: a message may carry what a parent wrote.
        log.error("%s failed with %s", job, type(error).__name__)
        return Job.Status.FAILED, str(
            _("Something went wrong on our side. What was saved before is kept.")
        )
    return (Job.Status.CANCELLED if work.stopped else Job.Status.DONE), ""
