"""Counting the meetings of a series that has a number of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from goround.domain.calendar.recurrence import Recurrence, is_meeting_day, make_up_skipped


def meetings_of(rule: Recurrence, skipped: frozenset[date]) -> int | None:
    """How many meetings the series comes to, skipped days left out; None where it has no number."""
    if rule.count is None:
        return None
    return rule.count - sum(1 for day in skipped if is_meeting_day(rule, day))


def skipping(rule: Recurrence, before: frozenset[date], after: frozenset[date]) -> Recurrence:
    """The series with other days skipped, and still as many meetings as before."""
    wanted = meetings_of(rule, before)
    return make_up_skipped(replace(rule, count=wanted), after) if wanted else rule
