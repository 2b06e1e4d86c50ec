from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goround.apps.audit.models import Event
from goround.apps.groups.services import change_series
from goround.apps.jobs.daily import Clock
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.services import (
    cancel_meeting,
    move_meeting,
    plan_all,
    plan_meetings,
    record_attendance,
    reschedule,
    skip_days,
    wind_up,
)
from goround.domain.calendar.recurrence import Rhythm
from tests.make import NOON, TODAY, make_coordinator, make_group
from tests.make_groups import LONDON, LOS_ANGELES, at_wall, begin_group, make_rule

pytestmark = pytest.mark.django_db

Status = Meeting.Status


def walls(group, **kept) -> list[str]:
    """When the group's meetings start, as the clock on its wall shows it."""
    starts = group.meetings.filter(**kept).order_by("starts_at").values_list("starts_at", flat=True)
    return [f"{moment.astimezone(group.zone):%Y-%m-%d %H:%M}" for moment in starts]


def instants(group) -> list[str]:
    starts = group.meetings.order_by("starts_at").values_list("starts_at", flat=True)
    return [f"{moment:%m-%d %H:%M}" for moment in starts]


@pytest.mark.parametrize(
    ("zone", "first", "utc"),
    [
        # The clocks go forward on 8 March and back on 1 November 2026 in Los Angeles,
        (LOS_ANGELES, "2026-03-02 18:00", ["03-03 02:00", "03-10 01:00"]),
        (LOS_ANGELES, "2026-10-26 18:00", ["10-27 01:00", "11-03 02:00"]),
        # on 29 March and 25 October in London.
        (LONDON, "2026-03-23 18:00", ["03-23 18:00", "03-30 17:00"]),
        (LONDON, "2026-10-19 18:00", ["10-19 17:00", "10-26 18:00"]),
    ],
)
def test_plan_keeps_the_hour_when_the_clocks_change(zone, first, utc):
    group = begin_group(make_rule(first, zone=zone, count=2))

    assert instants(group) == utc
    assert {wall[-5:] for wall in walls(group)} == {"18:00"}
    assert {meeting.ends_at - meeting.starts_at for meeting in group.meetings.all()} == {
        timedelta(minutes=90)
    }


@pytest.mark.parametrize(
    ("rhythm", "first", "starts"),
    [
        (Rhythm.EVERY_TWO_WEEKS, "2026-03-03 18:00", ["03-03", "03-17", "03-31", "04-14"]),
        (Rhythm.EVERY_THREE_WEEKS, "2026-03-03 18:00", ["03-03", "03-24", "04-14", "05-05"]),
        (Rhythm.MONTHLY, "2026-03-10 18:00", ["03-10", "04-14", "05-12", "06-09"]),
        (Rhythm.MONTHLY, "2026-03-31 18:00", ["03-31", "04-28", "05-26", "06-30"]),
    ],
)
def test_plan_follows_the_rhythm(rhythm, first, starts):
    group = begin_group(make_rule(first, rhythm, count=4))

    assert [wall[5:10] for wall in walls(group)] == starts


def test_plan_leaves_out_skipped_days():
    group = begin_group(make_rule(count=4), skipped_days=[date(2026, 3, 16)])

    assert [wall[5:10] for wall in walls(group)] == ["03-02", "03-09", "03-23"]


def test_plan_of_an_endless_series_reaches_six_months_and_rolls_on():
    group = begin_group(make_rule())
    ana = make_coordinator(group.organisation)

    assert walls(group)[-1] == "2026-08-31 18:00"
    assert plan_meetings(group=group, by=ana, at=NOON + timedelta(days=14)) == 2
    assert walls(group)[-1] == "2026-09-14 18:00"


def test_plan_of_a_series_with_an_end_reaches_its_end():
    group = begin_group(make_rule(until=date(2027, 12, 31)))

    assert walls(group)[-1] == "2027-12-27 18:00"


def test_plan_with_a_nearer_horizon_takes_nothing_away():
    group = begin_group(make_rule())
    before = walls(group)

    touched = plan_meetings(group=group, by=None, at=NOON, until=NOON + timedelta(days=14))

    assert (touched, walls(group)) == (0, before)


def test_plan_removes_only_ordinary_meetings_to_come_that_the_series_lost():
    group = begin_group(make_rule("2026-02-16 18:00"))
    ana = make_coordinator(group.organisation)
    by_day = {f"{m.starts_at.astimezone(group.zone):%m-%d}": m for m in group.meetings.all()}
    record_attendance(meeting=by_day["02-16"], present=[], heads_parents=4, by=ana, at=NOON)
    cancel_meeting(meeting=by_day["03-09"], because="Holiday", by=ana, at=NOON)
    away = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)
    move_meeting(meeting=by_day["03-16"], starts_at=away, because="Flood", by=ana, at=NOON)

    change_series(
        group=group,
        recurrence=make_rule("2026-03-12 18:00", count=2),
        skipped_days=[],
        by=ana,
        at=NOON,
    )
    plan_meetings(group=group, by=ana, at=NOON)

    assert walls(group) == [
        "2026-02-16 18:00",  # held
        "2026-02-23 18:00",  # over, and nobody has recorded it yet
        "2026-03-02 18:00",
        "2026-03-09 18:00",  # cancelled
        "2026-03-12 18:00",
        "2026-03-17 19:00",  # moved
        "2026-03-19 18:00",
    ]


def test_plan_gives_meetings_to_come_their_new_length_and_keeps_those_that_are_over():
    group = begin_group(make_rule("2026-02-23 18:00", count=3))
    ana = make_coordinator(group.organisation)
    longer = make_rule("2026-03-09 18:00", minutes=120, count=1)

    change_series(group=group, recurrence=longer, skipped_days=[], by=ana, at=NOON)
    plan_meetings(group=group, by=ana, at=NOON)

    lengths = [
        (meeting.ends_at - meeting.starts_at) // timedelta(minutes=1)
        for meeting in group.meetings.order_by("starts_at")
    ]
    assert lengths == [90, 90, 120]


def test_plan_leaves_one_audit_entry_when_it_changed_something():
    group = begin_group(make_rule(count=2))

    plan_meetings(group=group, by=None, at=NOON)

    events = Event.objects.filter(kind="group.meetings_planned")
    assert [event.facts for event in events] == [{"added": 2, "removed": 0, "changed": 0}]


@pytest.mark.parametrize(
    ("from_on", "first_two"),
    [
        (date(2026, 3, 24), ["2026-03-09 18:00", "2026-03-16 18:00"]),
        (TODAY, ["2026-03-24 19:00", "2026-03-31 19:00"]),
    ],
)
def test_reschedule_keeps_or_takes_away_what_was_planned_before(from_on, first_two):
    group = begin_group(make_rule("2026-03-09 18:00"))

    reschedule(
        group=group,
        recurrence=make_rule("2026-03-24 19:00"),
        skipped_days=[],
        from_on=from_on,
        by=make_coordinator(group.organisation),
        at=NOON,
    )

    assert walls(group)[:2] == first_two
    assert "2026-03-30 18:00" not in walls(group)
    assert "2026-03-31 19:00" in walls(group)


def test_skip_days_makes_up_for_them_in_a_course():
    group = begin_group(make_rule("2026-03-09 18:00", count=3))
    ana = make_coordinator(group.organisation)

    skip_days(group=group, days=[date(2026, 3, 16)], by=ana, at=NOON)
    assert [wall[5:10] for wall in walls(group)] == ["03-09", "03-23", "03-30"]

    skip_days(group=group, days=[], by=ana, at=NOON)
    assert [wall[5:10] for wall in walls(group)] == ["03-09", "03-16", "03-23"]


def test_wind_up_takes_away_what_was_planned_for_later_and_moved_there():
    group = begin_group(make_rule("2026-02-23 18:00", count=4))
    ana = make_coordinator(group.organisation)
    last = group.meetings.order_by("-starts_at")[0]
    later = last.starts_at + timedelta(days=1)
    move_meeting(meeting=last, starts_at=later, because="Holiday", by=ana, at=NOON)

    wind_up(group=group, on=date(2026, 3, 2), by=ana, at=NOON)

    assert walls(group) == ["2026-02-23 18:00", "2026-03-02 18:00"]
    assert plan_meetings(group=group, by=ana, at=NOON) == 0


def test_plan_all_plans_groups_that_go_on_and_no_ended_one():
    going_on = make_group()
    ended = make_group(status="ended", ended_on=TODAY - timedelta(days=30))

    plan_all(by=None, at=NOON)

    assert going_on.meetings.count() == 27
    assert ended.meetings.count() == 0


def test_clock_plans_once_a_day():
    group = make_group()
    clock = Clock()

    ticks = [clock.tick(at=NOON + timedelta(hours=hours)) for hours in (0, 11, 12)]

    assert ticks == [True, False, True]
    assert group.meetings.count() == 27


def test_clock_goes_on_after_a_chore_failed(monkeypatch, caplog):
    done = []

    def fails(at):
        raise ValueError("with somebody's name in it")

    monkeypatch.setattr("goround.apps.jobs.daily._chores", {"bad": fails, "good": done.append})

    Clock().tick(at=NOON)

    assert done == [NOON]
    assert "name" not in caplog.text
    assert "ValueError" in caplog.text


RULES = st.builds(
    make_rule,
    first=st.dates(date(2026, 1, 1), date(2026, 12, 31)).map(lambda day: f"{day} 18:30"),
    rhythm=st.sampled_from(list(Rhythm)),
    zone=st.sampled_from([LOS_ANGELES, LONDON, "Asia/Kathmandu"]),
    minutes=st.integers(30, 180),
    count=st.none() | st.integers(1, 30),
)
MOMENTS = st.datetimes(at_wall("2026-01-01 00:00"), at_wall("2026-12-31 00:00")).map(
    lambda moment: moment.replace(tzinfo=UTC)
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_plan_is_safe_to_repeat_whatever_happened_between(db, data):
    group = make_group()
    ana = make_coordinator(group.organisation)
    at = NOON
    for _ in range(data.draw(st.integers(1, 4), label="changes")):
        at = max(at, data.draw(MOMENTS))
        rule = data.draw(RULES)
        if rule.first.replace(tzinfo=ZoneInfo(rule.timezone)) > at:
            change_series(
                group=group,
                recurrence=rule,
                skipped_days=data.draw(st.lists(st.dates(date(2026, 1, 1), date(2027, 1, 1)))),
                by=ana,
                at=at,
            )
        plan_meetings(group=group, by=ana, at=at)
        _disturb(group, ana, at, data)
    settled = list(group.meetings.exclude(status=Status.PLANNED).values_list())

    plan_meetings(group=group, by=ana, at=at)
    rows = list(group.meetings.order_by("pk").values_list())
    touched = plan_meetings(group=group, by=ana, at=at)

    assert touched == 0
    assert list(group.meetings.order_by("pk").values_list()) == rows
    assert [row for row in settled if row not in rows] == []


def _disturb(group, ana, at, data) -> None:
    """Cancel, move or hold one of the planned meetings."""
    planned = list(group.meetings.filter(status=Status.PLANNED).order_by("starts_at")[:5])
    if not planned:
        return
    meeting = data.draw(st.sampled_from(planned))
    if data.draw(st.booleans()):
        cancel_meeting(meeting=meeting, because="Rain", by=ana, at=at)
    elif meeting.takes_attendance(at=at):
        record_attendance(meeting=meeting, present=[], heads_parents=3, by=ana, at=at)
    else:
        away = meeting.starts_at + timedelta(minutes=17)
        move_meeting(meeting=meeting, starts_at=away, because="Flood", by=ana, at=at)
