from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import recurring_ical_events
from icalendar import Calendar

from goround.apps.meetings.calendar import calendar_of
from goround.apps.meetings.services import cancel_meeting, move_meeting, wind_up
from tests.make import NOON, make_coordinator, make_organisation, make_programme, make_venue
from tests.make_groups import begin_group, make_rule

pytestmark = pytest.mark.django_db


def shown(group, viewer) -> list[tuple[str, str]]:
    """Start and state of every meeting in spring 2026 as a telephone would show them."""
    calendar = Calendar.from_ical(calendar_of(viewer, group))
    events = recurring_ical_events.of(calendar).between(date(2026, 3, 1), date(2026, 5, 1))
    return sorted((f"{event['DTSTART'].dt:%m-%d %H:%M}", str(event["STATUS"])) for event in events)


def test_calendar_shows_moves_cancellations_and_skipped_days():
    group = begin_group(make_rule("2026-03-09 18:00", count=5), skipped_days=[date(2026, 3, 16)])
    ana = make_coordinator(group.organisation)
    _, second, third, _ = group.meetings.order_by("starts_at")
    away = second.starts_at + timedelta(days=1, hours=1)
    move_meeting(meeting=second, starts_at=away, because="Flood", by=ana, at=NOON)
    cancel_meeting(meeting=third, because="Holiday", by=ana, at=NOON)

    assert shown(group, ana) == [
        ("03-09 18:00", "CONFIRMED"),
        ("03-24 19:00", "CONFIRMED"),
        ("03-30 18:00", "CANCELLED"),
        ("04-06 18:00", "CONFIRMED"),
    ]


def test_calendar_agrees_with_the_meetings_planned():
    group = begin_group(make_rule("2026-03-02 18:00"))
    starts = group.meetings.filter(starts_at__lt=datetime(2026, 5, 1, tzinfo=UTC))

    planned = [f"{m.starts_at.astimezone(group.zone):%m-%d %H:%M}" for m in starts]

    assert [start for start, _ in shown(group, make_coordinator(group.organisation))] == planned


def test_calendar_of_a_group_that_ended_ends_with_it():
    group = begin_group(make_rule("2026-02-23 18:00"))
    ana = make_coordinator(group.organisation)
    wind_up(group=group, on=date(2026, 3, 2), by=ana, at=NOON)
    group.refresh_from_db()

    assert shown(group, ana) == [("03-02 18:00", "CONFIRMED")]


def test_calendar_says_nothing_about_why_people_meet():
    programme = make_programme(make_organisation(name="Recovery agency"), name="Recovery")
    hall = make_venue(programme.organisation, name="Eastside Library", address="3rd Street")
    group = begin_group(programme=programme, name="Parents in recovery", venue=hall)

    text = calendar_of(make_coordinator(group.organisation), group).decode()

    assert "LOCATION:Eastside Library\\, 3rd Street" in text
    assert "SUMMARY:Meeting\r\n" in text
    assert "ecovery" not in text


def test_calendar_is_newer_after_each_change():
    group = begin_group()
    ana = make_coordinator(group.organisation)
    meeting = group.meetings.order_by("starts_at")[5]

    before = Calendar.from_ical(calendar_of(ana, group)).events[0]
    again = Calendar.from_ical(calendar_of(ana, group)).events[0]
    cancel_meeting(meeting=meeting, because="Rain", by=ana, at=NOON + timedelta(days=1))
    after = Calendar.from_ical(calendar_of(ana, group)).events[0]

    assert before == again
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt
