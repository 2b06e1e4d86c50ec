"""The calendar file: well formed, and the same meetings as our own."""

# ruff: noqa: DTZ001 (a recurrence is written in local time, without a zone)

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from goround.domain.calendar import (
    Exceptions,
    Move,
    Occurrence,
    Recurrence,
    Rhythm,
    Series,
    Status,
    group_calendar,
    occurrences,
)
from goround.domain.calendar.vtimezone import vtimezone
from tests.domain.calendar.strategies import ZONES, with_exceptions

LA = "America/Los_Angeles"
STAMPED_AT = datetime(2026, 1, 2, 9, 30, tzinfo=UTC)


def series(rule: Recurrence, exceptions: Exceptions | None = None, **more: object) -> Series:
    settings = {"uid": "7c5@example.org", "title": "Evening", "stamped_at": STAMPED_AT} | more
    return Series(rule=rule, exceptions=exceptions or Exceptions(), **settings)  # type: ignore[arg-type]


def parsed(*every: Series) -> Calendar:
    return Calendar.from_ical(group_calendar(every))


def assert_well_formed(calendar: Calendar) -> None:
    """icalendar reads a file without UID or DTSTAMP and says nothing, so look ourselves."""
    for component in calendar.walk():
        missing = [name for name in component.required if name not in component]
        assert (component.name, missing) == (component.name, [])
        assert (component.name, component.errors) == (component.name, [])
    assert calendar.get_missing_tzids() == set()
    assert all(event["UID"] and event["DTSTAMP"] for event in calendar.events)


def test_feed_of_a_series_with_every_exception():
    rule = Recurrence(Rhythm.WEEKLY, datetime(2026, 11, 12, 18), LA, 90, count=5)
    changes = Exceptions(
        skip_days=frozenset({date(2026, 11, 26), date(2026, 12, 25)}),
        cancelled=frozenset({date(2026, 12, 3)}),
        moved={date(2026, 11, 19): Move(datetime(2026, 11, 20, 17), minutes=60)},
    )

    calendar = parsed(series(rule, changes, sequence=4, place="Community room, Pacoima"))

    assert_well_formed(calendar)
    master, *others = calendar.events
    assert master["RRULE"].to_ical() == b"FREQ=WEEKLY;COUNT=5;BYDAY=TH"
    assert master["EXDATE"].to_ical() == b"20261126T180000"
    assert master["DURATION"].dt == timedelta(minutes=90)
    assert [
        (event["RECURRENCE-ID"].to_ical(), event["DTSTART"].to_ical(), event["STATUS"])
        for event in others
    ] == [
        (b"20261119T180000", b"20261120T170000", "CONFIRMED"),
        (b"20261203T180000", b"20261203T180000", "CANCELLED"),
    ]
    assert {
        (event["UID"], event["SEQUENCE"], event["SUMMARY"], event["LOCATION"], event["CLASS"])
        for event in calendar.events
    } == {("7c5@example.org", 4, "Evening", "Community room, Pacoima", "PRIVATE")}
    assert {event["DTSTAMP"].dt for event in calendar.events} == {STAMPED_AT}


def test_feed_of_the_same_facts_is_the_same_bytes():
    rule = Recurrence(Rhythm.MONTHLY, datetime(2026, 1, 13, 18), "Europe/London", 90)
    days = [date(2026, 2, 10), date(2026, 3, 10), date(2026, 4, 14)]

    one = group_calendar([series(rule, Exceptions(frozenset(days)))])
    other = group_calendar([series(rule, Exceptions(frozenset(reversed(days))))])

    assert one == other


def test_feed_without_place_has_no_location():
    rule = Recurrence(Rhythm.MONTHLY, datetime(2026, 1, 13, 18), "Europe/London", 90)

    assert "LOCATION" not in parsed(series(rule)).events[0]


def test_feed_of_several_groups_names_each_time_zone_once():
    rules = [
        Recurrence(Rhythm.WEEKLY, datetime(2026, 1, 6, 18), zone, 90)
        for zone in ("Europe/London", LA, "Europe/London")
    ]

    calendar = parsed(*(series(rule, uid=f"{n}@example.org") for n, rule in enumerate(rules)))

    assert_well_formed(calendar)
    assert [str(zone["TZID"]) for zone in calendar.timezones] == [LA, "Europe/London"]
    assert [str(event["UID"]) for event in calendar.events] == [
        "0@example.org",
        "1@example.org",
        "2@example.org",
    ]


def test_feed_of_no_group_is_an_empty_calendar():
    calendar = parsed()

    assert_well_formed(calendar)
    assert calendar.events == []


def test_feed_says_nothing_of_what_the_software_is_for():
    rule = Recurrence(Rhythm.WEEKLY, datetime(2026, 1, 6, 18), LA, 90)

    text = group_calendar([series(rule)]).decode().lower()

    assert [word for word in ("parent", "support", "group", "child") if word in text] == []


@settings(max_examples=60)
@given(with_exceptions())
def test_feed_holds_the_same_meetings_as_our_own(case):
    rule, changes = case
    begin = rule.first.replace(tzinfo=UTC) - timedelta(days=60)
    end = begin + timedelta(days=400)

    calendar = parsed(series(rule, changes))
    theirs = recurring_ical_events.of(calendar).between(begin, end)
    ours = occurrences(rule, exceptions=changes, between=(begin, end))

    assert_well_formed(calendar)
    assert sorted(theirs_as_facts(event) for event in theirs if starts_in(event, begin, end)) == (
        sorted(ours_as_facts(item) for item in ours)
    )


def theirs_as_facts(event: Event) -> tuple[datetime, datetime, bool]:
    start = event["DTSTART"].dt
    end = start + event["DURATION"].dt if "DURATION" in event else event["DTEND"].dt
    return facts(start, end, event["STATUS"] == "CANCELLED")


def ours_as_facts(item: Occurrence) -> tuple[datetime, datetime, bool]:
    return facts(item.starts_at, item.ends_at, item.status is Status.CANCELLED)


def facts(start: datetime, end: datetime, is_off: bool) -> tuple[datetime, datetime, bool]:
    """Start, end and whether it is off.

    Where the clocks change around a meeting, its end is left out: RFC 5545 (3.3.6) counts real
    minutes, as we do, and the other reader counts on the clock face.
    """
    begin = start.astimezone(UTC)
    before, after = (begin + timedelta(hours=hours) for hours in (-6, 6))
    changes = (
        before.astimezone(start.tzinfo).utcoffset() != after.astimezone(start.tzinfo).utcoffset()
    )
    return begin, begin if changes else end.astimezone(UTC), is_off


def starts_in(event: Event, begin: datetime, end: datetime) -> bool:
    return begin <= event["DTSTART"].dt.astimezone(UTC) < end


@settings(max_examples=60)
@given(st.sampled_from(ZONES), st.datetimes(datetime(2012, 1, 1), datetime(2026, 1, 1)), st.data())
def test_written_time_zone_is_right_to_the_minute(name, begin, data):
    zone = ZoneInfo(name)
    begin = begin.replace(tzinfo=UTC, microsecond=0)
    end = begin + timedelta(days=1500)
    moments = data.draw(st.lists(st.datetimes(naive(begin), naive(end)), min_size=20, max_size=60))

    component = vtimezone(zone, begin, end)

    for moment in [begin, *(each.replace(tzinfo=UTC) for each in moments)]:
        assert offset_read(component, moment) == moment.astimezone(zone).utcoffset()


@pytest.mark.parametrize(
    ("name", "last_second"),
    [
        (LA, datetime(2026, 3, 8, 9, 59, 59, tzinfo=UTC)),
        (LA, datetime(2026, 11, 1, 8, 59, 59, tzinfo=UTC)),
        ("Europe/London", datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC)),
        ("Europe/London", datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC)),
    ],
)
def test_written_time_zone_changes_at_the_right_second(name, last_second):
    zone = ZoneInfo(name)
    component = vtimezone(zone, STAMPED_AT, STAMPED_AT + timedelta(days=700))
    around = [last_second, last_second + timedelta(seconds=1)]

    read = [offset_read(component, moment) for moment in around]

    assert read == [moment.astimezone(zone).utcoffset() for moment in around]
    assert read[0] != read[1]


def naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def offset_read(component: Calendar, moment: datetime) -> timedelta:
    """The offset as RFC 5545 3.6.5 reads it: that of the latest onset not after the moment."""
    onsets = []
    for part in component.subcomponents:
        dates = part.get("RDATE", [])
        dates = dates if isinstance(dates, list) else [dates]
        faces = [part["DTSTART"].dt, *(each.dt for rdate in dates for each in rdate.dts)]
        before = part["TZOFFSETFROM"].td
        onsets += [(naive_utc(face, before), part["TZOFFSETTO"].td) for face in faces]
    return max(onset for onset in onsets if onset[0] <= moment)[1]


def naive_utc(face: datetime, offset: timedelta) -> datetime:
    return (face - offset).replace(tzinfo=UTC)
