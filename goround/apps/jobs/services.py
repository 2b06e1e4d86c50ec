from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.jobs.models import Job
from goround.apps.organisations.models import Network, Organisation

LEASE = timedelta(seconds=45)
MOST_ATTEMPTS = 3


@transaction.atomic
def ask_for(
    *,
    kind: str,
    subject_id: int,
    organisation: Organisation | None = None,
    network: Network | None = None,
    by: User,
    at: datetime,
) -> Job:
    """Queue long work of an organisation or of a network.

    Returns the job already open for the same subject, if there is one.
    """
    open_job = Job.objects.filter(
        kind=kind, subject_id=subject_id, status__in=[Job.Status.QUEUED, Job.Status.RUNNING]
    ).first()
    if open_job:
        return open_job
    job = Job.objects.create(
        organisation=organisation,
        network=network,
        kind=kind,
        subject_id=subject_id,
        asked_by=by,
        asked_at=at,
    )
    audit.record("job.asked", job, by=by, at=at, job_kind=kind, about=subject_id)
    return job


@transaction.atomic
def ask_to_stop(*, job: Job, by: User, at: datetime) -> None:
    """Ask a job to stop. A queued one ends at once, a running one at its next report."""
    Job.objects.filter(pk=job.pk, status=Job.Status.QUEUED).update(
        status=Job.Status.CANCELLED, ended_at=at
    )
    Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING).update(cancel_asked=True)
    job.refresh_from_db()
    audit.record("job.stop_asked", job, by=by, at=at)


# What follows is the worker's own bookkeeping. It acts for whoever asked for the job, whose
# asking is in the trail, and leaves no entries of its own.


def claim_next(*, worker: str, at: datetime) -> Job | None:
    """Lease the oldest free job to ``worker``, or None when there is nothing to do.

    The update is conditional, so two workers never hold the same job.
    """
    free = Q(status=Job.Status.QUEUED) | Q(status=Job.Status.RUNNING, leased_until__lte=at)
    for job in Job.objects.filter(free).order_by("asked_at", "pk")[:5]:
        taken = Job.objects.filter(free, pk=job.pk).update(
            status=Job.Status.RUNNING,
            worker=worker,
            leased_until=at + LEASE,
            attempts=F("attempts") + 1,
        )
        if taken:
            job.refresh_from_db()
            return job
    return None


def keep(
    *, job: Job, worker: str, at: datetime, done: int, total: int, progress: dict[str, object]
) -> bool:
    """Renew the lease and show progress; False when the job was cancelled or lost."""
    mine = Job.objects.filter(pk=job.pk, worker=worker, status=Job.Status.RUNNING)
    kept = mine.update(leased_until=at + LEASE, done=done, total=total, progress=progress)
    return bool(kept) and not mine.filter(cancel_asked=True).exists()


def end(*, job: Job, worker: str, at: datetime, status: Job.Status, failure: str = "") -> bool:
    """Close a job this worker still holds; False when the lease went to another."""
    mine = Job.objects.filter(pk=job.pk, worker=worker, status=Job.Status.RUNNING)
    return bool(mine.update(status=status, ended_at=at, leased_until=None, failure=failure[:300]))
