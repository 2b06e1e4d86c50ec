"""The page that leads the go-round: opened, tapped, handed over, closed."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from goround.apps.circle.models import Evenness, OpenCircle
from goround.apps.circle.services import act
from goround.domain.circle.commands import Leading, TakeLead
from goround.domain.circle.facts import Way
from tests.make import NOON, make_membership, make_user

pytestmark = pytest.mark.django_db

AS_PART = {"HX-Request": "true"}


def tap(client, evening, act: str, **more: object):
    """Tap a button as it stands on the page now."""
    page = client.get(evening.page("circle")).text
    sent = {
        "act": act,
        "key": re.search(r'name="key" value="([^"]+)"', page)[1],
        "turn": re.search(r'name="turn" value="(\d+)"', page)[1],
    }
    return client.post(evening.page("circle"), sent | more, headers=AS_PART)


def name_on(page: str) -> str:
    found = re.search(r'class="circle-name[^"]*">([^<]+)<', page)
    return found[1] if found else ""


def test_circle_opens_with_members_tapped_and_newcomers_written(evening):
    ana = make_membership(evening.meeting.group, alias="Ana")
    make_membership(evening.meeting.group, alias="Not here")
    client = evening.as_leader()
    assert "Tap who is here" in client.get(evening.page("circle")).text

    sent = {"present": [ana.pk], "newcomer": ["Ben", "", "Cleo"], "soft": "120"}
    response = client.post(evening.page("circle_open"), sent, follow=True)

    circle = OpenCircle.objects.get()
    assert list(circle.people.values_list("alias", flat=True)) == ["Ana", "Ben", "Cleo"]
    assert (circle.circle().soft_seconds, circle.video_url) == (120, "")
    assert "Not here" not in response.text


def test_everybody_is_expected_but_who_said_no_until_attendance_is_recorded(evening):
    group, client = evening.meeting.group, evening.as_leader()
    members = [make_membership(group, alias=alias) for alias in ("Ana", "Ben", "Cleo")]
    evening.meeting.replies.create(membership=members[1], will_come=False)
    assert ticked(client.get(evening.page("circle")).text) == ["Ana", "Cleo"]

    evening.meeting.attendances.create(membership=members[1])
    assert ticked(client.get(evening.page("circle")).text) == ["Ben"]


def ticked(page: str) -> list[str]:
    return re.findall(r' checked><span class="seat-face">.*?seat-name">([^<]+)<', page)


def test_video_room_is_long_random_and_says_nothing(evening):
    client = evening.as_leader()

    client.post(evening.page("circle_open"), {"newcomer": ["Ana"], "soft": "120", "video": "on"})

    assert re.fullmatch(r"https://meet\.jit\.si/[a-z]{22}", OpenCircle.objects.get().video_url)


def test_service_of_video_calls_is_a_setting(evening, settings):
    settings.VIDEO_CALLS = ""
    client = evening.as_leader()
    assert "video call" not in client.get(evening.page("circle")).text

    client.post(evening.page("circle_open"), {"newcomer": ["Ana"], "soft": "120", "video": "on"})

    assert OpenCircle.objects.get().video_url == ""


def test_round_goes_on_tap_by_tap(evening):
    client = evening.as_leader()
    evening.open(client=client)

    pages = [tap(client, evening, act).text for act in ("begin", "finish", "pass", "undo")]

    assert [name_on(page) for page in pages] == ["Ana", "Ben", "Cleo", "Ben"]


def test_double_tap_is_one_tap(evening):
    client = evening.as_leader()
    evening.open(client=client)
    page = tap(client, evening, "begin").text
    key = re.search(r'name="key" value="([^"]+)"', page)[1]

    for _ in range(2):
        sent = {"act": "finish", "key": key, "turn": "1"}
        page = client.post(evening.page("circle"), sent, headers=AS_PART).text

    assert name_on(page) == "Ben"


def test_tap_without_scripts_leads_back_to_the_page(evening):
    client = evening.as_leader()
    evening.open(client=client)

    response = client.post(evening.page("circle"), {"act": "begin", "key": "k", "turn": "0"})

    assert (response.status_code, response.headers["Location"]) == (302, evening.page("circle"))
    page = client.get(evening.page("circle")).text
    assert name_on(page) == "Ana"
    assert '<noscript><meta http-equiv="refresh"' in page


def test_part_is_what_the_page_holds(evening):
    client = evening.as_leader()
    evening.open(client=client)
    tap(client, evening, "begin")

    page = client.get(evening.page("circle")).text
    part = client.get(evening.page("circle"), headers=AS_PART).text

    assert _without_seconds(part).strip() in _without_seconds(page)
    assert "<html" not in part


def _without_seconds(page: str) -> str:
    """CSRF tokens are masked anew each time; seconds pass."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    return re.sub(r'data-spent="\d+"', "", page)


def test_another_leader_takes_over_from_a_device_that_died(evening):
    dolores, leonel = evening.as_leader(), evening.as_leader(evening.leonel)
    evening.open(client=dolores)
    tap(dolores, evening, "begin")
    assert "Lead from here" in leonel.get(evening.page("circle")).text

    refused = leonel.post(
        evening.page("circle"), {"act": "finish", "key": "k", "turn": "1"}, headers=AS_PART
    )
    assert name_on(refused.text) == "Ana"

    page = leonel.get(evening.page("circle")).text
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    leonel.post(evening.page("circle"), {"act": "lead", "key": key})
    assert name_on(tap(leonel, evening, "finish").text) == "Ben"
    assert "Lead from here" in dolores.get(evening.page("circle")).text


def test_somebody_who_just_came_gets_a_seat(evening):
    client = evening.as_leader()
    evening.open(client=client)
    sent = {"alias": "Dora", "way": Way.TELEPHONE, "key": "k"}

    page = client.post(evening.page("circle_person"), sent, follow=True).text
    again = client.post(evening.page("circle_person"), sent | {"key": "other"})

    assert "Dora has a seat." in page
    assert "on the telephone" in page
    assert again.status_code == 422
    assert "Somebody here is called that" in again.text


def test_turn_of_somebody_on_the_telephone_says_who_taps(evening):
    client = evening.as_leader()
    evening.open("Ana", "Ben", client=client)
    tap(client, evening, "way-telephone", seat=1)

    page = tap(client, evening, "begin").text

    assert "Tell Ana on the telephone that it is their turn." in page


def test_door_is_shut_and_opened_with_a_new_code(evening):
    client = evening.as_leader()
    first = evening.open(client=client).code

    shut = client.post(evening.page("circle_door"), {"door": "shut"}, follow=True).text
    opened = client.post(evening.page("circle_door"), {"door": "open"}, follow=True).text

    assert first[:4] not in shut
    assert "The door is shut." in shut
    assert OpenCircle.objects.get().code[:4] in opened


def test_closing_asks_first_and_keeps_nothing_by_itself(evening):
    client = evening.as_leader()
    evening.open(client=client)
    assert OpenCircle.objects.count() == 1
    assert "Close the go-round?" in client.get(evening.page("circle_close")).text

    client.post(evening.page("circle_close"), {})

    assert (OpenCircle.objects.count(), Evenness.objects.count()) == (0, 0)


def test_other_days_have_no_circle(evening):
    evening.meeting.starts_at = evening.meeting.occurrence = NOON
    evening.meeting.ends_at = NOON.replace(hour=14)
    evening.meeting.save()
    client = evening.as_leader()

    page = client.get(evening.page("circle")).text
    client.post(evening.page("circle_open"), {"newcomer": ["Ana"], "soft": "120"})

    assert "on the day of the meeting" in page
    assert not OpenCircle.objects.exists()


def test_stranger_finds_no_circle(evening):
    evening.open()
    stranger = evening.as_leader(make_user())

    for name in ("guide", "circle", "circle_live", "circle_close"):
        assert stranger.get(evening.page(name)).status_code == 404
    for name in ("circle", "circle_open", "circle_person", "circle_door", "circle_close"):
        assert stranger.post(evening.page(name), {"act": "lead", "key": "k"}).status_code == 404
    assert OpenCircle.objects.get().version == 1


def test_page_asks_the_database_as_often_for_three_as_for_thirty(
    evening, django_assert_max_num_queries
):
    few, many = evening.as_leader(), evening.as_leader(evening.leonel)
    circle = evening.open(*(f"P{number}" for number in range(30)), client=few)
    act(
        circle=circle,
        command=TakeLead("k"),
        hand=Leading(few.session["circle_device"]),
        by=None,
        at=timezone.now(),
    )
    many.get(evening.page("circle"))

    with django_assert_max_num_queries(11):
        many.get(evening.page("circle"))
