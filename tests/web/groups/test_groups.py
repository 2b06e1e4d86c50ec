from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from goround.apps.groups.models import Group, Invitation
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.services import wind_up
from goround.apps.organisations.roles import Role
from tests.make import (
    make_coordinator,
    make_facilitator,
    make_group,
    make_leadership,
    make_meeting,
    make_membership,
    make_organisation,
    make_programme,
    make_user,
    make_venue,
)
from tests.make_months import make_held
from tests.page_words import words
from tests.web.groups.conftest import TONIGHT

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def o(place, tail: str = "") -> str:
    organisation = getattr(place, "organisation", place)
    return f"/o/{organisation.slug}/groups/{tail}"


def titles(page: str) -> list[str]:
    return re.findall(r'<a class="rows-title whole" href="[^"]+">([^<]+)</a>', page)


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def ana(client, programme):
    user = make_coordinator(programme.organisation)
    client.force_login(user)
    return user


def test_groups_say_when_they_meet_who_leads_and_what_is_missing(client, programme, ana):
    hall = make_venue(programme.organisation, name="Eastside Library")
    group = make_group(programme, name="Self-care", venue=hall)
    make_leadership(group, make_facilitator(programme.organisation, shown_as="Rosa"))
    make_meeting(group, starts_at=TONIGHT + timedelta(days=5))
    make_meeting(group, starts_at=TONIGHT - timedelta(days=5))

    page = client.get(o(programme)).text

    for told in (
        "Every Monday, 18:00–19:30 · Eastside Library",
        "Next: Monday 9 March, 19:20",
        "0 members",
        "Rosa",
        "3 things short",
        "1 not recorded",
        "1 group · 1 short of its playbook",
    ):
        assert told in page, words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Evening circle", "Open circle"]),
        ("?search=open", ["Open circle"]),
        ("?status=ended", ["Old circle"]),
        ("?short=on", ["Evening circle"]),
        ("?programme={other}", ["Open circle"]),
        # What cannot be read is left out.
        ("?status=elsewhere&programme=none&page=99", ["Evening circle", "Open circle"]),
        ("?search=nothing", []),
    ],
)
def test_groups_can_be_filtered(client, programme, ana, query, found):
    other = make_programme(programme.organisation, "home-visiting-groups")
    make_group(programme, name="Evening circle")
    open_circle = make_group(
        other, name="Open circle", is_open=True, rrule="FREQ=MONTHLY;BYDAY=1MO"
    )
    for part in ("facilitator", "facilitator", "parent-leader", "childrens-leader"):
        make_leadership(open_circle, make_facilitator(programme.organisation), part=part)
    make_group(programme, name="Old circle", status="ended", ended_on=date(2026, 2, 1))

    page = client.get(o(programme) + query.format(other=other.pk)).text

    assert titles(page) == found
    assert ("No group here" in page) is (not found)


@pytest.mark.parametrize("rows", [1, 3])
def test_groups_page_matches_its_part(client, programme, ana, rows, django_assert_num_queries):
    for _ in range(rows):
        group = make_group(programme)
        make_leadership(group, make_facilitator(programme.organisation))
        make_membership(group)
        make_meeting(group)
    hidden = make_group(name="Hidden")
    client.get(o(programme))

    # Session, user, organisation, permissions; programmes to choose, groups, leaders, training.
    with django_assert_num_queries(11):
        page = client.get(o(programme)).text
    part = client.get(o(programme), headers=HTMX).text

    assert part.strip() in page
    assert "<html" not in part
    assert len(titles(part)) == rows
    assert hidden.name not in page


def test_groups_come_in_pages_of_thirty(client, programme, ana):
    for number in range(31):
        make_group(programme, name=f"Circle {number:02}")

    assert len(titles(client.get(o(programme)).text)) == 30
    assert titles(client.get(o(programme) + "?page=2").text) == ["Circle 30"]


def test_group_page_shows_everything_about_it(client, programme, ana):
    group = make_group(programme, name="Self-care", language="es")
    make_leadership(group, make_facilitator(programme.organisation, shown_as="Rosa"))
    make_membership(group, alias="Calm River")
    off = {"status": Meeting.Status.CANCELLED, "cancelled_because": "Rain"}
    make_meeting(group, starts_at=TONIGHT + timedelta(days=1), **off)
    held = {"status": Meeting.Status.HELD, "recorded_at": TONIGHT, "heads_parents": 7}
    make_meeting(group, starts_at=TONIGHT - timedelta(days=1), **held)

    page = client.get(o(group, f"{group.pk}/")).text

    for told in (
        "Every Monday, 18:00–19:30",
        "Spanish",
        "Self-care",
        "Rosa",
        "Calm River",
        "Rain",
        "7 parents, children not counted",
        "Parent facilitator: 1 of 2 so far.",
        "no record of this training",
    ):
        assert told in page, words


def test_supervisor_sees_a_group_and_changes_nothing(client, programme):
    group = make_group(programme)
    member = make_membership(group)
    client.force_login(make_user(role=Role.SUPERVISOR, organisation=programme.organisation))

    page = client.get(o(group, f"{group.pk}/")).text

    assert member.alias in page
    for told in ("Change the hours", "Add a member", "End this group", "Leaves"):
        assert told not in page
    assert client.get(o(group, f"{group.pk}/hours/")).status_code == 404


def test_a_supervisor_reads_how_many_came_and_is_led_to_no_page_that_is_shut(programme):
    group = make_group(programme)
    held = make_held(group, TONIGHT - timedelta(days=7), [make_membership(group)])
    marta = Client()
    marta.force_login(make_user(role=Role.SUPERVISOR, organisation=programme.organisation))

    shown = marta.get(o(group, f"{group.pk}/"))

    assert "1 parent" in words(shown)
    addresses = re.findall(r'href="(/o/[^"#?]+)', shown.text)
    assert [address for address in addresses if marta.get(address).status_code == 404] == []
    assert f"/meetings/{held.pk}/roll/" not in shown.text


@pytest.mark.parametrize("rows", [1, 3])
def test_group_page_asks_a_fixed_number_of_queries(
    client, programme, ana, rows, django_assert_num_queries
):
    group = make_group(programme)
    for number in range(rows):
        make_leadership(group, make_facilitator(programme.organisation))
        Invitation.objects.create(
            membership=make_membership(group), text="Come along.", drafted_at=TONIGHT
        )
        make_meeting(group, starts_at=TONIGHT + timedelta(days=number + 1))
        make_meeting(group, starts_at=TONIGHT - timedelta(days=number + 1))
    client.get(o(group))

    # As the list to permissions; group, leaders, training, members, invitations, to come,
    # past twice (how many, and which), may record.
    with django_assert_num_queries(19):
        client.get(o(group, f"{group.pk}/"))


def test_start_a_group_plans_its_meetings(client, programme, ana):
    hall = make_venue(programme.organisation)
    sent = {
        "name": "Tuesday circle",
        "programme": programme.pk,
        "type": "new-baby",
        "language": "es",
        "venue": hall.pk,
        "first_on": "2026-03-10",
        "rhythm": "every-two-weeks",
        "begins": "10:00",
        "ends": "11:30",
        "ending": "count",
        "count": "3",
    }

    response = client.post(o(programme, "new/"), sent)

    group = Group.objects.get()
    assert response.headers["Location"] == o(group, f"{group.pk}/")
    assert (group.type, group.language, group.venue, group.is_open) == (
        "new-baby",
        "es",
        hall,
        False,
    )
    starts = [m.starts_at.astimezone(group.zone) for m in group.meetings.order_by("starts_at")]
    assert [f"{start:%d %b %H:%M}" for start in starts] == [
        "10 Mar 10:00",
        "24 Mar 10:00",
        "07 Apr 10:00",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "self-CARE"}, "Another group has this name."),
        ({"name": ""}, "This field is required."),
        ({"type": "recovery"}, "Select a valid choice."),
        ({"ends": "09:00"}, "The end lies before the beginning."),
        ({"ending": "day", "until": ""}, "Write the last possible day."),
        ({"ending": "day", "until": "2026-03-01"}, "The last day lies before the first meeting."),
        ({"ending": "count", "count": ""}, "Write how many meetings."),
        ({"first_on": "soon"}, "Enter a valid date."),
        ({"venue": "foreign"}, "Select a valid choice."),
        ({"programme": "foreign"}, "Select a valid choice."),
    ],
)
def test_start_a_group_answers_bad_input_and_loses_nothing(client, programme, ana, changes, words):
    make_group(programme, name="Self-care")
    foreign = {
        "venue": make_venue(make_organisation()).pk,
        "programme": make_programme().pk,
    }
    sent = {
        "name": "Tuesday circle",
        "programme": programme.pk,
        "first_on": "2026-03-10",
        "rhythm": "weekly",
        "begins": "10:00",
        "ends": "11:30",
        "ending": "never",
        **{key: foreign[key] if value == "foreign" else value for key, value in changes.items()},
    }

    page = client.post(o(programme, "new/"), sent).text

    assert words in page
    assert f'value="{sent["name"]}"' in page or not sent["name"]
    assert 'value="10:00"' in page
    assert Group.objects.filter(organisation=programme.organisation).count() == 1


def test_start_a_group_refuses_a_kind_of_another_programme(client, programme, ana):
    make_programme(programme.organisation, "circle-of-parents", name="Circle of Parents")
    sent = {
        "name": "Tuesday circle",
        "programme": programme.pk,
        "type": "recovery",
        "first_on": "2026-03-10",
        "rhythm": "weekly",
        "begins": "10:00",
        "ends": "11:30",
        "ending": "never",
    }

    page = client.post(o(programme, "new/"), sent).text

    assert "has no such kind." in page


def test_edit_renames_and_moves(client, programme, ana):
    group = make_group(programme)
    make_group(programme, name="Taken")
    hall = make_venue(programme.organisation)
    url = o(group, f"{group.pk}/edit/")

    assert "Another group has this name." in client.post(url, {"name": "Taken", "venue": ""}).text
    client.post(url, {"name": "Evening circle", "venue": hall.pk})

    group.refresh_from_db()
    assert (group.name, group.venue) == ("Evening circle", hall)


def test_end_asks_first_and_refuses_a_day_to_come(client, programme, ana):
    group = make_group(programme, name="Self-care")
    url = o(group, f"{group.pk}/end/")

    assert "End Self-care?" in client.get(url).text
    assert "can end today or earlier" in client.post(url, {"on": "2026-03-05"}).text
    client.post(url, {"on": "2026-03-04"})

    group.refresh_from_db()
    assert (group.status, group.ended_on) == (Group.Status.ENDED, date(2026, 3, 4))


def test_ended_group_shows_what_it_held_and_cannot_be_changed(client, programme, ana):
    group = make_group(programme)
    make_meeting(group, starts_at=TONIGHT - timedelta(days=8))
    wind_up(group=group, on=date(2026, 3, 1), by=ana, at=TONIGHT)

    page = client.get(o(group, f"{group.pk}/")).text

    assert "ended 1 March 2026" in page
    assert "not recorded" in page
    for tail in ("hours/", "skipped/", "edit/", "end/", "members/add/", "leaders/add/"):
        assert client.get(o(group, f"{group.pk}/{tail}")).status_code == 404


def test_calendar_file_is_for_who_sees_the_group(client, programme, ana):
    group, foreign = make_group(programme), make_group()

    own = client.get(o(group, f"{group.pk}/calendar.ics"))

    assert own.headers["Content-Type"] == "text/calendar"
    assert b"BEGIN:VCALENDAR" in own.content
    assert client.get(o(group, f"{foreign.pk}/calendar.ics")).status_code == 404
