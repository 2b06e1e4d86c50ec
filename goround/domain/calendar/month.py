"""A calendar month as a group lives it, and the day its statistics are due."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def month_bounds(year: int, month: int, timezone: str) -> tuple[datetime, datetime]:
    """The first moment of the local month and that of the next: include the one, not the other."""
    return _midnight(date(year, month, 1), timezone), _midnight(_next(year, month), timezone)


def statistics_due(year: int, month: int, day: int) -> date:
    """The last day on which the statistics of that month are in time: a day of the next month."""
    if not 1 <= day <= 28:
        raise ValueError(f"day is {day}; it must be from 1 to 28, which every month has")
    return _next(year, month).replace(day=day)


def _next(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)


def _midnight(day: date, timezone: str) -> datetime:
    """The first moment of the day: where the clocks skip midnight, the moment after the gap."""
    zone = ZoneInfo(timezone)
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return midnight.astimezone(UTC).astimezone(zone)
