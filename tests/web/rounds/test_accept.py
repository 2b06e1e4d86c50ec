"""Accepting a round on its page; places and merges after it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from goround.apps.formation.models import Round
from goround.apps.groups.models import Group, Membership
from goround.apps.groups.services import add_member
from goround.apps.meetings.models import Meeting
from goround.apps.people.models import Parent, Referral
from goround.apps.people.services import withdraw
from tests.make import NOON, make_group, make_membership, make_parent, make_referral
from tests.make_formation import HERE, Town, make_round, make_town, two_groups
from tests.page_words import words

pytestmark = pytest.mark.django_db


def make_proposed() -> tuple[Town, Round, Client]:
    town = make_town(parents=8)
    client = Client()
    client.force_login(town.coordinator)
    return town, make_round(town, *two_groups(town)), client


def url_of(made: Round) -> str:
    return f"/o/{made.organisation.slug}/rounds/{made.pk}/accept/"


def starts(days: int = 7) -> str:
    return (timezone.now() + timedelta(days=days)).date().isoformat()


def filled(**changes: object) -> dict[str, object]:
    return {
        "version": 1,
        "starts_on": starts(),
        "rhythm": "weekly",
        "ending": "count",
        "count": 6,
        "until": "",
        "name_g0001": "Blue",
        "name_g0002": "Green",
    } | changes


def test_the_page_shows_what_will_be_made_with_a_name_for_each():
    town, made, client = make_proposed()
    town.venues[0].name = "Elm Hall"
    town.venues[0].save()

    page = client.get(url_of(made)).content.decode()

    assert 'value="Mondays at Elm Hall, Self-care"' in page
    assert 'value="Tuesdays at Elm Hall, Self-care"' in page
    assert "This makes 2 groups, plans their meetings" in page
    assert "7 parents get a place." in page
    for parent in town.parents[:7]:
        assert parent.alias in page
    assert "every two weeks" in page
    assert "every month" not in page
    assert Group.objects.count() == 0


def test_a_suggested_name_is_free():
    town, made, client = make_proposed()
    make_group(
        town.programme,
        name=f"Mondays at {town.venues[0].name}, Self-care",
        status="ended",
        ended_on=NOON.date(),
    )

    page = client.get(url_of(made)).content.decode()

    assert f'value="Mondays at {town.venues[0].name}, Self-care 2"' in page


def test_accepting_makes_the_groups_and_says_so():
    _, made, client = make_proposed()

    answer = client.post(url_of(made), filled(), follow=True)

    assert "This round was accepted" in answer.content.decode()
    assert sorted(Group.objects.values_list("name", flat=True)) == ["Blue", "Green"]
    assert Meeting.objects.count() == 12


def test_accepting_again_goes_to_the_round_and_makes_nothing():
    _, made, client = make_proposed()
    client.post(url_of(made), filled())

    answer = client.post(url_of(made), filled())

    assert answer.status_code == 302
    assert Group.objects.count() == 2


def test_accepting_until_a_day():
    _, made, client = make_proposed()

    client.post(url_of(made), filled(ending="day", until=starts(34), count=""))

    assert Group.objects.count() == 2
    assert {group.recurrence().until.isoformat() for group in Group.objects.all()} == {starts(34)}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"starts_on": "2020-01-01"}, "This day has passed."),
        ({"ending": "count", "count": ""}, "Write how many meetings."),
        ({"ending": "day", "until": ""}, "Write the last possible day."),
        ({"ending": "day", "until": starts(8)}, "at least a week after the groups begin"),
        ({"name_g0002": "blue"}, "Two groups cannot have the same name."),
        ({"name_g0001": ""}, "This field is required."),
        ({"rhythm": "monthly"}, "Select a valid choice."),
    ],
)
def test_a_wrong_plan_is_answered_in_words_and_makes_nothing(wrong, told):
    _, made, client = make_proposed()

    page = client.post(url_of(made), filled(**wrong)).content.decode()

    assert told in page
    assert Group.objects.count() == 0
    assert 'value="Blue"' in page or "name_g0001" in wrong


def test_a_name_in_use_is_answered_in_words():
    town, made, client = make_proposed()
    make_group(town.programme, name="Blue", status="ended", ended_on=NOON.date())

    page = client.post(url_of(made), filled()).content.decode()

    assert "A group of your organisation has one of these names already." in page
    assert Group.objects.count() == 1


def test_a_parent_gone_since_is_named_and_nothing_is_half_done():
    town, made, client = make_proposed()
    withdraw(referral=town.referrals[1], by=town.coordinator, at=NOON)
    other = make_group(town.programme)
    add_member(
        group=other, parent=town.parents[5], joined_on=NOON.date(), by=town.coordinator, at=NOON
    )

    page = client.post(url_of(made), filled()).content.decode()

    assert f"{town.parents[1].alias} was taken off the waiting list." in page
    assert f"{town.parents[5].alias} was placed in another group." in page
    assert "Nothing was made." in page
    assert list(Group.objects.all()) == [other]
    assert Membership.objects.count() == 1


def test_accepting_an_older_version_shows_what_changed():
    town, made, client = make_proposed()
    client.post(
        f"/o/{town.organisation.slug}/rounds/{made.pk}/change/",
        {"do": "lock-group g0001", "version": 1},
    )

    answer = client.post(url_of(made), filled(version=1))

    assert answer.status_code == 409
    assert "Somebody else changed this round" in answer.content.decode()
    assert Group.objects.count() == 0


@pytest.mark.parametrize("groups", [1, 2])
def test_the_accept_page_takes_a_fixed_number_of_queries(groups, django_assert_num_queries):
    town = make_town(parents=8)
    client = Client()
    client.force_login(town.coordinator)
    made = make_round(town, *two_groups(town)[:groups])

    with django_assert_num_queries(22):
        client.get(url_of(made))


def make_running(town: Town, name: str, members: int, venue: int = 0) -> Group:
    group = make_group(town.programme, name=name, venue=town.venues[venue])
    for _ in range(members):
        make_membership(group, make_member(town))
    return group


def make_member(town: Town) -> Parent:
    return make_parent(town.organisation, home_cell=HERE, interests=("self-care",))


def places_of(referral: Referral) -> str:
    return f"/o/{referral.organisation.slug}/waiting/{referral.pk}/places/"


def test_a_place_is_shown_and_given():
    town, _, client = make_proposed()
    group = make_running(town, "Blue", 4)
    newcomer = make_referral(make_member(town), town.programme)

    page = client.get(places_of(newcomer)).content.decode()
    answer = client.post(places_of(newcomer), {"group": group.pk}, follow=True)

    assert re.search(r"Blue.*4 of 10 places taken.*Costs", page, re.DOTALL)
    assert "the group decides, so ask it first" in answer.content.decode()
    assert Membership.objects.filter(group=group, parent=newcomer.parent).exists()


def test_a_place_that_is_gone_is_answered_in_words():
    town, _, client = make_proposed()
    group = make_running(town, "Blue", 10)
    newcomer = make_referral(make_member(town), town.programme)

    answer = client.post(places_of(newcomer), {"group": group.pk}, follow=True)

    page = answer.content.decode()
    assert "This group has no place any more. Nothing was changed." in page
    assert "No open place fits" in page
    newcomer.refresh_from_db()
    assert newcomer.status == Referral.Status.WAITING


def test_another_organisations_group_gives_no_place():
    town, _, client = make_proposed()
    foreign = make_running(make_town(parents=0), "Foreign", 4)
    newcomer = make_referral(make_member(town), town.programme)

    answer = client.post(places_of(newcomer), {"group": foreign.pk})

    assert answer.headers["Location"] == places_of(newcomer)
    assert Membership.objects.filter(group=foreign).count() == 4


def test_somebody_who_waits_no_more_is_offered_nothing():
    town, _, client = make_proposed()
    make_running(town, "Blue", 4)
    gone = make_referral(make_member(town), town.programme, status="withdrawn", ended_at=NOON)

    page = client.get(places_of(gone)).content.decode()

    assert "does not wait any more" in page
    assert "Blue" not in words(page)


def merges_of(town: Town) -> str:
    return f"/o/{town.organisation.slug}/groups/merges/"


def test_a_merge_is_offered_and_made():
    town, _, client = make_proposed()
    small, other = make_running(town, "Small", 2), make_running(town, "Other", 4, venue=1)

    page = client.get(merges_of(town)).content.decode()
    stays = re.search(r'name="stays" value="(\d+)"', page)
    ends = re.search(r'name="ends" value="(\d+)"', page)
    assert stays and ends
    answer = client.post(
        merges_of(town), {"stays": stays[1], "ends": ends[1]}, follow=True
    ).content.decode()

    assert "6 members together" in page
    assert "goes on in" in answer
    assert {int(stays[1]), int(ends[1])} == {small.pk, other.pk}
    assert Group.objects.get(pk=int(ends[1])).status == Group.Status.ENDED


def test_a_merge_nobody_offered_is_refused_in_words():
    town, _, client = make_proposed()
    one, two = make_running(town, "One", 4), make_running(town, "Two", 4, venue=1)

    answer = client.post(merges_of(town), {"stays": one.pk, "ends": two.pk}, follow=True)

    assert "cannot be merged now. Nothing was done." in answer.content.decode()
    assert Group.objects.filter(status=Group.Status.ACTIVE).count() == 2


def test_without_small_groups_there_is_nothing_to_merge():
    town, _, client = make_proposed()
    make_running(town, "Large", 4)

    assert "No group is too small" in client.get(merges_of(town)).content.decode()


def test_small_groups_that_fit_nowhere_are_named():
    town, _, client = make_proposed()
    make_running(town, "Lonely", 2)

    page = client.get(merges_of(town)).content.decode()

    assert "No two groups can be merged" in page
    assert "Lonely" in page
