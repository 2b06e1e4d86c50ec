from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from goround.apps.meetings.models import Meeting
from goround.apps.meetings.services import record_attendance
from goround.domain.calendar.recurrence import Rhythm
from tests.make import make_coordinator, make_group, make_meeting, make_programme
from tests.make_groups import begin_group, make_rule
from tests.web.groups.conftest import TONIGHT

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def ana(client, programme):
    user = make_coordinator(programme.organisation)
    client.force_login(user)
    return user


@pytest.fixture
def group(programme, ana):
    """Mondays from 16 February on, 18:00 to 19:30."""
    return begin_group(make_rule("2026-02-16 18:00"), programme=programme, at=TONIGHT, by=ana)


def o(group, tail: str) -> str:
    return f"/o/{group.organisation.slug}/groups/{group.pk}/{tail}"


def walls(group) -> list[str]:
    starts = group.meetings.order_by("starts_at").values_list("starts_at", flat=True)
    return [f"{moment.astimezone(group.zone):%m-%d %H:%M}" for moment in starts]


def shown(page: str) -> dict[str, str]:
    """What the boxes of a form hold."""
    boxes = re.findall(r'<input type="(?:date|time|number)" name="(\w+)" value="([^"]*)"', page)
    return dict(boxes)


NEW = {
    "first_on": "2026-03-24",
    "rhythm": "every-three-weeks",
    "begins": "19:00",
    "ends": "20:00",
    "ending": "never",
    "before": "keep",
}


def test_hours_begin_as_they_are_from_the_next_meeting_on(client, group):
    page = client.get(o(group, "hours/")).text

    assert shown(page) == {"first_on": "2026-03-09", "begins": "18:00", "ends": "19:30"}
    assert '<option value="weekly" selected>' in page


def test_saving_the_hours_as_they_are_keeps_every_meeting(client, group):
    before = walls(group)
    sent = NEW | {"first_on": "2026-03-09", "rhythm": "weekly", "begins": "18:00", "ends": "19:30"}

    client.post(o(group, "hours/"), sent)

    assert walls(group) == before


def test_hours_change_from_a_day_on(client, group):
    client.post(o(group, "hours/"), NEW)

    group.refresh_from_db()
    assert group.recurrence() == make_rule("2026-03-24 19:00", Rhythm.EVERY_THREE_WEEKS, minutes=60)
    assert walls(group)[:8] == [
        "02-16 18:00",
        "02-23 18:00",
        "03-02 18:00",
        "03-09 18:00",
        "03-16 18:00",
        "03-23 18:00",
        "03-24 19:00",
        "04-14 19:00",
    ]


def test_hours_can_take_away_what_was_planned_before(client, group):
    client.post(o(group, "hours/"), NEW | {"before": "drop"})

    assert walls(group)[2:5] == ["03-02 18:00", "03-24 19:00", "04-14 19:00"]


@pytest.mark.parametrize("first_on", ["2026-03-04", "2026-02-24"])
def test_hours_cannot_begin_in_the_past(client, group, first_on):
    before = walls(group)

    page = client.post(o(group, "hours/"), NEW | {"first_on": first_on, "begins": "17:00"}).text

    assert "Other hours can only begin from now on." in page
    assert shown(page)["first_on"] == first_on
    assert walls(group) == before


def test_course_shows_how_many_meetings_are_left(client, programme, ana):
    rule = make_rule("2026-02-16 18:00", count=10)
    course = begin_group(rule, programme=programme, at=TONIGHT, by=ana)

    page = client.get(o(course, "hours/")).text

    assert shown(page)["count"] == "7"  # three were before
    sent = NEW | {"first_on": "2026-03-09", "rhythm": "weekly", "begins": "18:00", "ends": "19:30"}
    client.post(o(course, "hours/"), sent | {"ending": "count", "count": "7"})
    assert course.meetings.count() == 10


def test_group_on_two_weekdays_keeps_both(client, programme, ana):
    rule = make_rule("2026-03-09 18:00", weekdays=(0, 3))
    group = begin_group(rule, programme=programme, at=TONIGHT, by=ana)
    sent = NEW | {"first_on": "2026-03-16", "rhythm": "weekly"}

    client.post(o(group, "hours/"), sent)

    group.refresh_from_db()
    assert group.recurrence().weekdays == (0, 3)


def test_skipped_days_are_ticked_and_their_meetings_gone(client, group):
    page = client.get(o(group, "skipped/")).text
    days = re.findall(r'name="days" value="([\d-]+)"', page)
    assert days[:3] == ["2026-03-09", "2026-03-16", "2026-03-23"]
    assert len(days) == 40

    client.post(o(group, "skipped/"), {"days": ["2026-03-16"]})

    assert walls(group)[2:5] == ["03-02 18:00", "03-09 18:00", "03-23 18:00"]
    again = client.get(o(group, "skipped/")).text
    assert re.findall(r'value="([\d-]+)"[^>]* checked', again) == ["2026-03-16"]

    client.post(o(group, "skipped/"), {})
    assert "03-16 18:00" in walls(group)


def test_skipped_days_refuse_what_is_no_day_of_the_series(client, group):
    page = client.post(o(group, "skipped/"), {"days": ["2026-03-17"]}).text

    assert "Select a valid choice." in page


def test_skipped_days_that_the_page_does_not_offer_are_kept(client, group):
    group.skipped_days = ["2026-02-23"]
    group.save(update_fields=["skipped_days"])

    client.post(o(group, "skipped/"), {"days": ["2026-03-16"]})

    group.refresh_from_db()
    assert group.days_skipped() == {date(2026, 2, 23), date(2026, 3, 16)}


@pytest.fixture
def coming(group) -> Meeting:
    return group.meetings.filter(starts_at__gt=TONIGHT).order_by("starts_at")[0]


def one(meeting: Meeting) -> str:
    return o(meeting.group, f"meetings/{meeting.pk}/")


def test_one_meeting_is_moved_and_stays_the_same(client, coming):
    client.post(
        one(coming),
        {
            "do": "move",
            "move-day": "2026-03-10",
            "move-begins": "17:00",
            "move-because": "The library is closed",
        },
    )

    moved = Meeting.objects.get(pk=coming.pk)
    assert moved.occurrence == coming.occurrence
    assert moved.starts_at == datetime(2026, 3, 11, 0, 0, tzinfo=UTC)
    page = client.get(o(coming.group, "")).text
    assert "Tuesday 10 March, 17:00–18:30" in page
    assert "The library is closed" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"move-because": " "}, "Say in a few words why"),
        ({"move-day": "2026-03-16", "move-begins": "18:00"}, "The group meets at that time anyway"),
        ({"move-day": "soon"}, "Enter a valid date."),
    ],
)
def test_move_answers_bad_input_and_loses_nothing(client, coming, changes, words):
    sent = {
        "do": "move",
        "move-day": "2026-03-10",
        "move-begins": "17:00",
        "move-because": "Flood in the hall",
    }

    page = client.post(one(coming), sent | changes).text

    assert words in page
    assert f'value="{(sent | changes)["move-begins"]}"' in page
    assert Meeting.objects.get(pk=coming.pk).starts_at == coming.starts_at


def test_one_meeting_is_cancelled_with_a_reason_and_restored(client, coming):
    assert "This field is required." in client.post(one(coming), {"do": "cancel"}).text
    client.post(one(coming), {"do": "cancel", "cancel-because": "Holiday"})
    assert Meeting.objects.get(pk=coming.pk).cancelled_because == "Holiday"
    assert "Holiday" in client.get(o(coming.group, "")).text

    client.post(one(coming), {"do": "restore"})

    assert Meeting.objects.get(pk=coming.pk).status == Meeting.Status.PLANNED


def test_meeting_held_since_can_no_longer_be_cancelled(client, group, ana):
    meeting = group.meetings.order_by("starts_at")[0]
    client.get(one(meeting))
    record_attendance(meeting=meeting, present=[], heads_parents=4, by=ana, at=TONIGHT)

    page = client.post(one(meeting), {"do": "cancel", "cancel-because": "Rain"}).text

    assert "can no longer be moved or cancelled" in page
    assert Meeting.objects.get(pk=meeting.pk).status == Meeting.Status.HELD


def test_meeting_of_another_group_is_not_there(client, group, programme):
    other = make_meeting(make_group(programme), starts_at=TONIGHT + timedelta(days=1))
    foreign = make_meeting(make_group(), starts_at=TONIGHT + timedelta(days=1))

    for meeting in (other, foreign):
        url = o(group, f"meetings/{meeting.pk}/")
        assert client.get(url).status_code == 404
        sent = {"do": "cancel", "cancel-because": "Rain"}
        assert client.post(url, sent).status_code == 404
        assert Meeting.objects.get(pk=meeting.pk).status == Meeting.Status.PLANNED
