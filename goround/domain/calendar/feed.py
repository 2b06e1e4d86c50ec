"""A group's meetings as a calendar file that a telephone can subscribe to (RFC 5545)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vRecur

from goround.domain.calendar.recurrence import (
    NO_EXCEPTIONS,
    Exceptions,
    Recurrence,
    is_meeting_day,
)
from goround.domain.calendar.rrule import to_rrule
from goround.domain.calendar.vtimezone import vtimezone

PRODUCT = "-//Goround//Meetings//EN"
_ZONE_REACH = timedelta(days=10 * 366)


@dataclass(frozen=True)
class Series:
    """The meetings of one group as its calendar shows them.

    ``uid`` must stay the same for as long as the group does, and ``sequence`` must grow with every
    change. ``title`` and ``place`` are shown on locked screens: both must say nothing about why
    people meet. ``stamped_at`` (aware) is when the series last changed, so that the same facts
    give the same bytes.
    """

    uid: str
    title: str
    rule: Recurrence
    stamped_at: datetime
    exceptions: Exceptions = NO_EXCEPTIONS
    sequence: int = 0
    place: str = ""


def group_calendar(series: Iterable[Series]) -> bytes:
    """One VCALENDAR with every series, its skipped days, moves and cancellations.

    A skipped day is left out (EXDATE); a cancelled meeting stays, marked as cancelled, so that a
    parent who looks sees that it is off.
    """
    every = list(series)
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    for zone, begin, end in _zones(every):
        calendar.add_component(vtimezone(zone, begin, end))
    for one in every:
        calendar.add_component(_master(one))
        for event in _changed(one):
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _zones(every: list[Series]) -> Iterator[tuple[ZoneInfo, datetime, datetime]]:
    """Each time zone once, with the years to write out.

    A series may never end; its zone then reaches ten years past the last change to it.
    """
    for key in sorted({one.rule.timezone for one in every}):
        here = [one for one in every if one.rule.timezone == key]
        zone = here[0].rule.zone
        starts = [one.rule.first.replace(tzinfo=zone) for one in here]
        latest = max([*starts, *(one.stamped_at for one in here)])
        yield zone, min(starts) - timedelta(days=1), latest + _ZONE_REACH


def _master(one: Series) -> Event:
    event = _event(one, one.rule.first, one.rule.minutes, "CONFIRMED")
    event.add("rrule", vRecur.from_ical(to_rrule(one.rule)))
    for day in sorted(one.exceptions.skip_days):
        if one.exceptions.leaves_out(day) and is_meeting_day(one.rule, day):
            event.add("exdate", _planned(one, day))
    return event


def _changed(one: Series) -> Iterator[Event]:
    for day in sorted(one.exceptions.cancelled | one.exceptions.moved.keys()):
        if not is_meeting_day(one.rule, day):
            continue
        move = one.exceptions.moved.get(day)
        first = move.first if move else datetime.combine(day, one.rule.first.time())
        minutes = (move.minutes if move else None) or one.rule.minutes
        status = "CANCELLED" if day in one.exceptions.cancelled else "CONFIRMED"
        event = _event(one, first, minutes, status)
        event.add("recurrence-id", _planned(one, day))
        yield event


def _event(one: Series, first: datetime, minutes: int, status: str) -> Event:
    event = Event()
    event.add("uid", one.uid)
    event.add("dtstamp", one.stamped_at)
    event.add("sequence", one.sequence)
    event.add("summary", one.title)
    event.add("dtstart", first.replace(tzinfo=one.rule.zone))
    event.add("duration", timedelta(minutes=minutes))
    event.add("status", status)
    event.add("class", "PRIVATE")
    if one.place:
        event.add("location", one.place)
    return event


def _planned(one: Series, day: date) -> datetime:
    """The local time the rule gives a day, as it stands on the clock face."""
    return datetime.combine(day, one.rule.first.time(), tzinfo=one.rule.zone)
