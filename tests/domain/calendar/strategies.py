"""Recurrences and exceptions as groups really have them, for Hypothesis."""

# ruff: noqa: DTZ001 (a recurrence is written in local time, without a zone)

from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from goround.domain.calendar import Exceptions, Move, Recurrence, Rhythm
from goround.domain.calendar.recurrence import days, nth_weekday

ZONES = (
    "America/Los_Angeles",
    "America/New_York",
    "America/Phoenix",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Santiago",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Athens",
    "Atlantic/Azores",
    "UTC",
)

times = st.datetimes(min_value=datetime(2010, 1, 1), max_value=datetime(2030, 12, 31)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


@st.composite
def recurrences(draw: st.DrawFn) -> Recurrence:
    first = draw(times)
    rhythm = draw(st.sampled_from(Rhythm))
    weekdays: tuple[int, ...] = ()
    nth = None
    if rhythm is Rhythm.MONTHLY:
        nth = draw(st.sampled_from([1, 2, 3, 4, -1]))
        day = nth_weekday(first.year, first.month, first.weekday(), nth)
        first = datetime.combine(day, first.time())
    else:
        others = draw(st.sets(st.integers(0, 6), max_size=2))
        weekdays = tuple(sorted({first.weekday(), *others}))
    end = draw(st.sampled_from(["never", "until", "count"]))
    until = first.date() + timedelta(days=draw(st.integers(0, 800))) if end == "until" else None
    count = draw(st.integers(1, 60)) if end == "count" else None
    return Recurrence(
        rhythm=rhythm,
        first=first,
        timezone=draw(st.sampled_from(ZONES)),
        minutes=draw(st.integers(10, 240)),
        weekdays=weekdays,
        nth=nth,
        until=until,
        count=count,
    )


@st.composite
def with_exceptions(draw: st.DrawFn) -> tuple[Recurrence, Exceptions]:
    rule = draw(recurrences())
    here = first_days(rule, 30)
    some = st.frozensets(st.sampled_from(here), max_size=5)
    elsewhere = st.frozensets(st.dates(date(2010, 1, 1), date(2031, 1, 1)), max_size=2)
    moves = draw(some)
    return rule, Exceptions(
        skip_days=draw(some) | draw(elsewhere),
        cancelled=draw(some),
        moved={day: draw(moves_from(day)) for day in moves},
    )


def moves_from(day: date) -> st.SearchStrategy[Move]:
    near = datetime(day.year, day.month, day.day)
    return st.builds(
        Move,
        first=st.datetimes(near - timedelta(days=20), near + timedelta(days=20)).map(
            lambda moment: moment.replace(second=0, microsecond=0)
        ),
        minutes=st.none() | st.integers(10, 240),
    )


def first_days(rule: Recurrence, most: int) -> list[date]:
    return [day for day, _ in zip(days(rule), range(most), strict=False)]
