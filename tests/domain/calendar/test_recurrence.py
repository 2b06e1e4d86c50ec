"""When meetings are: the rule, its exceptions, and clocks that change."""

# ruff: noqa: DTZ001 (a recurrence is written in local time, without a zone)

from datetime import UTC, date, datetime, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule as oracle
from hypothesis import given
from hypothesis import strategies as st

from goround.domain.calendar import (
    LAST,
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
from goround.domain.calendar.recurrence import days
from tests.domain.calendar.strategies import first_days, recurrences, times, with_exceptions

LA = "America/Los_Angeles"
ALWAYS = (datetime(2009, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC))


def weekly(first: datetime, **more: object) -> Recurrence:
    settings = {"rhythm": Rhythm.WEEKLY, "timezone": LA, "minutes": 90} | more
    return Recurrence(first=first, **settings)  # type: ignore[arg-type]


def all_of(rule: Recurrence, exceptions: Exceptions | None = None) -> list[Occurrence]:
    return occurrences(rule, exceptions=exceptions or Exceptions(), between=ALWAYS)


@pytest.mark.parametrize(
    ("zone", "first", "hours_from_utc"),
    [
        (LA, datetime(2026, 3, 3, 18), [-8, -7]),
        ("America/New_York", datetime(2026, 10, 27, 18), [-4, -5]),
        ("Europe/London", datetime(2026, 3, 24, 18), [0, 1]),
        ("Europe/Berlin", datetime(2026, 10, 20, 18), [2, 1]),
        ("America/Phoenix", datetime(2026, 3, 3, 18), [-7, -7]),
    ],
)
def test_weekly_meeting_keeps_its_local_hour_when_clocks_change(zone, first, hours_from_utc):
    found = all_of(weekly(first, timezone=zone, count=2))

    assert [item.starts_at.replace(tzinfo=None) for item in found] == [
        first,
        first + timedelta(days=7),
    ]
    assert [item.starts_at.utcoffset() for item in found] == [
        timedelta(hours=hours) for hours in hours_from_utc
    ]


def test_meeting_in_the_hour_that_clocks_skip_is_read_with_the_offset_before():
    found = all_of(weekly(datetime(2026, 3, 1, 2, 30), count=3))

    assert [item.starts_at.isoformat() for item in found] == [
        "2026-03-01T02:30:00-08:00",
        "2026-03-08T03:30:00-07:00",
        "2026-03-15T02:30:00-07:00",
    ]


def test_meeting_in_the_hour_that_comes_twice_is_the_first_one():
    found = all_of(weekly(datetime(2026, 10, 25, 1, 30), timezone="Europe/London", count=1))

    assert [item.starts_at.isoformat() for item in found] == ["2026-10-25T01:30:00+01:00"]


def test_meeting_across_the_change_lasts_real_minutes():
    found = all_of(weekly(datetime(2026, 3, 8, 1, 0), minutes=120, count=1))

    assert found[0].ends_at.isoformat() == "2026-03-08T04:00:00-07:00"


@pytest.mark.parametrize(
    ("rhythm", "first", "expected"),
    [
        (Rhythm.EVERY_TWO_WEEKS, datetime(2026, 1, 6, 18), ["01-06", "01-20", "02-03", "02-17"]),
        (Rhythm.EVERY_THREE_WEEKS, datetime(2026, 1, 6, 18), ["01-06", "01-27", "02-17", "03-10"]),
        (Rhythm.MONTHLY, datetime(2026, 1, 13, 18), ["01-13", "02-10", "03-10", "04-14"]),
        (Rhythm.MONTHLY, datetime(2026, 1, 30, 18), ["01-30", "02-27", "03-27", "04-24"]),
    ],
)
def test_rhythm_gives_these_days(rhythm, first, expected):
    found = all_of(weekly(first, rhythm=rhythm, count=4))

    assert [f"{item.starts_at:%m-%d}" for item in found] == expected


def test_monthly_on_the_fourth_weekday_differs_from_the_last():
    fourth = weekly(datetime(2026, 1, 23, 18), rhythm=Rhythm.MONTHLY, count=2)
    last = weekly(datetime(2026, 1, 30, 18), rhythm=Rhythm.MONTHLY, nth=LAST, count=2)

    assert fourth.nth == 4
    assert first_days(fourth, 2) == [date(2026, 1, 23), date(2026, 2, 27)]
    assert first_days(last, 2) == [date(2026, 1, 30), date(2026, 2, 27)]


def test_two_weekdays_every_second_week_share_their_week():
    rule = weekly(datetime(2026, 1, 8, 18), rhythm=Rhythm.EVERY_TWO_WEEKS, weekdays=(1, 3), count=4)

    assert first_days(rule, 9) == [
        date(2026, 1, 8),
        date(2026, 1, 20),
        date(2026, 1, 22),
        date(2026, 2, 3),
    ]


def test_until_includes_its_own_day():
    rule = weekly(datetime(2026, 1, 6, 23, 30), until=date(2026, 1, 20))

    assert first_days(rule, 9) == [date(2026, 1, 6), date(2026, 1, 13), date(2026, 1, 20)]


def test_exceptions_skip_cancel_and_move():
    rule = weekly(datetime(2026, 11, 12, 18), count=5)
    changes = Exceptions(
        skip_days=frozenset({date(2026, 11, 26), date(2026, 12, 25)}),
        cancelled=frozenset({date(2026, 12, 3)}),
        moved={date(2026, 11, 19): Move(datetime(2026, 11, 20, 17), minutes=60)},
    )

    found = all_of(rule, changes)

    assert [
        (f"{item.original:%m-%d}", f"{item.starts_at:%m-%d %H}", item.status) for item in found
    ] == [
        ("11-12", "11-12 18", Status.PLANNED),
        ("11-19", "11-20 17", Status.MOVED),
        ("12-03", "12-03 18", Status.CANCELLED),
        ("12-10", "12-10 18", Status.PLANNED),
    ]
    assert found[1].ends_at - found[1].starts_at == timedelta(minutes=60)


def test_meeting_moved_off_a_holiday_takes_place():
    rule = weekly(datetime(2026, 11, 26, 18), count=1)
    day = date(2026, 11, 26)
    changes = Exceptions(frozenset({day}), moved={day: Move(datetime(2026, 11, 27, 18))})

    assert [item.status for item in all_of(rule, changes)] == [Status.MOVED]


def test_cancelled_holiday_is_shown_as_cancelled():
    rule = weekly(datetime(2026, 11, 26, 18), count=1)
    day = date(2026, 11, 26)

    found = all_of(rule, Exceptions(frozenset({day}), cancelled=frozenset({day})))

    assert [item.status for item in found] == [Status.CANCELLED]


def test_exceptions_for_days_without_meeting_change_nothing():
    rule = weekly(datetime(2026, 1, 6, 18), count=3)
    wednesday = date(2026, 1, 7)
    changes = Exceptions(
        skip_days=frozenset({wednesday}),
        cancelled=frozenset({wednesday}),
        moved={wednesday: Move(datetime(2026, 1, 9, 18))},
    )

    assert all_of(rule, changes) == all_of(rule)


def test_moved_meeting_is_found_where_it_went_and_not_where_it_was():
    rule = weekly(datetime(2026, 1, 6, 18), count=1)
    changes = Exceptions(moved={date(2026, 1, 6): Move(datetime(2026, 2, 3, 18))})
    zone = ZoneInfo(LA)
    january = (datetime(2026, 1, 1, tzinfo=zone), datetime(2026, 2, 1, tzinfo=zone))
    february = (datetime(2026, 2, 1, tzinfo=zone), datetime(2026, 3, 1, tzinfo=zone))

    assert occurrences(rule, exceptions=changes, between=january) == []
    assert [item.status for item in occurrences(rule, exceptions=changes, between=february)] == [
        Status.MOVED
    ]


def test_window_in_the_repeated_hour_is_compared_in_real_time():
    zone = ZoneInfo("Europe/London")
    rule = weekly(datetime(2026, 10, 25, 1, 30), timezone="Europe/London", count=1)
    to_second_0110 = (
        datetime(2026, 10, 25, tzinfo=zone),
        datetime(2026, 10, 25, 1, 10, fold=1, tzinfo=zone),
    )

    assert len(occurrences(rule, between=to_second_0110)) == 1


def test_window_without_time_zone_is_refused():
    rule = weekly(datetime(2026, 1, 6, 18))

    with pytest.raises(RecurrenceError, match="between"):
        occurrences(rule, between=(datetime(2026, 1, 1), datetime(2026, 2, 1)))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"first": datetime(2026, 1, 6, 18, tzinfo=UTC)}, "first"),
        ({"first": datetime(2026, 1, 6, 18, 0, 30)}, "first"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../etc/passwd"}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"weekdays": (7,)}, "weekdays"),
        ({"weekdays": (0,)}, "first"),
        ({"nth": 2}, "nth"),
        ({"rhythm": Rhythm.MONTHLY, "nth": 5}, "nth"),
        ({"rhythm": Rhythm.MONTHLY, "nth": 2}, "first"),
        ({"rhythm": Rhythm.MONTHLY, "weekdays": (1, 2)}, "weekdays"),
        ({"first": datetime(1926, 1, 5, 18)}, "first"),
        ({"until": date(2026, 1, 5)}, "until"),
        ({"until": date(9999, 12, 31)}, "until"),
        ({"count": 0}, "count"),
        ({"count": 3, "until": date(2026, 2, 1)}, "until and count"),
    ],
)
def test_impossible_recurrence_is_refused_by_name(changes, named):
    settings = {"first": datetime(2026, 1, 6, 18)} | changes

    with pytest.raises(RecurrenceError, match=f"^{named}"):
        weekly(**settings)


@pytest.mark.parametrize(
    ("first", "minutes", "named"),
    [
        (datetime(2026, 1, 6, 18, tzinfo=UTC), None, "moved to"),
        (datetime(2026, 1, 6, 18), 0, "minutes"),
    ],
)
def test_impossible_move_is_refused_by_name(first, minutes, named):
    with pytest.raises(RecurrenceError, match=f"^{named}"):
        Move(first, minutes)


def test_make_up_skipped_keeps_ten_meetings_over_two_holidays():
    rule = weekly(datetime(2026, 11, 12, 18), count=10)
    skipped = frozenset({date(2026, 11, 26), date(2026, 12, 24), date(2026, 12, 25)})

    longer = make_up_skipped(rule, skipped)

    assert longer.count == 12
    assert len(all_of(longer, Exceptions(skipped))) == 10


def test_make_up_skipped_leaves_an_endless_series_alone():
    rule = weekly(datetime(2026, 11, 12, 18))

    assert make_up_skipped(rule, frozenset({date(2026, 11, 26)})) == rule


@given(recurrences())
def test_days_agree_with_dateutil(rule):
    weekday = (oracle.MO, oracle.TU, oracle.WE, oracle.TH, oracle.FR, oracle.SA, oracle.SU)
    monthly = rule.rhythm is Rhythm.MONTHLY
    weeks = {Rhythm.EVERY_TWO_WEEKS: 2, Rhythm.EVERY_THREE_WEEKS: 3}
    expected = oracle.rrule(
        oracle.MONTHLY if monthly else oracle.WEEKLY,
        dtstart=rule.first,
        interval=weeks.get(rule.rhythm, 1),
        byweekday=[weekday[day](rule.nth) if monthly else weekday[day] for day in rule.weekdays],
        count=rule.count,
        until=rule.until and datetime.combine(rule.until, rule.first.time()),
    )

    assert first_days(rule, 40) == [
        moment.date() for moment, _ in zip(expected, range(40), strict=False)
    ]


@given(with_exceptions(), times, st.integers(1, 400), st.integers(1, 400))
def test_windows_side_by_side_hold_every_meeting_once(case, begin, first_part, second_part):
    rule, changes = case
    a = begin.replace(tzinfo=UTC)
    b = a + timedelta(days=first_part)
    c = b + timedelta(days=second_part)

    def within(begin: datetime, end: datetime) -> list[Occurrence]:
        return occurrences(rule, exceptions=changes, between=(begin, end))

    assert within(a, b) + within(b, c) == within(a, c)


@given(with_exceptions())
def test_meetings_are_in_order_and_never_twice(case):
    rule, changes = case
    horizon = rule.first.replace(tzinfo=UTC)

    found = occurrences(
        rule,
        exceptions=changes,
        between=(horizon - timedelta(days=60), horizon + timedelta(days=500)),
    )

    starts = [item.starts_at.astimezone(UTC) for item in found]
    originals = [item.original.astimezone(UTC) for item in found]
    assert starts == sorted(starts)
    assert len(set(originals)) == len(originals)
    assert all(is_meeting_day(rule, day_of(item, rule)) for item in found)


@given(recurrences(), st.data())
def test_skipping_removes_exactly_those_days(rule, data):
    here = first_days(rule, 30)
    skipped = data.draw(st.frozensets(st.sampled_from(here)))
    between = (
        rule.first.replace(tzinfo=UTC) - timedelta(days=2),
        datetime.combine(here[-1], datetime.min.time(), tzinfo=UTC),
    )

    every = occurrences(rule, between=between)
    rest = occurrences(rule, exceptions=Exceptions(skipped), between=between)

    assert rest == [item for item in every if day_of(item, rule) not in skipped]


@given(recurrences(), st.frozensets(st.dates(date(2010, 1, 1), date(2031, 1, 1)), max_size=3))
def test_make_up_skipped_gives_the_number_asked_for(rule, elsewhere):
    skipped = elsewhere | frozenset(first_days(rule, 30)[::3])

    longer = make_up_skipped(rule, skipped)

    if rule.count is None:
        assert longer == rule
    else:
        assert sum(1 for day in days(longer) if day not in skipped) == rule.count


@given(recurrences())
def test_local_hour_stays_or_lies_in_the_gap(rule):
    between = (rule.first.replace(tzinfo=UTC) - timedelta(days=2),) * 2
    between = (between[0], between[0] + timedelta(days=400))

    for item in occurrences(rule, between=between):
        wall = item.starts_at.replace(tzinfo=None)
        planned = datetime.combine(day_of(item, rule), rule.first.time())
        in_gap = planned.replace(tzinfo=rule.zone).astimezone(UTC).astimezone(rule.zone)
        assert wall == planned or wall == in_gap.replace(tzinfo=None) > planned
        assert item.starts_at.fold == 0
        assert item.ends_at.astimezone(UTC) - item.starts_at.astimezone(UTC) == timedelta(
            minutes=rule.minutes
        )


def test_sixty_groups_of_ten_years_expand_quickly():
    rules = [weekly(datetime(2016, 1, 5, 18)) for _ in range(60)]
    half_year = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 2, tzinfo=UTC))

    def seconds() -> float:
        begin = process_time()
        assert sum(len(occurrences(rule, between=half_year)) for rule in rules) == 60 * 26
        return process_time() - begin

    assert min(seconds() for _ in range(3)) < 0.2


def day_of(item: Occurrence, rule: Recurrence) -> date:
    """The local day the rule names; a gap at midnight never reaches the day before."""
    day = item.original.date()
    return day if is_meeting_day(rule, day) else day - timedelta(days=1)
