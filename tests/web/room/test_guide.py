"""The meeting guide follows the playbook of the group."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from goround.apps.circle.models import Evenness
from tests.make import make_meeting, make_programme
from tests.web.room.conftest import Evening

pytestmark = pytest.mark.django_db


def playing(evening: Evening, playbook: str, *, minutes: int = 120) -> Evening:
    group, meeting = evening.meeting.group, evening.meeting
    group.programme = make_programme(group.organisation, playbook)
    group.save()
    meeting.ends_at = meeting.starts_at + timedelta(minutes=minutes)
    meeting.save()
    return evening


def labels(page: str) -> list[str]:
    return re.findall(r'class="guide-label">([^<]+)<', page)


def test_guide_shows_the_parts_of_the_playbook(evening):
    page = playing(evening, "circle-of-parents").as_leader().get(evening.page("guide")).text

    assert labels(page) == [
        "Welcome",
        "What we promise each other",
        "Check-in round",
        "Open discussion",
        "Closing round",
        "Next time",
    ]
    assert "60 minutes" in page


def test_part_says_how_to_begin_and_leads_to_the_next(evening):
    client = playing(evening, "circle-of-parents").as_leader()

    principles = client.get(evening.page("guide"), {"part": "2"}).text
    check_in = client.get(evening.page("guide"), {"part": "3"}).text
    last = client.get(evening.page("guide"), {"part": "6"}).text

    assert "Parenting in the present" in principles
    assert "How was your week" in check_in
    assert "Begin the go-round" in check_in
    assert 'href="?part=4"' in check_in
    assert "Who was here?" in last


def test_first_meeting_of_families_is_the_short_introduction(evening):
    client = playing(evening, "families-make-the-difference").as_leader()

    short = client.get(evening.page("guide")).text
    whole = client.get(evening.page("guide"), {"ordinary": "1"}).text

    assert labels(short) == ["Why a small group", "Find your group", "First round", "Before you go"]
    assert labels(whole)[0] == "Welcome"
    assert 'href="?part=1&amp;ordinary=1"' in whole


def test_second_meeting_of_families_is_a_whole_one(evening):
    playing(evening, "families-make-the-difference")
    make_meeting(evening.meeting.group, starts_at=evening.meeting.starts_at - timedelta(days=7))

    page = evening.as_leader().get(evening.page("guide")).text

    assert labels(page)[0] == "Welcome"
    assert "meeting 2" in page


@pytest.mark.parametrize("asked", ["0", "99", "x", "²", "-1", "1" * 50])
def test_part_that_there_is_not_shows_all_parts(evening, asked):
    page = evening.as_leader().get(evening.page("guide"), {"part": asked})

    assert page.status_code == 200
    assert len(labels(page.text)) == 4


def test_figure_that_the_group_kept_is_shown_to_those_who_lead(evening):
    Evenness.objects.create(meeting=evening.meeting, value="0.84")

    assert "0.84" in evening.as_leader().get(evening.page("guide")).text
