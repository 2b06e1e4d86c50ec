from __future__ import annotations

from datetime import timedelta

import pytest

from goround.apps.meetings.models import Meeting
from tests.make import (
    make_coordinator,
    make_group,
    make_meeting,
    make_membership,
    make_programme,
    make_venue,
)
from tests.make_groups import make_leader
from tests.web.facilitator.conftest import TONIGHT

pytestmark = pytest.mark.django_db

OFF = {"status": Meeting.Status.CANCELLED, "cancelled_because": "Rain"}
HELD = {"status": Meeting.Status.HELD, "recorded_at": TONIGHT}


def begins(minutes: int):
    return TONIGHT + timedelta(minutes=minutes)


def run(group, tail: str = "") -> str:
    return f"/o/{group.organisation.slug}/run/{tail}"


def test_tonight_is_on_top_with_one_thing_to_do(client):
    group = make_group(name="Self-care")
    client.force_login(make_leader(group))
    meeting = make_meeting(group, starts_at=begins(-20))
    make_meeting(group, starts_at=begins(60 * 24 * 7))

    page = client.get(run(group)).text

    assert page.index("Today, 18:00–19:30") < page.index("All my groups")
    assert f'href="{run(group, f"meetings/{meeting.pk}/roll/")}">Who is here?' in page


@pytest.mark.parametrize(
    ("fields", "minutes", "words"),
    [
        (OFF, 60, "Rain"),
        (HELD | {"heads_parents": 7}, -60, "7 parents, children not counted"),
        ({}, 60, "Who is expected"),
    ],
)
def test_tonight_as_it_stands(client, fields, minutes, words):
    group = make_group()
    client.force_login(make_leader(group))
    make_meeting(group, starts_at=begins(minutes), **fields)

    page = client.get(run(group)).text

    assert words in page
    assert "Who is here?" not in page


def test_earlier_meetings_that_wait_to_be_recorded(client):
    group = make_group()
    client.force_login(make_leader(group))
    missing = make_meeting(group, starts_at=begins(-60 * 24 * 7))
    make_meeting(group, starts_at=begins(-60 * 24 * 14), **HELD)

    page = client.get(run(group)).text

    assert page.count("who came?") == 1
    assert run(group, f"meetings/{missing.pk}/roll/") in page


def test_somebody_who_leads_nothing_is_told_so(client):
    group = make_group()
    other = make_group(group.programme, name="Other circle")
    rosa = make_leader(group)
    rosa.facilitator.leaderships.update(to_on=TONIGHT.date())
    client.force_login(rosa)

    page = client.get(run(group)).text

    assert "You lead no group yet" in page
    assert other.name not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_my_groups_ask_a_fixed_number_of_queries(client, rows, django_assert_num_queries):
    programme = make_programme()
    first = make_group(programme, name="Circle 0")
    rosa = make_leader(first)
    for number in range(rows):
        group = first if number == 0 else make_group(programme, name=f"Circle {number}")
        if number:
            group.leaderships.create(
                facilitator=rosa.facilitator, part="facilitator", from_on=TONIGHT.date()
            )
        make_meeting(group, starts_at=begins(-20))
        make_meeting(group, starts_at=begins(-60 * 24 * 7))
        make_membership(group)
    make_group(programme, name="Hidden")
    client.force_login(rosa)
    client.get(run(first))

    # Session, user, organisation, permissions; which they lead, today, not recorded, groups,
    # leaders.
    with django_assert_num_queries(14):
        page = client.get(run(first)).text

    assert page.count("Who is here?") == rows
    assert page.count("who came?") == rows
    assert "Hidden" not in page


def test_group_page_shows_members_meetings_and_what_is_missing(client):
    programme = make_programme()
    hall = make_venue(programme.organisation, name="Eastside Library")
    group = make_group(programme, name="Self-care", venue=hall, language="es")
    rosa = make_leader(group, shown_as="Rosa")
    make_membership(group, alias="Ana")
    make_meeting(group, starts_at=begins(60 * 24), **OFF)
    make_meeting(group, starts_at=begins(-60 * 24), **HELD | {"heads_parents": 5, "children": 2})
    client.force_login(rosa)

    page = client.get(run(group, f"{group.pk}/")).text

    for words in (
        "Every Monday, 18:00–19:30",
        "Eastside Library",
        "Spanish",
        "Ana",
        "Rosa",
        "Rain",
        "5 parents, 2 children",
        "1 member; the playbook asks for at least 4.",
    ):
        assert words in page
    # Whose training is missing is not for those who lead together.
    assert "no record of this training" not in page


def test_group_page_and_calendar_are_not_there_for_others(client):
    group = make_group()
    stranger = make_leader(make_group(group.programme))
    coordinator = make_coordinator(group.organisation)

    for user in (stranger, coordinator):
        client.force_login(user)
        for tail in (f"{group.pk}/", f"{group.pk}/calendar.ics"):
            assert client.get(run(group, tail)).status_code == 404


def test_calendar_is_a_file_of_its_own_name(client):
    group = make_group(name="Parents in recovery")
    client.force_login(make_leader(group))

    response = client.get(run(group, f"{group.pk}/calendar.ics"))

    assert response.headers["Content-Type"] == "text/calendar"
    assert f'filename="meetings-{group.pk}.ics"' in response.headers["Content-Disposition"]
    assert "recovery" not in response.text


@pytest.mark.parametrize("rows", [1, 3])
def test_group_page_asks_a_fixed_number_of_queries(client, rows, django_assert_num_queries):
    group = make_group()
    rosa = make_leader(group)
    for number in range(rows):
        make_membership(group)
        make_leader(group)
        make_meeting(group, starts_at=begins(60 * 24 * (number + 1)))
        make_meeting(group, starts_at=begins(-60 * 24 * (number + 1)))
    client.force_login(rosa)
    client.get(run(group))

    # As above to permissions; the group, its leaders, training, members, to come, past, may record.
    with django_assert_num_queries(17):
        page = client.get(run(group, f"{group.pk}/")).text

    assert page.count("not recorded") == rows
