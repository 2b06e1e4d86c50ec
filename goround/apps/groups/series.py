"""Finding one's way in a group's series."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import takewhile

from goround.domain.calendar.recurrence import (
    Recurrence,
    days,
    is_meeting_day,
    make_up_skipped,
)


def first_from(rule: Recurrence, skipped: frozenset[date], day: date) -> date | None:
    """The first day on or after ``day`` on which the series meets; None when it is over."""
    return next((each for each in days(rule) if each >= day and each not in skipped), None)


def meetings_of(
    rule: Recurrence, skipped: frozenset[date], *, since: date | None = None
) -> int | None:
    """How many meetings the series comes to, skipped days left out; None where it has no number.

    With ``since``, those from that day on.
    """
    if rule.count is None:
        return None
    past = takewhile(lambda day: since is not None and day < since, days(rule))
    gone = sum(1 for day in past if day not in skipped)
    return rule.count - gone - sum(1 for day in skipped if is_meeting_day(rule, day))


def skipping(rule: Recurrence, before: frozenset[date], after: frozenset[date]) -> Recurrence:
    """The series with other days skipped, and still as many meetings as before."""
    wanted = meetings_of(rule, before)
    return make_up_skipped(replace(rule, count=wanted), after) if wanted else rule
