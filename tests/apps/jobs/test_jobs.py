"""Long work in the background: who holds it, what is shown, how it stops."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError
from django.utils import timezone

from goround.apps.audit.models import Event
from goround.apps.jobs import services
from goround.apps.jobs.models import Job
from goround.apps.jobs.selectors import jobs_for, latest_job
from goround.apps.jobs.services import LEASE, ask_for, ask_to_stop, claim_next, end, keep
from goround.apps.jobs.work import Work, WorkFailed, _handlers, handles, run_next
from tests.make import NOON, make_coordinator, make_organisation

pytestmark = pytest.mark.django_db

KIND = "tests.count_to_three"


@pytest.fixture
def organisation():
    return make_organisation()


@pytest.fixture
def ana(organisation):
    return make_coordinator(organisation)


@pytest.fixture
def job(organisation, ana):
    return ask(organisation, ana)


@pytest.fixture
def handler():
    """Registers a handler for ``KIND`` and forgets it after the test."""
    yield handles(KIND)
    _handlers.pop(KIND, None)


def ask(organisation, by, *, subject_id=1, at=NOON):
    return ask_for(kind=KIND, subject_id=subject_id, organisation=organisation, by=by, at=at)


def test_ask_for_the_same_again_gives_the_open_job(organisation, ana, job):
    assert ask(organisation, ana) == job
    assert [event.kind for event in Event.objects.all()] == ["job.asked"]
    assert Event.objects.get().facts == {"job_kind": KIND, "about": 1}


def test_ask_for_work_that_ended_begins_anew(organisation, ana, job):
    claim_next(worker="one", at=NOON)
    end(job=job, worker="one", at=NOON, status=Job.Status.DONE)

    assert ask(organisation, ana).pk != job.pk


def test_database_refuses_two_open_jobs_about_one_row(organisation, ana, job):
    with pytest.raises(IntegrityError):
        Job.objects.create(
            organisation=organisation, kind=KIND, subject_id=1, asked_by=ana, asked_at=NOON
        )


def test_claim_takes_the_oldest_and_leaves_what_is_held(organisation, ana):
    second = ask(organisation, ana, subject_id=2, at=NOON)
    first = ask(organisation, ana, subject_id=1, at=NOON - timedelta(minutes=1))

    claimed = [claim_next(worker=name, at=NOON) for name in ("one", "two", "three")]

    assert claimed == [first, second, None]
    assert (claimed[0].worker, claimed[0].leased_until) == ("one", NOON + LEASE)


def test_a_lapsed_lease_hands_the_job_to_another(job):
    claim_next(worker="one", at=NOON)
    later = NOON + LEASE

    assert claim_next(worker="two", at=later - timedelta(seconds=1)) is None
    taken = claim_next(worker="two", at=later)

    assert (taken, taken.worker, taken.attempts) == (job, "two", 2)
    assert not keep(job=job, worker="one", at=later, done=1, total=3, progress={})
    assert not end(job=job, worker="one", at=later, status=Job.Status.DONE)
    job.refresh_from_db()
    assert (job.status, job.done) == ("running", 0)


def test_reporting_keeps_the_lease(job):
    claim_next(worker="one", at=NOON)
    later = NOON + LEASE - timedelta(seconds=1)

    assert keep(job=job, worker="one", at=later, done=2, total=3, progress={"placed": 7})

    assert claim_next(worker="two", at=NOON + LEASE) is None
    job.refresh_from_db()
    assert (job.done, job.total, job.progress) == (2, 3, {"placed": 7})


def test_a_job_left_four_times_is_given_up(job, handler):
    handler(lambda work: None)
    for attempt in range(services.MOST_ATTEMPTS):
        claim_next(worker="one", at=NOON + attempt * LEASE)

    ended = run_next("two")

    assert (ended.status, ended.failure) == (
        "failed",
        "This was tried three times and did not finish.",
    )


def test_run_next_carries_out_and_shows_progress(job, handler):
    seen = []

    def count(work: Work) -> None:
        for number in range(1, 4):
            assert work.report(number, 3)
            seen.append(Job.objects.get(pk=job.pk).done)

    handler(count)

    ended = run_next("one")

    assert (ended.status, ended.done, ended.total, ended.leased_until) == ("done", 3, 3, None)
    assert (seen, run_next("one")) == ([1, 2, 3], None)


def test_a_queued_job_stops_at_once(job, ana):
    ask_to_stop(job=job, by=ana, at=NOON)

    assert (job.status, job.ended_at, run_next("one")) == ("cancelled", NOON, None)
    assert list(Event.objects.values_list("kind", flat=True)) == ["job.asked", "job.stop_asked"]


def test_a_running_job_stops_at_its_next_report(job, ana, handler):
    reports = []

    def count(work: Work) -> None:
        ask_to_stop(job=job, by=ana, at=NOON)
        reports.append(work.report(1, 3))

    handler(count)

    ended = run_next("one")

    assert (ended.status, ended.done, reports) == ("cancelled", 1, [False])


def test_a_job_of_a_dead_worker_stops_when_it_is_taken_up(job, ana, handler):
    claim_next(worker="dead", at=timezone.now() - 2 * LEASE)
    ask_to_stop(job=job, by=ana, at=NOON)
    handler(lambda work: work.report(0, 3) and pytest.fail("went on"))

    assert run_next("one").status == "cancelled"


def test_work_that_cannot_be_done_says_why(job, handler):
    def fail(work: Work) -> None:
        raise WorkFailed("The list has no rows.")

    handler(fail)

    ended = run_next("one")

    assert (ended.status, ended.failure) == ("failed", "The list has no rows.")


def test_work_that_breaks_tells_nobody_what_was_in_it(job, handler, caplog):
    def fail(work: Work) -> None:
        raise ValueError("María, 91331")

    handler(fail)
    # The house keeps its own loggers from the root's handlers.
    logging.getLogger("goround.jobs").addHandler(caplog.handler)

    ended = run_next("one")

    assert ended.status == "failed"
    assert "ValueError" in caplog.text
    assert "María" not in caplog.text + ended.failure
    assert "91331" not in caplog.text + ended.failure


def test_work_nobody_handles_fails_instead_of_staying(organisation, ana):
    ask_for(kind="tests.unknown", subject_id=1, organisation=organisation, by=ana, at=NOON)

    assert run_next("one").status == "failed"


def test_a_database_that_is_away_leaves_the_job_to_its_lease(job, handler):
    def fail(work: Work) -> None:
        raise OperationalError("database is locked")

    handler(fail)

    with pytest.raises(OperationalError):
        run_next("one")

    job.refresh_from_db()
    assert (job.status, job.worker, job.is_free(at=timezone.now())) == ("running", "one", False)
    assert job.is_free(at=timezone.now() + LEASE)


def test_jobs_are_absent_for_a_stranger(organisation, ana, job):
    stranger = make_coordinator(make_organisation())

    assert list(jobs_for(ana, organisation)) == [job]
    assert list(jobs_for(stranger, organisation)) == []
    assert latest_job(ana, organisation, kinds=[KIND], subject_id=1) == job
    assert latest_job(ana, organisation, kinds=["other"], subject_id=1) is None
    assert latest_job(stranger, organisation, kinds=[KIND], subject_id=1) is None
