"""A time zone written out for calendar programs, over the years a calendar needs.

icalendar can write one too, but gives each spring change an hour late: the onset belongs in the
offset before the change (RFC 5545, 3.6.5).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard


def vtimezone(zone: ZoneInfo, begin: datetime, end: datetime) -> Timezone:
    """The VTIMEZONE of ``zone``, right from ``begin`` to ``end`` (aware): one part per offset."""
    component = Timezone()
    component.add("tzid", zone.key)
    component.add_component(_observance(zone, begin, _offset(zone, begin)))
    parts: dict[tuple[timedelta, timedelta], TimezoneStandard | TimezoneDaylight] = {}
    for change in _changes(zone, begin, end):
        before = _offset(zone, change - timedelta(seconds=1))
        key = (before, _offset(zone, change))
        if key in parts:
            parts[key].add("rdate", _face(change, before))
        else:
            parts[key] = _observance(zone, change, before)
            component.add_component(parts[key])
    return component


def _observance(
    zone: ZoneInfo, change: datetime, before: timedelta
) -> TimezoneStandard | TimezoneDaylight:
    here = change.astimezone(zone)
    part = TimezoneDaylight() if here.dst() else TimezoneStandard()
    part.add("dtstart", _face(change, before))
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", _offset(zone, change))
    part.add("tzname", here.tzname() or zone.key)
    return part


def _face(moment: datetime, offset: timedelta) -> datetime:
    """What a clock set to this offset shows."""
    return (moment.astimezone(UTC) + offset).replace(tzinfo=None)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)


def _changes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """Every moment, to the second, at which the offset from UTC changes.

    Looks once a week: no zone has changed to and fro within seven days since 1970.
    """
    step = timedelta(days=7)
    low = begin.astimezone(UTC).replace(microsecond=0)
    while low < end:
        high = low + step
        if _offset(zone, low) != _offset(zone, high):
            yield _first_after(zone, low, high)
        low = high


def _first_after(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    before = _offset(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high
