from __future__ import annotations

import csv
from io import StringIO

import pytest
from django.test import Client

from goround.apps.accounts.models import User
from goround.apps.meetings.models import Attendance, Meeting
from goround.apps.organisations.models import Network
from goround.apps.organisations.roles import Role
from goround.apps.people.models import Parent
from tests.make import (
    make_coordinator,
    make_group,
    make_membership,
    make_network,
    make_organisation,
    make_parent,
    make_programme,
    make_user,
)
from tests.make_months import la, make_held, make_officer
from tests.world import make_world

pytestmark = pytest.mark.django_db

MARCH = {"month": "2020-03"}
SPRING = {"first": "2020-03-01", "last": "2020-05-31"}
PAGES = ["month/", "month/download/", "snapshot/"]


def signed_in(viewer: User) -> Client:
    client = Client()
    client.force_login(viewer)
    return client


def page(network: Network, name: str, query: dict[str, str]) -> str:
    answer = signed_in(make_officer(network)).get(f"/n/{network.slug}/{name}", query)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_officer_sees_no_group_no_parent_and_no_alias():
    world = make_world("OFFICE")
    meeting = Meeting.objects.get(pk=world.ids["meeting_id"])
    make_held(
        meeting.group, la(2020, 3, 3), meeting.group.memberships.all(), heads_parents=2, children=1
    )
    network = world.organisation.network
    allowed = {f"{part} {kind}" for part in ["CANARY-OFFICE"] for kind in ("network", "host")}

    for name in PAGES:
        for query in (MARCH, SPRING, {}):
            shown = page(network, name, query)
            for words in allowed:
                shown = shown.replace(words, "")
            assert "CANARY" not in shown, name
    assert Attendance.objects.count() == 1


@pytest.mark.parametrize("name", PAGES)
def test_network_pages_are_not_there_for_anybody_else(name: str):
    host = make_organisation()
    others = [
        make_coordinator(host),
        make_user(role=Role.SUPERVISOR, organisation=host),
        make_officer(make_network()),
    ]

    answers = [
        signed_in(viewer).get(f"/n/{host.network.slug}/{name}").status_code for viewer in others
    ]

    assert answers == [404] * len(others)


def test_network_month_sums_organisations_on_the_page_and_in_the_file():
    network = make_network()
    for name in ("A house", "B house"):
        programme = make_programme(make_organisation(network=network, name=name))
        group = make_group(programme)
        make_held(group, la(2020, 3, 3), [make_membership(group), make_membership(group)])

    shown = page(network, "month/", MARCH)
    answer = signed_in(make_officer(network)).get(f"/n/{network.slug}/month/download/", MARCH)
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline="")))

    assert "2 groups at the organisations of the network" in shown
    assert [(row["Organisation"], row["Parents attending"]) for row in rows] == [
        ("A house", "2"),
        ("B house", "2"),
        ("All organisations together", "4"),
    ]


def test_snapshot_says_share_denominator_and_unknown():
    programme = make_programme()
    group = make_group(programme)
    genders = [Parent.Gender.MALE] * 2 + [Parent.Gender.FEMALE] * 5 + [Parent.Gender.UNKNOWN]
    people = [make_parent(programme.organisation, gender=gender) for gender in genders]
    make_held(group, la(2020, 3, 3), [make_membership(group, one) for one in people])

    shown = page(programme.organisation.network, "snapshot/", SPRING)

    assert '<strong class="figure-value">8</strong>' in shown
    assert "<span>of 7</span> <span>28.6 %</span> <span>1 unknown</span>" in shown
    assert "1 March 2020 to 31 May 2020" in shown


def test_snapshot_begins_with_the_period_of_most_groups():
    group = make_group()
    make_held(group, la(2020, 2, 3), heads_parents=1)
    make_held(group, la(2020, 6, 30), heads_parents=1)

    shown = page(group.organisation.network, "snapshot/", {})

    assert "1 February 2020 to 30 June 2020" in shown


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2020-05-31", "2020-03-01", "The first day is after the last."),
        ("never", "2020-03-01", "Enter a valid date."),
        ("0001-01-01", "2020-03-01", "Choose days from 1990 on."),
        ("2020-03-01", "9999-12-31", "Choose days from 1990 on."),
    ],
)
def test_snapshot_answers_a_period_that_is_none_in_words(first: str, last: str, words: str):
    group = make_group()
    make_held(group, la(2020, 2, 3), heads_parents=1)

    shown = page(group.organisation.network, "snapshot/", {"first": first, "last": last})

    assert words in shown
    assert "1 February 2020 to 29 February 2020" in shown


def test_snapshot_of_an_empty_network_says_so():
    assert "No meeting was held in this period" in page(make_network(), "snapshot/", {})
    host = make_organisation()
    assert "No meeting was held in this period" in page(host.network, "snapshot/", {})


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("name", "query", "queries"), [("month/", MARCH, 9), ("snapshot/", SPRING, 11)]
)
def test_network_page_asks_the_same_number_of_queries(
    rows: int, name: str, query: dict[str, str], queries: int, django_assert_num_queries
):
    network = make_network()
    for _ in range(rows):
        programme = make_programme(make_organisation(network=network))
        for _ in range(rows):
            group = make_group(programme)
            make_held(group, la(2020, 3, 3), [make_membership(group)])
    client = signed_in(make_officer(network))

    with django_assert_num_queries(queries):
        client.get(f"/n/{network.slug}/{name}", query)
