"""Advice on a round: asked for once, worked out by a worker, kept, stopped, and no group moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from goround.apps.audit.models import Event
from goround.apps.formation import services
from goround.apps.formation.advice_work import work_out_advice
from goround.apps.formation.advising import ask_for_advice, stop_advice
from goround.apps.formation.models import Advice, Proposal, Round
from goround.apps.formation.selectors import advice_job, latest_advice
from goround.apps.formation.versions import Overtaken, RoundClosed
from goround.apps.jobs.models import Job
from goround.apps.jobs.services import claim_next
from goround.apps.jobs.work import Work, run_next
from goround.domain.matching.advice import from_json
from goround.domain.matching.ideas import Idea
from goround.domain.matching.problem import Span
from tests.make import NOON
from tests.make_formation import Town, make_formed, make_round, make_town

pytestmark = pytest.mark.django_db

WEDNESDAY = "wed 18:00-20:00"


def make_case() -> tuple[Town, Round]:
    """Four parents have a group on Mondays; four are free only on Wednesdays, when all is shut."""
    town = make_town(parents=8)
    for parent in town.parents[4:]:
        parent.available = ["wed 17:00-21:00"]
        parent.save()
    for leader in town.facilitators:
        leader.available = [*leader.available, "wed 17:00-21:00"]
        leader.save()
    return town, make_round(town, make_formed(town, "g0001", range(4)))


def ask(town: Town, made: Round, version: int = 1) -> Job:
    return ask_for_advice(round=made, version=version, by=town.coordinator, at=NOON)


def test_advice_says_which_hour_would_place_the_parents():
    town, made = make_case()
    ask(town, made)

    job = run_next("worker")

    advice = latest_advice(town.coordinator, made)
    assert advice is not None
    assert job is not None
    assert job.status == Job.Status.DONE
    best = from_json(advice.found or {}).helpful[0]
    halls = {str(venue.pk) for venue in town.venues}
    slot = Span.parse(WEDNESDAY)
    assert best.placed == 4
    assert best.idea in {
        Idea("hour", hall, replace(slot, start=at, end=at + 120))
        for hall in halls
        for at in (17 * 60, 18 * 60)
    }
    assert advice_job(town.coordinator, advice, made.organisation) == job


def test_advice_leaves_the_round_as_it_was_and_is_in_the_trail():
    town, made = make_case()
    before = Proposal.objects.get(round=made).answer
    trail = Event.objects.count()
    ask(town, made)

    run_next("worker")

    made.refresh_from_db()
    assert (made.version, made.status) == (1, Round.Status.PROPOSED)
    assert Proposal.objects.get(round=made).answer == before
    kinds = [event.kind for event in Event.objects.order_by("pk")[trail:]]
    assert kinds == ["advice.asked", "job.asked", "advice.found"]
    assert {event.by_id for event in Event.objects.order_by("pk")[trail:]} == {town.coordinator.pk}


def test_asked_twice_it_is_worked_out_once():
    town, made = make_case()

    first, second = ask(town, made), ask(town, made)

    assert first == second
    assert Advice.objects.count() == 1


def test_asked_again_later_it_is_worked_out_anew():
    town, made = make_case()
    ask(town, made)
    run_next("worker")

    ask(town, made)

    assert Advice.objects.get().found is None
    run_next("worker")
    assert Advice.objects.get().found is not None


def test_a_killed_worker_leaves_it_to_the_next_and_it_is_kept_once():
    town, made = make_case()
    ask(town, made)
    killed = claim_next(worker="killed", at=timezone.now() - timedelta(minutes=5))
    assert killed is not None

    run_next("second")
    work_out_advice(Work(killed, "killed"))

    assert Event.objects.filter(kind="advice.found").count() == 1


def test_stopped_before_anything_was_tried_nothing_is_kept():
    town, made = make_case()
    ask(town, made)
    job = claim_next(worker="worker", at=timezone.now())
    assert job is not None
    stop_advice(round=made, by=town.coordinator, at=NOON)

    work_out_advice(Work(job, "worker"))

    assert Advice.objects.get().found is None


def test_stopping_what_waits_ends_it_at_once():
    town, made = make_case()
    job = ask(town, made)

    stop_advice(round=made, by=town.coordinator, at=NOON)
    stop_advice(round=made, by=town.coordinator, at=NOON)

    job.refresh_from_db()
    assert job.status == Job.Status.CANCELLED


def test_advice_is_refused_on_a_version_that_does_not_stand():
    town, made = make_case()

    with pytest.raises(Overtaken):
        ask(town, made, version=0)

    assert not Advice.objects.exists()


def test_advice_is_refused_once_the_round_was_put_aside():
    town, made = make_case()
    services.put_aside(round=made, by=town.coordinator, at=NOON)

    with pytest.raises(RoundClosed):
        ask(town, made)


def test_a_stranger_sees_no_advice():
    town, made = make_case()
    ask(town, made)

    assert latest_advice(make_town(parents=0).coordinator, made) is None
