"""A calendar month as a name, a step back and a step on."""

import re
from dataclasses import dataclass
from datetime import date

# Three centuries, so that a step back or on is always a month too.
_WRITTEN = re.compile(r"((?:19|20|21)[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)


class MonthError(ValueError):
    """No month. The message names the value and the rule."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """Written ``2026-03`` in addresses and file names."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.year <= 9999 and 1 <= self.number <= 12):
            raise MonthError(f"{self.year}-{self.number} is no month of the calendar")

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> "Month":
        """From an address somebody may have typed: 1900-01 to 2199-12, or ``MonthError``."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise MonthError(f"{text[:20]!r} is no month; it must look like 2026-03")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    def later(self, months: int) -> "Month":
        """So many months on, or back when negative.

        >>> str(Month(2026, 1).later(-1))
        '2025-12'
        """
        year, before = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, before + 1)
