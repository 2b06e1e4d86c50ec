"""When a group meets: one RFC 5545 recurrence, and the exceptions to it.

A recurrence is written in local time: a group at 18:00 stays at 18:00 when the clocks change.
"""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import takewhile
from zoneinfo import ZoneInfo


class RecurrenceError(ValueError):
    """No recurrence a group can have. The message names the value and the rule."""


class Rhythm(StrEnum):
    """How often a group meets. Values equal those of the playbook's rhythm."""

    WEEKLY = "weekly"
    EVERY_TWO_WEEKS = "every-two-weeks"
    EVERY_THREE_WEEKS = "every-three-weeks"
    MONTHLY = "monthly"


WEEKS_BETWEEN = {
    Rhythm.WEEKLY: 1,
    Rhythm.EVERY_TWO_WEEKS: 2,
    Rhythm.EVERY_THREE_WEEKS: 3,
}
LAST = -1
YEARS = range(1970, 2200)


class Status(StrEnum):
    PLANNED = "planned"
    CANCELLED = "cancelled"
    MOVED = "moved"


@dataclass(frozen=True)
class Recurrence:
    """A series of meetings, the first at ``first`` (local and naive, to the minute).

    ``weekdays`` are 0 for Monday to 6 for Sunday; left empty, the weekday of ``first``. A monthly
    series has one weekday and ``nth``: 1 to 4, or ``LAST``; left out, it is read off ``first``. A
    fifth weekday counts as the last, because not every month has five. The series ends with
    ``until`` (a local day, included) or after ``count`` meetings, or never. As in RFC 5545 a
    skipped meeting still counts: see ``make_up_skipped``.
    """

    rhythm: Rhythm
    first: datetime
    timezone: str
    minutes: int
    weekdays: tuple[int, ...] = ()
    nth: int | None = None
    until: date | None = None
    count: int | None = None

    def __post_init__(self) -> None:
        # Which of two equal hours is meant, RFC 5545 decides: always the first.
        object.__setattr__(self, "first", self.first.replace(fold=0))
        weekday = self.first.weekday()
        object.__setattr__(self, "weekdays", tuple(sorted(set(self.weekdays or (weekday,)))))
        if self.rhythm is Rhythm.MONTHLY and self.nth is None:
            object.__setattr__(self, "nth", _nth_of(self.first.date()))
        self._check_first()
        self._check_pattern()
        self._check_end()

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def _check_first(self) -> None:
        if self.first.tzinfo is not None:
            raise RecurrenceError(f"first is {self.first}; it must be a local time without zone")
        if self.first.second or self.first.microsecond:
            raise RecurrenceError(f"first is {self.first}; it must be a whole minute")
        if self.first.year not in YEARS:
            raise RecurrenceError(f"first is {self.first}; its year must be from 1970 to 2199")
        try:
            known = self.zone.key
        except (LookupError, ValueError, OSError):
            known = ""
        if not known:
            raise RecurrenceError(
                f"timezone is {self.timezone!r}; it must be a name such as 'Europe/London'"
            )
        if not 1 <= self.minutes <= 24 * 60:
            raise RecurrenceError(f"minutes is {self.minutes}; it must be from 1 to 1440")

    def _check_pattern(self) -> None:
        if not all(0 <= weekday <= 6 for weekday in self.weekdays):
            raise RecurrenceError(f"weekdays are {self.weekdays}; they must be from 0 to 6")
        if self.rhythm is not Rhythm.MONTHLY:
            if self.nth is not None:
                raise RecurrenceError(f"nth is {self.nth}; only a monthly series has it")
        elif len(self.weekdays) > 1:
            raise RecurrenceError(f"weekdays are {self.weekdays}; a monthly series has one")
        elif self.nth not in (1, 2, 3, 4, LAST):
            raise RecurrenceError(f"nth is {self.nth}; it must be 1 to 4, or -1 for the last")
        if not self._fits(self.first.date()):
            raise RecurrenceError(f"first is {self.first}; it must be a day of its own series")

    def _check_end(self) -> None:
        if self.until is not None and self.count is not None:
            raise RecurrenceError("until and count are both given; a series ends in one way")
        if self.until is not None and self.until.year >= YEARS.stop:
            raise RecurrenceError(f"until is {self.until}; its year must not be after 2199")
        if self.until is not None and self.until < self.first.date():
            raise RecurrenceError(f"until is {self.until}; it must not be before {self.first}")
        if self.count is not None and self.count < 1:
            raise RecurrenceError(f"count is {self.count}; it must be at least 1")

    def _fits(self, day: date) -> bool:
        """Whether the pattern has this day, in the week or month it stands in."""
        if self.rhythm is Rhythm.MONTHLY:
            return day == nth_weekday(day.year, day.month, self.weekdays[0], self.nth or LAST)
        return day.weekday() in self.weekdays


@dataclass(frozen=True)
class Move:
    """Where one meeting went: another local time, and another length if it changed."""

    first: datetime
    minutes: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "first", self.first.replace(fold=0))
        if self.first.tzinfo is not None:
            raise RecurrenceError(f"moved to {self.first}; it must be a local time without zone")
        if self.minutes is not None and not 1 <= self.minutes <= 24 * 60:
            raise RecurrenceError(f"minutes is {self.minutes}; it must be from 1 to 1440")


@dataclass(frozen=True)
class Exceptions:
    """What differs from the series. Meetings are named by the local day they were planned for.

    A meeting that was moved takes place even when its own day is skipped, and one that was
    cancelled stays cancelled even when it had been moved before.
    """

    skip_days: frozenset[date] = frozenset()
    cancelled: frozenset[date] = frozenset()
    moved: Mapping[date, Move] = field(default_factory=dict)

    def leaves_out(self, day: date) -> bool:
        return day in self.skip_days and day not in self.moved and day not in self.cancelled


NO_EXCEPTIONS = Exceptions()


@dataclass(frozen=True)
class Occurrence:
    """One meeting of the series. ``original`` is where the rule alone would put it.

    All three times carry the group's zone. A cancelled meeting keeps its last planned time.
    """

    original: datetime
    starts_at: datetime
    ends_at: datetime
    status: Status


def occurrences(
    rule: Recurrence, *, exceptions: Exceptions = NO_EXCEPTIONS, between: tuple[datetime, datetime]
) -> list[Occurrence]:
    """The meetings that start in ``between`` (aware; its end excluded), earliest first.

    A meeting is found by the time it was moved to, not by the time it was moved from. No two
    share an ``original``.
    """
    begin, end = between
    if begin.tzinfo is None or end.tzinfo is None:
        raise RecurrenceError("between is without time zone; both ends must be aware")
    here = [
        day
        for day in _days_near(rule, begin.astimezone(rule.zone), end.astimezone(rule.zone))
        if day not in exceptions.moved and not exceptions.leaves_out(day)
    ]
    here += [day for day in exceptions.moved if is_meeting_day(rule, day)]
    found = [_occurrence(rule, exceptions, day) for day in here]
    # In UTC: two times of one zone would be compared by the clock face, wrong in autumn's hour.
    begin, end = begin.astimezone(UTC), end.astimezone(UTC)
    return sorted(
        (item for item in found if begin <= item.starts_at < end),
        key=lambda item: (item.starts_at.astimezone(UTC), item.original.astimezone(UTC)),
    )


def days(rule: Recurrence) -> Iterator[date]:
    """The local days of the series in order, exceptions left aside. May never end."""
    return _days_from(rule, rule.first.date())


def is_meeting_day(rule: Recurrence, day: date) -> bool:
    """Whether the series has a meeting on this local day, exceptions left aside."""
    return next(_days_from(rule, day), None) == day


def make_up_skipped(rule: Recurrence, skip_days: frozenset[date]) -> Recurrence:
    """The same series, long enough that ``count`` meetings remain when these days are skipped."""
    if rule.count is None:
        return rule
    endless = _with_count(rule, None)
    wanted, total = rule.count, 0
    for day in days(endless):
        total += 1
        wanted -= day not in skip_days
        if not wanted:
            break
    return _with_count(rule, total)


def at_local(rule: Recurrence, moment: datetime) -> datetime:
    """A naive local time in the rule's zone, the way RFC 5545 (3.3.5) reads it.

    A time the clocks skip is read with the offset before the change, so 02:30 becomes 03:30. Of a
    time that comes twice, the first is meant.
    """
    return moment.replace(tzinfo=rule.zone, fold=0).astimezone(UTC).astimezone(rule.zone)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth such weekday of the month, or the last one for ``LAST``."""
    if nth == LAST:
        last = date(year, month, calendar.monthrange(year, month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _nth_of(day: date) -> int:
    nth = (day.day - 1) // 7 + 1
    return nth if nth <= 4 else LAST


def _with_count(rule: Recurrence, count: int | None) -> Recurrence:
    return Recurrence(
        rule.rhythm, rule.first, rule.timezone, rule.minutes, rule.weekdays, rule.nth, count=count
    )


def _occurrence(rule: Recurrence, exceptions: Exceptions, day: date) -> Occurrence:
    original = at_local(rule, datetime.combine(day, rule.first.time()))
    move = exceptions.moved.get(day)
    starts_at = at_local(rule, move.first) if move else original
    minutes = (move.minutes if move else None) or rule.minutes
    status = Status.MOVED if move else Status.PLANNED
    if day in exceptions.cancelled:
        status = Status.CANCELLED
    # Aware arithmetic inside one zone would count on the clock face; a meeting lasts real minutes.
    ends_at = (starts_at.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(rule.zone)
    return Occurrence(original, starts_at, ends_at, status)


def _days_near(rule: Recurrence, begin: datetime, end: datetime) -> Iterator[date]:
    """Days of the series from one day before to one day after, for times the clocks shift."""
    last = end.date() + timedelta(days=1)
    return takewhile(lambda day: day <= last, _days_from(rule, begin.date() - timedelta(days=1)))


def _days_from(rule: Recurrence, day: date) -> Iterator[date]:
    """The days of the series not before ``day``, without walking through all those before it."""
    first = rule.first.date()
    in_first = sum(1 for each in _block(rule, 0) if each >= first)
    number = max(0, _block_of(rule, day) - 1)
    index = in_first + (number - 1) * len(rule.weekdays) if number else 0
    while True:
        for each in _block(rule, number):
            if each < first:
                continue
            if rule.count is not None and index >= rule.count:
                return
            if rule.until is not None and each > rule.until:
                return
            index += 1
            if each >= day:
                yield each
        number += 1


def _block(rule: Recurrence, number: int) -> list[date]:
    """The days of the ``number``-th week or month of the series, counted from 0."""
    first = rule.first.date()
    if rule.rhythm is Rhythm.MONTHLY:
        year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
        return [nth_weekday(year, month + 1, rule.weekdays[0], rule.nth or LAST)]
    monday = first - timedelta(days=first.weekday())
    monday += timedelta(weeks=WEEKS_BETWEEN[rule.rhythm] * number)
    return [monday + timedelta(days=weekday) for weekday in rule.weekdays]


def _block_of(rule: Recurrence, day: date) -> int:
    """The number of the block that holds ``day`` or lies just before it; negative before all."""
    first = rule.first.date()
    if rule.rhythm is Rhythm.MONTHLY:
        return (day.year - first.year) * 12 + day.month - first.month
    monday = first - timedelta(days=first.weekday())
    return (day - monday).days // (7 * WEEKS_BETWEEN[rule.rhythm])


def end_of_day(rule: Recurrence, day: date) -> datetime:
    """The last second of a local day, aware."""
    return at_local(rule, datetime.combine(day, time(23, 59, 59)))
