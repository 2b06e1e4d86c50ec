"""Drafts and releases made by the worker: what a page shows meanwhile, and what a kill costs."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models.signals import post_save

from goround.apps.accounts.models import User
from goround.apps.audit.models import Event
from goround.apps.jobs.models import Job
from goround.apps.jobs.work import run_next
from goround.apps.organisations.models import Network, Organisation, RoleAssignment
from goround.apps.people.models import Parent
from goround.apps.people.opening import keep_details
from goround.apps.releases import services
from goround.apps.releases.catalogue import COSTS, FEDERAL, OUTCOMES, SNAPSHOT
from goround.apps.releases.models import Draft, Release
from goround.apps.releases.selectors import work_on
from goround.domain.disclosure import Span
from tests.make import (
    NOON,
    make_coordinator,
    make_membership,
    make_network,
    make_organisation,
    make_user,
)
from tests.make_costs import make_currency, make_line
from tests.make_months import la, make_held, make_officer
from tests.make_outcomes import make_answered
from tests.make_releases import YEAR, make_year
from tests.wall import as_the_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def host() -> Organisation:
    host = make_organisation()
    make_year(host, men=12, women=31)
    make_currency(host)
    return host


@pytest.fixture
def officer(host: Organisation) -> User:
    return make_officer(host.network)


def ask(network: Network, by: User) -> Draft:
    return services.ask_for_draft(network=network, table=SNAPSHOT, span=YEAR, by=by, at=NOON)


def carry_out() -> Job:
    with as_the_program():
        job = run_next("worker")
    assert job is not None
    return job


def made(network: Network, by: User) -> Draft:
    draft = ask(network, by)
    assert carry_out().status == Job.Status.DONE
    draft.refresh_from_db()
    return draft


def kill(job: Job) -> None:
    """As if its worker had died before it could say that it was done."""
    Job.objects.filter(pk=job.pk).update(
        status=Job.Status.RUNNING, leased_until=NOON, ended_at=None
    )


@pytest.mark.parametrize(
    ("table", "span"),
    [(SNAPSHOT, YEAR), (FEDERAL, Span.of(2019, 10, 12)), (COSTS, YEAR), (OUTCOMES, YEAR)],
)
def test_draft_of_the_worker_says_what_one_made_at_once_says(host, officer, table, span):
    keep_details(
        [
            parent.telling(children_ages=(2.0,), ages_on=date(2020, 1, 1))
            for parent in Parent.objects.order_by("pk")
        ]
    )
    make_line(host.group_set.get(), 600_00, spent_on=date(2020, 3, 3))
    make_answered(host, better=12, worse=11, on=(date(2020, 1, 10), date(2020, 6, 10)))
    draft = services.ask_for_draft(
        network=host.network, table=table, span=span, by=officer, at=NOON
    )
    assert carry_out().status == Job.Status.DONE
    draft.refresh_from_db()
    figures = draft.figures

    at_once = services.make_draft(network=host.network, table=table, span=span, by=None, at=NOON)

    assert (at_once.pk, at_once.figures) == (draft.pk, figures)
    assert any(shown for *_place, shown, _stands in figures)


def test_draft_says_nothing_until_it_is_made_and_anew_when_asked_again(host, officer):
    draft = made(host.network, officer)

    again = ask(host.network, officer)

    assert (again.pk, again.made_at, again.figures) == (draft.pk, None, [])
    assert Job.objects.filter(status=Job.Status.QUEUED).count() == 1


def test_release_of_the_worker_is_found_by_what_was_asked(host, officer):
    draft = made(host.network, officer)

    for _ in range(2):
        services.ask_to_publish(draft=draft, by=officer, at=NOON)
    carry_out()

    job = work_on(officer, host.network, draft.pk)
    assert job is not None
    assert (job.status, job.progress["number"]) == (Job.Status.DONE, 1)
    assert not Draft.objects.exists()
    assert run_next("worker") is None


def test_worker_killed_after_releasing_does_not_release_twice(host, officer):
    draft = made(host.network, officer)
    services.ask_to_publish(draft=draft, by=officer, at=NOON)
    kill(carry_out())

    job = carry_out()

    assert (job.attempts, job.progress["number"]) == (2, 1)
    assert (
        Release.objects.count()
        == Event.objects.filter(kind="release.published", organisation_id=None).count()
    )
    assert Release.objects.count() == 1


def test_worker_that_lost_its_job_releases_nothing(host, officer):
    draft = made(host.network, officer)
    services.ask_to_publish(draft=draft, by=officer, at=NOON)

    def goes_to_another(**_):
        Job.objects.filter(status=Job.Status.RUNNING).update(worker="another")

    post_save.connect(goes_to_another, sender=Release)
    try:
        carry_out()
    finally:
        post_save.disconnect(goes_to_another, sender=Release)

    assert not Release.objects.exists()
    assert Draft.objects.get() == draft


def test_figures_that_moved_meanwhile_are_looked_at_again(host, officer):
    draft = made(host.network, officer)
    group = host.group_set.get()
    make_held(group, la(2020, 3, 10), [make_membership(group) for _ in range(20)])

    services.ask_to_publish(draft=draft, by=officer, at=NOON)
    carry_out()

    again = Draft.objects.get()
    assert (again.pk, again.moved) == (draft.pk, True)
    assert again.figures != draft.figures
    assert not Release.objects.exists()


def test_draft_that_is_being_released_is_not_made_anew(host, officer):
    draft = made(host.network, officer)
    services.ask_to_publish(draft=draft, by=officer, at=NOON)

    again = ask(host.network, officer)

    assert again.made_at == draft.made_at
    assert Job.objects.filter(kind=services.MAKE_DRAFT).count() == 1


def test_draft_put_aside_while_it_waits_stays_away(host, officer):
    draft = ask(host.network, officer)
    services.put_draft_aside(draft=draft, by=officer, at=NOON)

    assert carry_out().status == Job.Status.DONE
    assert not Draft.objects.exists()


def test_draft_without_figures_cannot_be_released(host, officer):
    with pytest.raises(services.FiguresMoved):
        services.ask_to_publish(draft=ask(host.network, officer), by=officer, at=NOON)


def test_whoever_left_the_office_has_nothing_released(host, officer):
    draft = made(host.network, officer)
    services.ask_to_publish(draft=draft, by=officer, at=NOON)
    RoleAssignment.objects.filter(user=officer).delete()

    job = carry_out()

    assert (job.status, job.failure) == (
        Job.Status.FAILED,
        "You no longer make releases here.",
    )
    assert not Release.objects.exists()


def test_stranger_and_other_office_find_no_work_on_a_draft(host, officer):
    draft = ask(host.network, officer)

    for viewer in (make_user(), make_coordinator(host), make_officer(make_network())):
        assert work_on(viewer, host.network, draft.pk) is None
    assert work_on(officer, host.network, draft.pk) is not None
    assert work_on(officer, make_network(), draft.pk) is None


@pytest.mark.parametrize("both", [True, False])
def test_database_refuses_a_job_of_both_or_of_neither(host, officer, both):
    places = {"organisation": host, "network": host.network} if both else {}

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(**places, kind="k", subject_id=1, asked_by=officer, asked_at=NOON)
