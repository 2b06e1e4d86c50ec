"""Counting meetings and those who came, with what nobody counted kept apart from zero."""

from goround.domain.counting.figures import Figures, Meeting, State, Tally, count, together
from goround.domain.counting.month import Month, MonthError

__all__ = [
    "Figures",
    "Meeting",
    "Month",
    "MonthError",
    "State",
    "Tally",
    "count",
    "together",
]
