"""For how long somebody is chosen."""

from __future__ import annotations

import calendar
from datetime import date

TERMS = (3, 6, 12)
LONGEST_TERM = 24


def months_after(day: date, months: int) -> date:
    """The same day so many months on; the month's last day where it has no such.

    >>> months_after(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))
