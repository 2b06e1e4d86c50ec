from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from goround.apps.audit.models import Event
from goround.apps.groups.models import Leadership
from goround.apps.meetings.models import Attendance, Meeting, Reply
from goround.apps.meetings.services import cancel_meeting, record_attendance
from goround.apps.organisations.roles import Role
from goround.apps.people.models import Parent
from tests.make import (
    make_coordinator,
    make_group,
    make_meeting,
    make_membership,
    make_programme,
    make_user,
)
from tests.make_groups import make_leader
from tests.web.facilitator.conftest import TONIGHT

pytestmark = pytest.mark.django_db


def address(meeting: Meeting, tail: str = "") -> str:
    return f"/o/{meeting.group.organisation.slug}/run/meetings/{meeting.pk}/roll/{tail}"


def tonight_s(group, **fields) -> Meeting:
    return make_meeting(group, starts_at=TONIGHT - timedelta(minutes=20), **fields)


@pytest.fixture
def group():
    return make_group(name="Monday circle")


@pytest.fixture
def rosa(group, client):
    user = make_leader(group, shown_as="Rosa")
    client.force_login(user)
    return user


def named(meeting) -> list[str]:
    found = Attendance.objects.filter(meeting=meeting)
    return sorted(found.values_list("membership__alias", flat=True))


def seats(page: str) -> dict[str, bool]:
    """Aliases to tap, and whether each is ticked."""
    boxes = re.findall(
        r'<input type="checkbox" name="present" value="\d+"( checked)?>.*?seat-name">([^<]+?)\s*<',
        page,
        re.DOTALL,
    )
    return {alias: bool(ticked) for ticked, alias in boxes}


def newcomer_boxes(page: str) -> list[str]:
    return re.findall(r'<input name="newcomer" value="([^"]*)"', page)


def test_roll_offers_a_seat_for_each_member_and_ticks_nobody(client, group, rosa):
    ana, bo = make_membership(group, alias="Ana"), make_membership(group, alias="Bo")
    make_membership(group, alias="Cleo")
    meeting = tonight_s(group)
    Reply.objects.create(meeting=meeting, membership=ana, will_come=True)
    Reply.objects.create(meeting=meeting, membership=bo, will_come=False)

    page = client.get(address(meeting)).text

    assert seats(page) == {"Ana": False, "Bo": False, "Cleo": False}
    assert page.count("said: coming") == 1
    assert page.count("said: not today") == 1
    assert newcomer_boxes(page) == [""]


def test_saving_shows_what_was_saved_and_saving_again_changes_nothing(client, group, rosa):
    ana = make_membership(group, alias="Ana")
    make_membership(group, alias="Bo")
    meeting = tonight_s(group)
    sent = {
        "present": [ana.pk],
        "newcomer": ["Calm River", ""],
        "heads_parents": "2",
        "heads_new": "1",
        "children": "",
    }

    for _ in range(2):
        response = client.post(address(meeting), sent, follow=True)

    assert response.redirect_chain == [(address(meeting), 302)]
    page = response.text
    assert "Saved." in page
    assert "2 by name, 2 counted" in page
    assert "not known" in page  # children
    assert "Corrected" not in page
    assert named(meeting) == ["Ana", "Calm River"]
    assert Parent.objects.filter(alias="Calm River").count() == 1
    kinds = Event.objects.filter(subject="meeting").values_list("kind", flat=True)
    assert list(kinds) == ["meeting.attendance_recorded"]


def test_change_opens_the_record_and_the_correction_is_told(client, group, rosa):
    ana, bo = make_membership(group, alias="Ana"), make_membership(group, alias="Bo")
    meeting = tonight_s(group)
    record_attendance(
        meeting=meeting, present=[ana], children=3, by=rosa, at=TONIGHT - timedelta(minutes=10)
    )

    form = client.get(address(meeting, "?change=1")).text
    assert seats(form) == {"Ana": True, "Bo": False}
    assert re.search(r'name="children" value="3"', form)

    client.post(address(meeting), {"present": [ana.pk, bo.pk], "children": "3"})

    page = client.get(address(meeting)).text
    assert "Corrected today at 18:20 by Rosa: 1 → 2 present" in page


def test_an_empty_form_asks_instead_of_saving(client, group, rosa):
    make_membership(group)
    meeting = tonight_s(group)

    page = client.post(address(meeting), {"present": [], "newcomer": ["", " "]}).text

    assert "Tap who was here, or write how many came." in page
    meeting.refresh_from_db()
    assert meeting.status == Meeting.Status.PLANNED


@pytest.mark.parametrize(
    ("sent", "heads"), [({"heads_parents": "0"}, 0), ({"nobody_counted": "on"}, None)]
)
def test_nobody_came_is_not_nobody_counted(client, group, rosa, sent, heads):
    meeting = tonight_s(group)

    page = client.post(address(meeting), sent, follow=True).text

    meeting.refresh_from_db()
    assert (meeting.status, meeting.heads_parents) == (Meeting.Status.HELD, heads)
    figure = re.search(r'Parents</span>\s*<strong class="figure-value[^>]*>([^<]+)<', page)
    assert figure is not None
    assert figure[1] == ("0" if heads == 0 else "not known")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"heads_parents": "2", "heads_new": "3"}, "More are new than were counted"),
        ({"heads_new": "1", "newcomer": ["Bo"]}, "More are new than were counted"),
        ({"heads_parents": "-1"}, "greater than or equal to 0"),
        ({"heads_parents": "a few"}, "Enter a whole number"),
        ({"newcomer": ["Bo", "bo"]}, "Two newcomers are called bo."),
        ({"newcomer": ["ANA", "Bo"]}, "There is already Ana in this group."),
        ({"newcomer": [f"Guest {n}" for n in range(31)]}, "At most 30 newcomers at a time."),
        ({"present": ["987654"], "newcomer": ["Bo"]}, "has left the group since"),
    ],
)
def test_bad_input_is_answered_in_words_and_loses_nothing(client, group, rosa, sent, words):
    cleo = make_membership(group, alias="Cleo")
    make_membership(group, alias="Ana")
    meeting = tonight_s(group)
    sent = {"present": [], **sent}
    sent["present"] = [*sent["present"], cleo.pk]

    page = client.post(address(meeting), sent).text

    assert words in page
    assert seats(page) == {"Ana": False, "Cleo": True}
    for alias in sent.get("newcomer", []):
        assert alias in newcomer_boxes(page)
    if "heads_parents" in sent:
        assert f'value="{sent["heads_parents"]}"' in page
    assert not Attendance.objects.exists()
    assert Parent.objects.count() == 2


def test_one_more_box_without_script_saves_nothing_and_keeps_everything(client, group, rosa):
    ana = make_membership(group, alias="Ana")
    meeting = tonight_s(group)

    page = client.post(
        address(meeting), {"more": "1", "present": [ana.pk], "newcomer": ["Calm River"]}
    ).text

    assert newcomer_boxes(page) == ["Calm River", ""]
    assert seats(page) == {"Ana": True}
    assert 'role="alert"' not in page
    assert not Attendance.objects.exists()


def test_save_is_the_first_button_so_that_enter_saves(client, group, rosa):
    page = client.get(address(tonight_s(group))).text
    form = page[page.index("data-roll") :]

    assert re.search(r"<button[^>]*>", form)[0] == (
        '<button class="first-button" tabindex="-1" aria-hidden="true">'
    )


def test_meeting_cancelled_since_keeps_what_was_tapped(client, group, rosa):
    ana = make_membership(group, alias="Ana")
    meeting = tonight_s(group)
    client.get(address(meeting))
    cancel_meeting(meeting=meeting, because="Rain", by=rosa, at=TONIGHT)

    page = client.post(address(meeting), {"present": [ana.pk]}).text

    assert "This meeting has not started or was cancelled. Nothing was saved." in page
    assert seats(page) == {"Ana": True}
    assert not Attendance.objects.exists()
    assert "Rain" in client.get(address(meeting)).text


def test_meeting_to_come_shows_who_is_expected_and_no_form(client, group, rosa):
    ana = make_membership(group, alias="Ana")
    make_membership(group, alias="Quiet Oak")
    meeting = make_meeting(group, starts_at=TONIGHT + timedelta(hours=1))
    Reply.objects.create(meeting=meeting, membership=ana, will_come=True)

    page = client.get(address(meeting)).text

    assert "You can say who came once it has begun." in page
    assert "Ana" in page
    assert "Quiet Oak" not in page
    assert "data-roll" not in page


def test_open_group_counts_heads_first(client):
    programme = make_programme(playbook_key="circle-of-parents")
    group = make_group(programme, is_open=True)
    client.force_login(make_leader(group))
    meeting = tonight_s(group)

    page = client.get(address(meeting)).text
    assert page.index("heads_parents") < page.index('name="newcomer"')
    assert "<details" not in page[page.index("data-roll") :]

    client.post(address(meeting), {"heads_parents": "9", "heads_new": "2", "children": "11"})

    meeting.refresh_from_db()
    counts = (meeting.heads_parents, meeting.heads_new, meeting.children)
    assert counts == (9, 2, 11)
    assert Parent.objects.count() == 0


def test_coordinator_records_any_group_from_their_own_address(client, group):
    meeting = tonight_s(group)
    client.force_login(make_coordinator(group.organisation))
    url = f"/o/{group.organisation.slug}/meetings/{meeting.pk}/roll/"

    assert f"/groups/{group.pk}/" in client.get(url).text
    assert client.post(url, {"heads_parents": "4"}).headers["Location"] == url
    meeting.refresh_from_db()
    assert meeting.heads_parents == 4


def test_childrens_leader_sees_the_record_and_cannot_change_it(client, group, rosa):
    meeting = tonight_s(group)
    record_attendance(meeting=meeting, present=[], heads_parents=4, by=rosa, at=TONIGHT)
    part = Leadership.Part.CHILDRENS_LEADER
    client.force_login(make_leader(group, part=part, role=Role.CHILDRENS_LEADER))

    page = client.get(address(meeting, "?change=1")).text

    assert "data-roll" not in page
    assert 'roll/?change=1">Change' not in page
    assert client.post(address(meeting), {"heads_parents": "9"}).status_code == 404
    meeting.refresh_from_db()
    assert meeting.heads_parents == 4


def test_stranger_gets_the_page_that_is_not_there(client, group):
    meeting = tonight_s(group)
    here = group.organisation
    strangers = [
        make_leader(make_group(group.programme)),
        make_leader(make_group()),
        make_user(role=Role.PARENT_LEADER, organisation=here),
        make_user(),
    ]

    for user in strangers:
        client.force_login(user)
        got = client.get(address(meeting))
        missing = client.get(address(meeting).replace(f"/{meeting.pk}/", "/987654/"))
        assert (got.status_code, got.text) == (404, missing.text)
        assert client.post(address(meeting), {"heads_parents": "1"}).status_code == 404
    assert not Event.objects.filter(subject="meeting").exists()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("state", ["to record", "recorded"])
def test_roll_asks_a_fixed_number_of_queries(
    client, group, rosa, rows, state, django_assert_num_queries
):
    members = [make_membership(group) for _ in range(rows)]
    meeting = tonight_s(group)
    for count in range(rows + 1 if state == "recorded" else 0):
        record_attendance(
            meeting=meeting, present=members, heads_parents=count, by=rosa, at=TONIGHT
        )
    client.get(address(meeting))

    # Session and user, organisation and permissions, the meeting, may it be recorded, the seats;
    # once recorded, its corrections and who made them too.
    with django_assert_num_queries(13):
        page = client.get(address(meeting)).text

    assert all(member.alias in page for member in members)


def test_page_is_light_enough_for_a_cheap_phone(client, group, rosa):
    for _ in range(12):
        make_membership(group)

    response = client.get(address(tonight_s(group)))

    assert len(response.content) < 30_000


def test_saving_needs_the_token_of_the_form(group):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_leader(group))

    assert client.post(address(tonight_s(group)), {"heads_parents": "1"}).status_code == 403
