from datetime import timedelta

import pytest

from goround.apps.audit.models import Event
from goround.apps.formation.joining import (
    NoMerge,
    merge_groups,
    merges_for,
    offer_place,
    places_for,
)
from goround.apps.groups.models import Group, Invitation, Leadership, Membership
from goround.apps.groups.services import NoPlace
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.services import plan_meetings
from goround.apps.people.models import Parent, Referral
from tests.make import (
    NOON,
    make_facilitator,
    make_group,
    make_keep_apart,
    make_leadership,
    make_meeting,
    make_membership,
    make_parent,
    make_programme,
    make_referral,
)
from tests.make_formation import HERE, NEAR, Town, make_town

pytestmark = pytest.mark.django_db

TODAY = NOON.date()


def make_running(town: Town, members: int = 4, venue: int = 0, **fields: object) -> Group:
    """A group of the town's programme that meets on Mondays from 18:00 to 19:30."""
    group = make_group(town.programme, venue=town.venues[venue], **fields)
    for _ in range(members):
        make_membership(group, make_member(town))
    return group


def make_member(town: Town, **fields: object) -> Parent:
    free = ("mon 17:00-21:00", "tue 17:00-21:00")
    return make_parent(town.organisation, **{"home_cell": HERE, "available": free} | fields)


def make_newcomer(town: Town, **fields: object) -> Referral:
    parent = make_member(town, **{"interests": ("self-care",)} | fields)
    return make_referral(parent, town.programme)


def offered(referral: Referral) -> list[int]:
    return [int(option.group_id) for option in places_for(referral, at=NOON).options]


def test_a_newcomer_is_offered_groups_that_fit_the_cheapest_first():
    town = make_town(parents=0)
    far = make_running(town)
    town.venues[1].lat += 0.05
    town.venues[1].save()
    Group.objects.filter(pk=far.pk).update(venue=town.venues[1])
    near = make_running(town)

    assert offered(make_newcomer(town)) == [near.pk, far.pk]


@pytest.mark.parametrize(
    "unlike",
    [
        {"available": ("tue 17:00-21:00",)},
        {"languages": ("es",)},
        {"interests": ("men",)},
        {"needs": ("step-free",)},
        {"modes": ("online",)},
        {"max_km": 0.1, "home_cell": NEAR},
    ],
)
def test_a_newcomer_is_not_offered_a_group_that_does_not_fit(unlike: dict[str, object]):
    town = make_town(parents=0)
    make_running(town)

    assert offered(make_newcomer(town, **unlike)) == []


def test_a_full_group_an_open_one_and_one_of_another_programme_are_not_offered():
    town, other = make_town(parents=0), make_town(parents=0)
    make_running(town, members=10)
    make_running(town, is_open=True)
    make_running(other)

    assert offered(make_newcomer(town)) == []


def test_a_group_with_somebody_to_be_kept_apart_from_looks_like_a_full_one():
    town = make_town(parents=0)
    group = make_running(town)
    newcomer = make_newcomer(town)
    make_keep_apart(newcomer.parent, Membership.objects.filter(group=group)[0].parent)

    assert offered(newcomer) == []
    with pytest.raises(NoPlace):
        offer_place(referral=newcomer, group=group, by=town.coordinator, at=NOON)


def test_the_same_day_and_venue_as_somebody_to_be_kept_apart_from_is_not_offered():
    town = make_town(parents=0)
    make_running(town)
    other_programme = make_programme(town.organisation, playbook_key="safe-project")
    elsewhere = make_group(other_programme, venue=town.venues[0])
    shy = make_membership(elsewhere, make_member(town)).parent
    newcomer = make_newcomer(town)
    make_keep_apart(newcomer.parent, shy)

    assert offered(newcomer) == []


def test_taking_a_place_begins_a_membership_and_ends_the_waiting():
    town = make_town(parents=0)
    group, newcomer = make_running(town), make_newcomer(town)

    (membership,) = offer_place(referral=newcomer, group=group, by=town.coordinator, at=NOON)

    assert (membership.group, membership.parent) == (group, newcomer.parent)
    newcomer.refresh_from_db()
    assert newcomer.status == Referral.Status.PLACED
    text = Invitation.objects.get(membership=membership).text
    assert text.startswith("Before you tell the parent: the group decides.")


def test_whoever_must_be_together_takes_the_place_together():
    town = make_town(parents=0)
    group, newcomer, partner = make_running(town), make_newcomer(town), make_newcomer(town)
    newcomer.parent.together.add(partner.parent)

    places = places_for(newcomer, at=NOON)
    made = offer_place(referral=newcomer, group=group, by=town.coordinator, at=NOON)

    assert places.along == (str(partner.parent_id),)
    assert {membership.parent for membership in made} == {newcomer.parent, partner.parent}


def test_a_place_that_was_taken_meanwhile_is_refused_and_nothing_changes():
    town = make_town(parents=0)
    group, newcomer = make_running(town, members=9), make_newcomer(town)
    make_membership(group, make_member(town))

    with pytest.raises(NoPlace):
        offer_place(referral=newcomer, group=group, by=town.coordinator, at=NOON)

    newcomer.refresh_from_db()
    assert newcomer.status == Referral.Status.WAITING
    assert Membership.objects.filter(group=group).count() == 10


def test_a_group_that_shrank_is_offered_a_merge():
    town = make_town(parents=0)
    small, other = make_running(town, members=2), make_running(town, members=4, venue=1)
    make_running(town, members=10)

    merges = merges_for(town.programme, at=NOON)

    assert [{int(name) for name in merge.groups} for merge in merges] == [{small.pk, other.pk}]
    assert len(merges[0].kept.members) == 6


def test_groups_that_are_large_enough_are_left_alone():
    town = make_town(parents=0)
    make_running(town, members=4)
    make_running(town, members=4, venue=1)

    assert merges_for(town.programme, at=NOON) == []


def test_members_who_said_nothing_are_taken_as_they_come():
    town = make_town(parents=0)
    small = make_group(town.programme, venue=town.venues[0])
    for _ in range(2):
        make_membership(
            small, make_parent(town.organisation, languages=(), available=(), home_cell="")
        )
    other = make_running(town, members=4, venue=1)

    merges = merges_for(town.programme, at=NOON)

    # Nobody said whether they could come to the other hall at that hour: those who did move.
    assert [merge.kept.id for merge in merges] == [str(small.pk)]
    assert set(merges[0].groups) == {str(small.pk), str(other.pk)}


def make_merge(town: Town) -> tuple[Group, Group]:
    small = make_running(town, members=2)
    other = make_running(town, members=4, venue=1)
    for group in (small, other):
        make_leadership(
            group,
            make_facilitator(
                town.organisation, available=("mon 17:00-21:00",), home_cell=HERE, groups_at_most=2
            ),
        )
        plan_meetings(group=group, by=town.coordinator, at=NOON)
    (merge,) = merges_for(town.programme, at=NOON)
    stays = Group.objects.get(pk=int(merge.kept.id))
    return stays, small if stays == other else other


def test_merging_moves_members_keeps_history_and_ends_the_emptied_group():
    town = make_town(parents=0)
    stays, ends = make_merge(town)
    came = set(Membership.objects.filter(group=ends).values_list("parent", flat=True))
    held = make_meeting(ends, starts_at=NOON - timedelta(days=7), status="held", recorded_at=NOON)

    merge_groups(stays=stays, ends=ends, by=town.coordinator, at=NOON)

    ends.refresh_from_db()
    now = Membership.objects.filter(group=stays, left_on=None)
    assert ends.status == Group.Status.ENDED
    assert now.count() == 6
    assert came <= set(now.values_list("parent", flat=True))
    assert Membership.objects.filter(group=ends, left_on=None).count() == 0
    assert Membership.objects.filter(group=ends).count() == len(came)
    meetings = list(Meeting.objects.filter(group=ends))
    assert held in meetings
    assert [meeting for meeting in meetings if meeting.starts_at > NOON + timedelta(days=1)] == []
    assert Invitation.objects.filter(membership__in=now).count() == len(came)
    assert Event.objects.get(kind="group.merged").facts == {
        "ended": ends.pk,
        "members": len(came),
    }


def test_merging_keeps_the_leaders_of_the_group_that_stays():
    town = make_town(parents=0)
    stays, ends = make_merge(town)
    leader = Leadership.objects.get(group=stays).facilitator

    merge_groups(stays=stays, ends=ends, by=town.coordinator, at=NOON)

    assert leader in [lead.facilitator for lead in Leadership.objects.filter(group=stays)]


def test_a_merge_that_no_longer_fits_is_refused_and_nothing_changes():
    town = make_town(parents=0)
    stays, ends = make_merge(town)
    for _ in range(6):
        make_membership(stays, make_member(town))

    with pytest.raises(NoMerge):
        merge_groups(stays=stays, ends=ends, by=town.coordinator, at=NOON)

    ends.refresh_from_db()
    assert ends.status == Group.Status.ACTIVE
    assert Event.objects.filter(kind="group.merged").count() == 0


@pytest.mark.parametrize("groups", [1, 5])
def test_places_take_the_same_number_of_queries_however_many_groups(
    groups, django_assert_num_queries
):
    town = make_town(parents=0)
    for _ in range(groups):
        make_leadership(make_running(town), town.facilitators[0])
    newcomer = make_newcomer(town)

    with django_assert_num_queries(11):
        places_for(newcomer, at=NOON)
