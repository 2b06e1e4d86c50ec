"""The page of one group of a round: who brings what, and who could change places."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from goround.apps.audit.models import Event
from goround.apps.formation.models import Proposal
from goround.domain.matching.problem import Span
from tests.make import make_keep_apart
from tests.make_formation import TUESDAY, make_formed, make_round, make_town
from tests.page_words import words
from tests.web.rounds.test_round import answer_of, change, get, make_proposed, url_of

pytestmark = pytest.mark.django_db


def test_the_page_says_what_each_member_brings():
    town, made, client = make_proposed()
    first = town.parents[0]

    page = words(get(client, made, "groups/g0001/"))

    assert re.search(rf"{first.alias} 3\.\d km to come · child of 1", page)
    assert "Everyone speaks English and is free Mondays 18:00–20:00." in page


def test_a_swap_costs_what_the_page_says_and_can_be_undone():
    town, made, client = make_proposed()
    before = answer_of(made)
    page = get(client, made, "groups/g0001/")
    do = re.search(r'value="(swap \d+ \d+)"', page)
    assert do is not None
    said = re.search(r"<strong>([^<]+)</strong>", page[: do.start()].rpartition("<li>")[2])
    assert said is not None

    change(client, made, do[1])

    after = answer_of(made)
    one, other = do[1].split()[1:]
    assert after.group("g0001").members != before.group("g0001").members
    assert other in after.group("g0001").members
    shown = words(get(client, made))
    names = {str(parent.pk): parent.alias for parent in town.parents}
    assert f"{names[one]} and {names[other]} changed places. {said[1]}" in shown
    change(client, made, "undo", version=2)
    assert answer_of(made).groups == before.groups
    assert [event.kind for event in Event.objects.order_by("pk")][-2:] == [
        "proposal.swapped",
        "proposal.undone",
    ]


def test_a_swap_with_somebody_without_a_group_lets_the_other_wait():
    town, made, client = make_proposed()
    sits, waits = town.ids(0, 7)

    assert f'value="swap {sits} {waits}"' in get(client, made, "groups/g0001/")
    change(client, made, f"swap {sits} {waits}")

    assert answer_of(made).group("g0001").members[0] == waits
    assert [row.parent for row in answer_of(made).unplaced] == [sits]


def test_a_swap_of_nobody_known_changes_nothing():
    town, made, client = make_proposed()

    answer = change(client, made, f"swap {town.parents[0].pk} 987654")

    assert answer.status_code == 409
    assert Proposal.objects.filter(round=made).count() == 1


def test_nobody_is_offered_a_place_beside_somebody_to_be_kept_apart_from():
    town = make_town(parents=7)
    make_keep_apart(town.parents[0], town.parents[4])
    tuesday = make_formed(town, "g0002", range(4, 7), slot=Span.parse(TUESDAY))
    made = make_round(town, make_formed(town, "g0001", range(4)), tuesday)
    client = Client()
    client.force_login(town.coordinator)

    page = get(client, made, "groups/g0001/")

    first, *_, apart, fifth, _ = town.ids(*range(7))
    assert f'value="move {first} g0002"' not in page
    assert f'value="swap {first} {fifth}"' not in page
    assert f'value="swap {town.ids(1)[0]} {apart}"' not in page
    assert "swap" in page


@pytest.mark.parametrize("size", [3, 4])
def test_the_page_takes_a_fixed_number_of_queries(size, django_assert_num_queries):
    town, _, client = make_proposed()
    made = make_round(town, make_formed(town, "g0001", range(size)))

    # Twelve for the page, and eight to write down who opened the members' records.
    with django_assert_num_queries(20):
        client.get(url_of(made, "groups/g0001/"))


def test_a_stranger_and_a_group_that_is_not_there_find_nothing():
    _, made, client = make_proposed()

    assert client.get(url_of(made, "groups/g0009/")).status_code == 404
    client.force_login(make_town(parents=0).coordinator)
    assert client.get(url_of(made, "groups/g0001/")).status_code == 404


def test_an_accepted_round_offers_no_swaps():
    _, made, client = make_proposed()
    type(made).objects.filter(pk=made.pk).update(status="put-aside")

    page = get(client, made, "groups/g0001/")

    assert 'name="do"' not in page
    assert "Who is in it" in page
