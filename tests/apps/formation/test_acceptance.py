from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from goround.apps.audit.chains import check
from goround.apps.audit.models import Event
from goround.apps.formation import changes, services
from goround.apps.formation.acceptance import (
    CannotAccept,
    Plan,
    accept_round,
    first_day,
    recurrence_of,
)
from goround.apps.formation.models import Round
from goround.apps.formation.versions import Overtaken, RoundClosed
from goround.apps.groups.models import Group, Invitation, Leadership, Membership
from goround.apps.groups.services import NameTaken
from goround.apps.jobs.work import run_next
from goround.apps.meetings.models import Meeting
from goround.apps.people.models import Referral
from goround.domain.calendar.recurrence import Rhythm
from goround.domain.matching.problem import Span
from tests.make import NOON, make_group, make_keep_apart, make_membership, make_parent
from tests.make_formation import Town, make_round, make_town, two_groups

pytestmark = pytest.mark.django_db

# A Wednesday; the groups meet on Mondays and Tuesdays.
STARTS = date(2026, 3, 4)
PLAN = Plan(STARTS, Rhythm.WEEKLY, {"g0001": "Blue", "g0002": "Green"}, count=5)


def make_proposed(**settings: object) -> tuple[Town, Round]:
    """Seven of eight parents in two groups, each with two facilitators."""
    town = make_town(parents=8)
    return town, make_round(town, *two_groups(town), **settings)


def accept(town: Town, made: Round, plan: Plan = PLAN, version: int = 1) -> list[Group]:
    return accept_round(round=made, version=version, plan=plan, by=town.coordinator, at=NOON)


def nothing_was_made() -> bool:
    rows = (Group, Membership, Leadership, Invitation, Meeting)
    placed = Referral.objects.filter(status=Referral.Status.PLACED)
    return not placed.exists() and not any(model._default_manager.exists() for model in rows)


def test_accepting_makes_groups_with_members_leaders_meetings_and_drafts():
    town, made = make_proposed()

    blue, green = accept(town, made)

    assert [blue.name, green.name] == ["Blue", "Green"]
    assert (blue.type, blue.language, blue.venue) == ("self-care", "en", town.venues[0])
    assert [m.parent for m in blue.memberships.order_by("pk")] == town.parents[:4]
    assert [m.alias for m in green.memberships.order_by("pk")] == [
        parent.alias for parent in town.parents[4:7]
    ]
    assert [lead.facilitator for lead in blue.leaderships.order_by("pk")] == town.facilitators[:2]
    assert Meeting.objects.filter(group=blue).count() == 5
    first = Meeting.objects.filter(group=blue).earliest("starts_at")
    assert town.organisation.local(first.starts_at) == datetime(
        2026, 3, 9, 18, 0, tzinfo=town.organisation.zone
    )
    drafts = Invitation.objects.filter(status=Invitation.Status.DRAFT)
    assert drafts.count() == 7
    made.refresh_from_db()
    assert (made.status, made.accepted_at) == (Round.Status.ACCEPTED, NOON)
    assert set(made.groups.all()) == {blue, green}


def test_accepting_marks_the_placed_and_leaves_the_others_waiting():
    town, made = make_proposed()

    accept(town, made)

    status = list(Referral.objects.order_by("pk").values_list("status", flat=True))
    assert status == ["placed"] * 7 + ["waiting"]


def test_accepting_twice_makes_the_groups_once():
    town, made = make_proposed()

    assert accept(town, made) == accept(town, made)

    assert Group.objects.count() == 2
    assert Event.objects.filter(kind="round.accepted").count() == 1
    assert Event.objects.filter(kind="referral.placed").count() == 7


def test_accepting_leaves_its_trail_for_every_row():
    town, made = make_proposed()

    accept(town, made)

    kinds = list(Event.objects.values_list("kind", flat=True))
    counted = {kind: kinds.count(kind) for kind in set(kinds)}
    assert {
        kind: counted[kind]
        for kind in ("group.created", "membership.begun", "lead.given", "invitation.drafted")
    } == {
        "group.created": 2,
        "membership.begun": 7,
        "lead.given": 4,
        "invitation.drafted": 7,
    }
    events = Event.objects.filter(kind="membership.begun")
    assert set(events.values_list("organisation_id", flat=True)) == {town.organisation.pk}
    assert {event.subject_id for event in events} == set(
        Membership.objects.values_list("pk", flat=True)
    )


def test_a_proposal_that_is_not_the_standing_one_is_not_accepted():
    town, made = make_proposed()

    with pytest.raises(Overtaken):
        accept(town, made, version=0)

    assert nothing_was_made()


def test_nothing_is_accepted_while_a_search_goes_on():
    town, made = make_proposed()
    services.start_search(
        round=made, settings=town.settings(), version=1, by=town.coordinator, at=NOON
    )

    with pytest.raises(RoundClosed):
        accept(town, made)

    assert nothing_was_made()


def test_an_undone_search_is_judged_by_the_choices_it_was_made_with():
    town, made = make_proposed()
    elsewhere = {"venues": (town.venues[1].pk,), "facilitators_each": 0}
    services.start_search(
        round=made, settings=town.settings(**elsewhere), version=1, by=town.coordinator, at=NOON
    )
    run_next("worker")
    made.refresh_from_db()
    changes.undo(round=made, version=2, by=town.coordinator, at=NOON)

    groups = accept(town, made, version=3)

    assert {group.venue for group in groups} == {town.venues[0]}
    assert all(group.leaderships.count() == 2 for group in groups)


def test_a_parent_withdrawn_since_is_named_and_nothing_is_made():
    town, made = make_proposed()
    Referral.objects.filter(pk=town.referrals[2].pk).update(
        status=Referral.Status.WITHDRAWN, ended_at=NOON
    )

    with pytest.raises(CannotAccept) as refused:
        accept(town, made)

    broken = refused.value.broken
    assert [(rule["code"], rule["who"]) for rule in broken] == [
        ("unknown-parent", list(town.ids(2)))
    ]
    assert nothing_was_made()


def test_a_room_taken_since_stops_the_acceptance():
    town, made = make_proposed()
    make_group(town.programme, venue=town.venues[0])

    with pytest.raises(CannotAccept) as refused:
        accept(town, made)

    assert [(rule["code"], rule["group"]) for rule in refused.value.broken] == [
        ("no-such-slot", "g0001")
    ]


def test_two_who_must_not_meet_since_stop_the_acceptance():
    town, made = make_proposed()
    make_keep_apart(town.parents[0], town.parents[1])

    with pytest.raises(CannotAccept) as refused:
        accept(town, made)

    assert [rule["rule"] for rule in refused.value.broken] == ["H10"]


def test_somebody_nearby_to_be_kept_apart_from_stops_the_acceptance():
    town, made = make_proposed()
    other = make_parent(town.organisation)
    nearby = make_group(town.programme, venue=town.venues[0], rrule="FREQ=WEEKLY;BYDAY=TU")
    # Tuesdays at noon: another room hour, the same day and place.
    nearby.first_at = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)
    nearby.save()
    make_membership(nearby, other)
    make_keep_apart(other, town.parents[5])

    with pytest.raises(CannotAccept) as refused:
        accept(town, made)

    # Told as an hour that does not suit, so that nobody learns of the other.
    assert [(rule["code"], rule["who"]) for rule in refused.value.broken] == [
        ("not-free", list(town.ids(5)))
    ]


def test_a_facilitator_gone_since_stops_the_acceptance():
    town, made = make_proposed()
    town.facilitators[0].in_service = False
    town.facilitators[0].save()

    with pytest.raises(CannotAccept) as refused:
        accept(town, made)

    assert {rule["rule"] for rule in refused.value.broken} == {"H11"}
    assert nothing_was_made()


def test_a_name_in_use_stops_the_acceptance_before_anything_is_made():
    town, made = make_proposed()
    make_group(town.programme, name="green", status="ended", ended_on=STARTS)
    groups = Group.objects.count()

    with pytest.raises(NameTaken):
        accept(town, made)

    assert Group.objects.count() == groups
    made.refresh_from_db()
    assert made.status == Round.Status.PROPOSED


def test_two_of_one_alias_are_told_apart_in_their_group():
    town, made = make_proposed()
    for parent in town.parents[:2]:
        parent.alias = "Ana"
        parent.save()

    blue, _ = accept(town, made)

    aliases = list(blue.memberships.order_by("pk").values_list("alias", flat=True))
    assert aliases[:2] == ["Ana", "Ana 2"]


@pytest.mark.parametrize("members", [3, 4])
def test_accepting_asks_no_more_for_more_parents(django_assert_max_num_queries, members):
    """Some twenty statements for each group, and none for its members; one stretch of the trail."""
    town = make_town(parents=8)
    groups = [replace(one, members=one.members[:members]) for one in two_groups(town)]
    made = make_round(town, *groups)

    with django_assert_max_num_queries(72):
        accept(town, made)

    assert Membership.objects.count() == sum(len(one.members) for one in groups)
    assert check(town.organisation.pk).broken is None


@pytest.mark.parametrize(
    ("slot", "starts_on", "first"),
    [
        ("wed 18:00-20:00", date(2026, 3, 4), date(2026, 3, 4)),
        ("tue 18:00-20:00", date(2026, 3, 4), date(2026, 3, 10)),
        ("sun 09:00-10:00", date(2026, 3, 4), date(2026, 3, 8)),
    ],
)
def test_the_first_meeting_is_the_first_of_its_weekday(slot: str, starts_on: date, first: date):
    assert first_day(Span.parse(slot), starts_on) == first


def test_a_series_is_no_longer_than_the_playbook_allows():
    plan = replace(PLAN, count=None, until=STARTS + timedelta(weeks=10))

    series = recurrence_of(
        Span.parse("mon 18:00-21:00"), plan, time_zone="America/Los_Angeles", longest=120
    )

    assert (series.minutes, series.until, series.count) == (120, plan.until, None)
