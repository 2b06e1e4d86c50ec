from datetime import timedelta

import pytest
from django.utils import timezone

from goround.apps.audit.models import Event
from goround.apps.formation import services
from goround.apps.formation.models import Proposal, Round, Search
from goround.apps.formation.search_work import search as search_handler
from goround.apps.formation.stored import problem_of
from goround.apps.jobs.models import Job
from goround.apps.jobs.services import claim_next
from goround.apps.jobs.work import Work, run_next
from goround.domain.matching.answer import from_json
from goround.domain.matching.rules import broken_rules
from tests.make import NOON, make_keep_apart, make_parent, make_referral
from tests.make_formation import make_round, make_town, search, two_groups

pytestmark = pytest.mark.django_db


def test_search_proposes_groups_that_break_no_rule():
    town = make_town(parents=8)
    made = make_round(town)

    proposal = search(town, made)

    assert proposal is not None
    answer = from_json(proposal.answer)
    assert broken_rules(problem_of(proposal.search), answer.groups) == []
    assert (proposal.version, proposal.placed, proposal.unplaced) == (1, 8, 0)
    assert (made.status, made.version) == (Round.Status.PROPOSED, 1)


def test_search_after_its_worker_was_killed_proposes_once():
    town = make_town()
    made = make_round(town)
    services.start_search(
        round=made, settings=town.settings(), version=0, by=town.coordinator, at=NOON
    )
    long_ago = timezone.now() - timedelta(minutes=5)
    killed = claim_next(worker="killed", at=long_ago)
    assert killed is not None

    first = run_next("second")
    search_handler(Work(killed, "killed"))

    assert first is not None
    assert first.status == Job.Status.DONE
    assert [p.version for p in Proposal.objects.filter(round=made)] == [1]


def test_search_asked_twice_is_one_search():
    town = make_town()
    made = make_round(town)

    jobs = [
        services.start_search(
            round=made, settings=town.settings(), version=0, by=town.coordinator, at=NOON
        )
        for _ in range(2)
    ]

    assert jobs[0] == jobs[1]
    assert Search.objects.filter(round=made).count() == 1


def test_stopping_a_running_search_keeps_the_best_so_far():
    town = make_town()
    made = make_round(town)
    services.start_search(
        round=made, settings=town.settings(), version=0, by=town.coordinator, at=NOON
    )
    job = claim_next(worker="test-worker", at=timezone.now())
    assert job is not None
    services.stop_search(round=made, by=town.coordinator, at=NOON)

    search_handler(Work(job, "test-worker"))

    made.refresh_from_db()
    assert (made.status, made.version) == (Round.Status.PROPOSED, 1)


def test_stopping_a_search_that_has_not_begun_leaves_the_round_as_it_was():
    town = make_town()
    made = make_round(town)
    services.start_search(
        round=made, settings=town.settings(), version=0, by=town.coordinator, at=NOON
    )

    services.stop_search(round=made, by=town.coordinator, at=NOON)

    made.refresh_from_db()
    assert (made.status, made.version) == (Round.Status.PREPARED, 0)
    assert run_next("test-worker") is None


def test_a_round_put_aside_while_searching_gets_no_proposal():
    town = make_town()
    made = make_round(town)
    services.start_search(
        round=made, settings=town.settings(), version=0, by=town.coordinator, at=NOON
    )
    job = claim_next(worker="test-worker", at=timezone.now())
    assert job is not None
    services.put_aside(round=made, by=town.coordinator, at=NOON)

    search_handler(Work(job, "test-worker"))

    made.refresh_from_db()
    assert (made.status, made.version) == (Round.Status.PUT_ASIDE, 0)


def test_searching_again_keeps_what_is_locked():
    town = make_town()
    first, second = two_groups(town)
    locked = type(first)(
        first.id,
        first.venue,
        first.slot,
        first.language,
        first.type,
        first.facilitators,
        first.members,
        locked=True,
    )
    made = make_round(town, locked, second)

    proposal = search(town, made)

    assert proposal is not None
    assert locked in from_json(proposal.answer).groups
    assert (proposal.version, proposal.search.start_version) == (2, 1)


def test_searching_again_forgets_a_parent_who_no_longer_waits():
    town = make_town()
    made = make_round(town, *two_groups(town))
    referral = town.referrals[0]
    referral.status, referral.ended_at = referral.Status.WITHDRAWN, NOON
    referral.save()

    proposal = search(town, made)

    assert proposal is not None
    answer = from_json(proposal.answer)
    known = {name for group in answer.groups for name in group.members}
    known |= {row.parent for row in answer.unplaced}
    assert known == {str(parent.pk) for parent in town.parents[1:]}


def test_a_search_without_anybody_says_so_and_can_be_repeated():
    town = make_town(parents=0)
    made = make_round(town)

    proposal = search(town, made)

    job = Job.objects.get(subject_id=made.pk)
    assert proposal is None
    assert job.status == Job.Status.FAILED
    assert job.failure == "Nobody waits whom these choices take in. Choose again who takes part."
    assert made.status == Round.Status.PREPARED


def test_those_who_said_too_little_are_named_and_take_no_part():
    town = make_town(parents=4)
    silent = make_parent(town.organisation, languages=())
    never = make_parent(town.organisation, available=())
    nowhere = make_parent(town.organisation, modes=("in-person",))
    for parent in (silent, never, nowhere):
        make_referral(parent, town.programme)
    made = make_round(town)

    proposal = search(town, made)

    assert proposal is not None
    assert proposal.search.left_out == [
        {"parent": str(silent.pk), "lacks": "languages"},
        {"parent": str(never.pk), "lacks": "hours"},
        {"parent": str(nowhere.pk), "lacks": "place"},
    ]
    assert proposal.placed + proposal.unplaced == 4


def test_two_who_must_not_meet_are_kept_apart():
    town = make_town(parents=8)
    make_keep_apart(town.parents[0], town.parents[1])
    made = make_round(town)

    proposal = search(town, made)

    assert proposal is not None
    one, other = town.ids(0, 1)
    answer = from_json(proposal.answer)
    homes = [answer.group_of(name) for name in (one, other)]
    days = [(home.venue, home.slot.day) if home else None for home in homes]
    assert days[0] != days[1] or days == [None, None]


def test_a_search_leaves_its_trail():
    town = make_town()
    made = make_round(town)

    search(town, made)

    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["round.created", "round.search_asked", "job.asked", "proposal.searched"]
