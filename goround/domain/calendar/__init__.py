"""When groups meet: one recurrence each, its exceptions, its feed, its months."""

from goround.domain.calendar.feed import Series, group_calendar
from goround.domain.calendar.month import month_bounds, statistics_due
from goround.domain.calendar.recurrence import (
    LAST,
    NO_EXCEPTIONS,
    Exceptions,
    Move,
    Occurrence,
    Recurrence,
    RecurrenceError,
    Rhythm,
    Status,
    is_meeting_day,
    make_up_skipped,
    occurrences,
)
from goround.domain.calendar.rrule import from_rrule, to_rrule

__all__ = [
    "LAST",
    "NO_EXCEPTIONS",
    "Exceptions",
    "Move",
    "Occurrence",
    "Recurrence",
    "RecurrenceError",
    "Rhythm",
    "Series",
    "Status",
    "from_rrule",
    "group_calendar",
    "is_meeting_day",
    "make_up_skipped",
    "month_bounds",
    "occurrences",
    "statistics_due",
    "to_rrule",
]
