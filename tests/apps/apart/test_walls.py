"""Every way of bringing people together asks, and refuses like a full group."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from goround.apps.apart.asking import may_be_near, may_meet, pairs_of
from goround.apps.apart.models import KeepApart
from goround.apps.apart.selectors import kept_for, kept_one, people_called, told_of
from goround.apps.apart.services import NotOfThisOrganisation, Told, close, record
from goround.apps.audit.models import Event
from goround.apps.formation.acceptance import CannotAccept
from goround.apps.groups.company import PlaceTaken
from goround.apps.groups.models import Leadership
from goround.apps.groups.selectors import meeting_now
from goround.apps.groups.services import (
    CannotLead,
    NoPlace,
    add_member,
    change_group,
    give_lead,
)
from goround.apps.keys.sealing import open_with
from goround.apps.meetings.nearby import NotOnThisList
from goround.apps.meetings.services import (
    cancel_meeting,
    move_meeting,
    record_attendance,
    reschedule,
    restore_meeting,
)
from goround.domain.privacy.apart import Pair, Scope
from tests.apps.formation.test_acceptance import accept
from tests.make import (
    NOON,
    TODAY,
    make_coordinator,
    make_facilitator,
    make_keep_apart,
    make_meeting,
    make_membership,
    make_organisation,
    make_parent,
    make_programme,
    make_user,
    make_venue,
)
from tests.make_formation import make_round, make_town, two_groups
from tests.make_groups import begin_group, make_rule
from tests.make_safeguarding import make_lead, make_lead_with_key

pytestmark = pytest.mark.django_db

TUESDAY = make_rule("2026-03-10 18:00")


class Place:
    """A hall where one of the two has a group on Mondays; the other belongs elsewhere."""

    def __init__(self, scope: Scope = Scope.PLACE, rooms: int = 3) -> None:
        self.programme = make_programme()
        self.host = self.programme.organisation
        self.hall = make_venue(self.host, rooms=rooms)
        self.rosa = make_coordinator(self.host)
        self.one, self.other = make_parent(self.host), make_parent(self.host)
        self.mondays = self.begin("Mondays", venue=self.hall)
        make_membership(self.mondays, self.one)
        self.kept = make_keep_apart(self.one, self.other, scope)

    def begin(self, name, rule=None, **fields):
        return begin_group(rule, programme=self.programme, name=name, by=self.rosa, **fields)

    def join(self, group, parent=None, on=TODAY):
        return add_member(
            group=group, parent=parent or self.other, joined_on=on, by=self.rosa, at=NOON
        )


@pytest.fixture
def place():
    return Place()


def test_nobody_joins_a_group_at_the_same_place_on_the_same_day(place):
    other_hour = place.begin("Monday lunch", make_rule("2026-03-02 12:00"), venue=place.hall)
    next_day = place.begin("Tuesdays", TUESDAY, venue=place.hall)

    with pytest.raises(NoPlace):
        place.join(other_hour)

    assert place.join(next_day).parent == place.other


def test_a_pair_for_groups_alone_lets_them_use_one_building():
    place = Place(Scope.GROUP)
    lunch = place.begin("Monday lunch", make_rule("2026-03-02 12:00"), venue=place.hall)

    assert place.join(lunch).group == lunch
    with pytest.raises(NoPlace):
        place.join(place.mondays)


def test_a_closed_record_lets_them_meet(place):
    for _ in range(2):
        close(kept=place.kept, because="They asked", by=make_lead(place.host), at=NOON)

    assert place.join(place.mondays).parent == place.other
    assert KeepApart.objects.count() == 1
    assert Event.objects.filter(kind="keep_apart.closed").count() == 1


def test_a_facilitator_who_is_a_parent_does_not_lead_the_other(place):
    account = make_user()
    place.other.user = account
    place.other.save()
    cover = make_facilitator(place.host, user=account)
    lead = {"group": place.mondays, "part": Leadership.Part.FACILITATOR, "from_on": TODAY}

    with pytest.raises(CannotLead) as apart:
        give_lead(leader=cover, by=place.rosa, at=NOON, **lead)
    retired = make_facilitator(place.host, in_service=False)
    with pytest.raises(CannotLead) as gone:
        give_lead(leader=retired, by=place.rosa, at=NOON, **lead)

    assert str(apart.value).replace(str(cover), "") == str(gone.value).replace(str(retired), "")


def test_nobody_joins_a_group_that_the_other_leads(place):
    account = make_user()
    place.one.user = account
    place.one.save()
    elsewhere = place.begin("Elsewhere", TUESDAY)
    leader = make_facilitator(place.host, user=account)
    give_lead(
        group=elsewhere,
        leader=leader,
        part=Leadership.Part.FACILITATOR,
        from_on=TODAY,
        by=place.rosa,
        at=NOON,
    )

    with pytest.raises(NoPlace):
        place.join(elsewhere)


def test_a_group_is_not_moved_to_where_the_other_is(place):
    away = place.begin("Away", venue=make_venue(place.host))
    place.join(away)

    with pytest.raises(PlaceTaken):
        change_group(group=away, name="Away", venue=place.hall, by=place.rosa, at=NOON)

    away.refresh_from_db()
    assert away.venue != place.hall


def test_a_group_takes_its_moved_meetings_along_to_another_place(place):
    away = place.begin("Away", TUESDAY, venue=make_venue(place.host))
    place.join(away)
    meeting = away.meetings.order_by("starts_at")[0]
    monday = datetime(2026, 3, 16, 20, tzinfo=UTC)
    move_meeting(meeting=meeting, starts_at=monday, because="Hall", by=place.rosa, at=NOON)

    with pytest.raises(PlaceTaken):
        change_group(group=away, name="Away", venue=place.hall, by=place.rosa, at=NOON)

    away.refresh_from_db()
    assert away.venue != place.hall


def test_a_group_does_not_change_to_the_day_on_which_the_other_is_there(place):
    tuesdays = place.begin("Tuesdays", TUESDAY, venue=place.hall)
    place.join(tuesdays)

    with pytest.raises(PlaceTaken):
        reschedule(
            group=tuesdays,
            recurrence=make_rule("2026-03-09 09:00"),
            skipped_days=(),
            from_on=TODAY,
            by=place.rosa,
            at=NOON,
        )


def test_a_full_hall_is_refused_like_the_other_being_there():
    place = Place(rooms=1)
    stranger = place.begin("Strangers", make_rule("2026-03-09 18:30"))

    with pytest.raises(PlaceTaken) as taken:
        change_group(group=stranger, name="S", venue=place.hall, by=place.rosa, at=NOON)

    assert str(taken.value) == f"{stranger} cannot have venue #{place.hall.pk} then"


def test_a_meeting_is_not_moved_to_a_day_of_the_other(place):
    tuesdays = place.begin("Tuesdays", TUESDAY, venue=place.hall)
    place.join(tuesdays)
    meeting = tuesdays.meetings.order_by("starts_at")[0]
    monday, friday = (datetime(2026, 3, day, 20, tzinfo=UTC) for day in (16, 20))

    with pytest.raises(PlaceTaken):
        move_meeting(meeting=meeting, starts_at=monday, because="Hall", by=place.rosa, at=NOON)
    move_meeting(meeting=meeting, starts_at=friday, because="Hall", by=place.rosa, at=NOON)

    meeting.refresh_from_db()
    assert meeting.starts_at == friday


def test_nobody_joins_a_group_whose_meeting_was_moved_to_a_day_of_the_other(place):
    tuesdays = place.begin("Tuesdays", TUESDAY, venue=place.hall)
    meeting = tuesdays.meetings.order_by("starts_at")[0]
    monday = datetime(2026, 3, 16, 20, tzinfo=UTC)
    move_meeting(meeting=meeting, starts_at=monday, because="Hall", by=place.rosa, at=NOON)

    with pytest.raises(NoPlace):
        place.join(tuesdays)


def test_a_cancelled_meeting_is_not_restored_to_a_day_of_the_other(place):
    tuesdays = place.begin("Tuesdays", TUESDAY, venue=place.hall)
    meeting = tuesdays.meetings.order_by("starts_at")[0]
    monday = datetime(2026, 3, 16, 20, tzinfo=UTC)
    move_meeting(meeting=meeting, starts_at=monday, because="Hall", by=place.rosa, at=NOON)
    cancel_meeting(meeting=meeting, because="Ill", by=place.rosa, at=NOON)
    place.join(tuesdays)

    with pytest.raises(PlaceTaken):
        restore_meeting(meeting=meeting, by=place.rosa, at=NOON)


def test_two_are_not_marked_at_one_meeting_nor_at_one_place_on_one_day(place):
    here = place.mondays.memberships.get()
    both = make_membership(place.mondays, place.other, joined_on=TODAY - timedelta(days=9))
    long_gone = make_membership(
        place.mondays,
        joined_on=TODAY - timedelta(days=90),
        left_on=TODAY - timedelta(days=60),
    )
    meeting = make_meeting(place.mondays, starts_at=NOON - timedelta(hours=3))
    lunch = place.begin("Lunch", make_rule("2026-03-09 12:00"), venue=place.hall)
    same_day = make_meeting(lunch, starts_at=NOON - timedelta(hours=1))
    away = make_membership(lunch, place.other)

    def mark(where, *who):
        record_attendance(meeting=where, present=who, by=place.rosa, at=NOON)

    refused = []
    for where, who in [(meeting, (here, both)), (meeting, (here, long_gone))]:
        with pytest.raises(NotOnThisList) as words:
            mark(where, *who)
        refused.append(str(words.value))
    mark(meeting, here)
    for where, who in [(meeting, (here, both)), (same_day, (away,))]:
        with pytest.raises(NotOnThisList):
            mark(where, *who)

    # In the same words as for somebody who had left before.
    assert refused[0] == refused[1]
    assert list(meeting.attendances.values_list("membership", flat=True)) == [here.pk]


def test_accepting_a_round_refuses_a_leader_who_must_not_meet_a_member():
    town = make_town()
    made = make_round(town, *two_groups(town))
    account = make_user()
    outside = make_parent(town.organisation, user=account)
    leader = town.facilitators[0]
    leader.user = account
    leader.save()
    make_keep_apart(outside, town.parents[1])

    with pytest.raises(CannotAccept) as refused:
        accept(town, made)

    assert [rule["code"] for rule in refused.value.broken] == ["no-place"]


def test_anybody_may_ask_about_ids_whoever_they_are(place):
    one, other, here = place.one.pk, place.other.pk, place.host.pk

    assert not may_meet(here, [one], company=[other])
    assert not may_be_near(here, [one], [other])
    assert may_meet(here, [one], company=[987_654])
    assert may_meet(make_organisation().pk, [one], company=[other])


def test_who_they_are_is_not_stored_in_the_open(place):
    row = KeepApart.objects.get()

    assert pairs_of(place.host.pk) == [Pair.of(place.one.pk, place.other.pk)]
    assert f"{place.one.pk} {place.other.pk}".encode() not in bytes(row.locked)
    facts = Event.objects.filter(kind="keep_apart.recorded").values_list("facts", flat=True)
    assert [str(place.one.pk) in str(each) for each in facts] == [False]


def test_recording_twice_is_once_and_a_list_s_record_takes_the_words():
    host = make_organisation()
    one, other = make_parent(host), make_parent(host)
    lead, key, _ = make_lead_with_key(host)
    bare = record(one=one, other=other, scope=Scope.PLACE, told=None, by=lead, at=NOON)
    told = Told(parts={str(one.pk): "hides"}, reason="Fear", authorised_by="A court")

    again = record(one=other, other=one, scope=Scope.PLACE, told=told, by=lead, at=NOON)

    assert again == bare
    again.refresh_from_db()
    assert json.loads(open_with(key, again.told))["reason"] == "Fear"
    kept = kept_one(lead, host, again.pk)
    assert kept is not None
    seen = told_of(lead, kept, private_key=key, at=NOON)
    parts = {kept.one.pk: seen.part_of_one, kept.other.pk: seen.part_of_other}
    assert (parts[one.pk], parts[other.pk], seen.authorised_by) == ("hides", "", "A court")
    assert Event.objects.filter(kind="keep_apart.opened", by_id=lead.pk).count() == 1


def test_two_of_two_organisations_are_no_pair():
    with pytest.raises(NotOfThisOrganisation):
        make_keep_apart(make_parent(make_organisation()), make_parent(make_organisation()))


def test_only_the_organisation_s_leads_see_records_and_people(place):
    lead = make_lead(place.host)

    assert [each.pair for each in kept_for(lead, place.host)] == [place.kept.pair]
    assert people_called(lead, place.host, place.one.alias) == [place.one]
    for stranger in (place.rosa, make_lead(make_organisation())):
        assert kept_for(stranger, place.host) == []
        assert kept_one(stranger, place.host, place.kept.pk) is None
        assert people_called(stranger, place.host, place.one.alias) == []
        assert meeting_now(stranger, place.host, place.kept.pair, at=NOON) == []


def test_a_lead_is_told_where_two_meet_at_present(place):
    lead = make_lead(place.host)
    lunch = place.begin("Lunch", make_rule("2026-03-09 12:00"), venue=place.hall)
    assert meeting_now(lead, place.host, place.kept.pair, at=NOON) == []

    make_membership(lunch, place.other)

    assert meeting_now(lead, place.host, place.kept.pair, at=NOON) == [lunch, place.mondays]
