from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goround.apps.audit.models import Event
from goround.apps.groups.services import NotOfThisGroup, end_group, leave
from goround.apps.meetings.models import Attendance, Meeting, Reply
from goround.apps.meetings.selectors import Counts, corrections_of
from goround.apps.meetings.services import (
    AttendanceClosed,
    HourTaken,
    MeetingClosed,
    cancel_meeting,
    move_meeting,
    record_attendance,
    restore_meeting,
    say_coming,
)
from goround.apps.people.models import Parent
from tests.make import (
    NOON,
    TODAY,
    make_coordinator,
    make_group,
    make_meeting,
    make_membership,
    make_user,
)

pytestmark = pytest.mark.django_db

Status = Meeting.Status


def begun(group, **fields) -> Meeting:
    return make_meeting(group, starts_at=NOON - timedelta(hours=1), **fields)


def named(meeting) -> list[str]:
    return sorted(
        Attendance.objects.filter(meeting=meeting).values_list("membership__alias", flat=True)
    )


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def test_record_attendance_twice_leaves_one_audit_entry():
    group = make_group()
    ana, meeting, rosa = make_membership(group, alias="Ana"), begun(group), make_user()

    for minutes in (0, 1):
        at = NOON + timedelta(minutes=minutes)
        record_attendance(meeting=meeting, present=[ana], children=2, by=rosa, at=at)

    meeting.refresh_from_db()
    assert named(meeting) == ["Ana"]
    assert (meeting.status, meeting.recorded_at, meeting.children) == (Status.HELD, NOON, 2)
    event = Event.objects.get()
    assert (event.kind, event.by_id, event.organisation_id) == (
        "meeting.attendance_recorded",
        rosa.pk,
        group.organisation_id,
    )
    assert event.facts["after"] == {"named": 1, "heads": None, "new": None, "children": 2}


def test_record_attendance_is_the_complete_list():
    group = make_group()
    ana, bo = make_membership(group, alias="Ana"), make_membership(group, alias="Bo")
    meeting, rosa = begun(group), make_user()

    record_attendance(meeting=meeting, present=[ana], heads_parents=2, by=rosa, at=NOON)
    record_attendance(meeting=meeting, present=[bo], by=rosa, at=NOON + timedelta(minutes=9))

    meeting.refresh_from_db()
    assert named(meeting) == ["Bo"]
    assert meeting.heads_parents is None
    assert meeting.recorded_at == NOON


def test_correction_leaves_the_counts_before_and_after():
    group = make_group()
    members = [make_membership(group) for _ in range(3)]
    meeting, rosa = begun(group), make_coordinator(group.organisation, shown_as="Rosa")
    later = NOON + timedelta(minutes=10)

    record_attendance(meeting=meeting, present=members[:2], by=rosa, at=NOON)
    record_attendance(meeting=meeting, present=members, children=1, by=rosa, at=later)

    [correction] = corrections_of(rosa, meeting)
    assert (correction.at, correction.by) == (later, "Rosa")
    assert correction.before == Counts(2, None, None, None)
    assert correction.after == Counts(3, None, None, 1)


def test_newcomer_becomes_a_member_once():
    group = make_group()
    meeting, rosa = begun(group), make_user()

    for _ in range(2):
        record_attendance(
            meeting=meeting, present=[], newcomers=["Calm River", "Bo"], by=rosa, at=NOON
        )

    assert named(meeting) == ["Bo", "Calm River"]
    assert Parent.objects.count() == 2
    assert [m.joined_on for m in group.memberships.all()] == [group.today(at=meeting.starts_at)] * 2
    assert kinds() == [
        *["parent.came_in", "membership.begun"] * 2,
        "meeting.attendance_recorded",
    ]


def test_newcomer_of_a_member_s_alias_is_that_member():
    group = make_group()
    make_membership(group, alias="Ana")
    meeting = begun(group)

    record_attendance(meeting=meeting, present=[], newcomers=["ana"], by=make_user(), at=NOON)

    assert named(meeting) == ["Ana"]
    assert Parent.objects.count() == 1


def test_unknown_stays_unknown_and_zero_stays_zero():
    group, rosa = make_group(), make_user()
    uncounted, empty = begun(group), make_meeting(group, starts_at=NOON - timedelta(days=9))

    record_attendance(meeting=uncounted, present=[], by=rosa, at=NOON)
    record_attendance(meeting=empty, present=[], heads_parents=0, by=rosa, at=NOON)

    uncounted.refresh_from_db()
    empty.refresh_from_db()
    assert (uncounted.status, uncounted.heads_parents) == (Status.HELD, None)
    assert (empty.status, empty.heads_parents) == (Status.HELD, 0)


def test_record_attendance_refused_before_the_start_and_once_cancelled():
    group, rosa = make_group(), make_user()
    coming = make_meeting(group, starts_at=NOON + timedelta(seconds=1))
    off = begun(group, status=Status.CANCELLED, cancelled_because="Rain")

    for meeting in (coming, off):
        with pytest.raises(AttendanceClosed):
            record_attendance(
                meeting=meeting, present=[], newcomers=["Ana"], heads_parents=3, by=rosa, at=NOON
            )

    assert Parent.objects.count() == 0
    assert Event.objects.count() == 0


def test_record_attendance_sees_a_cancellation_since_the_page_was_opened():
    group, rosa = make_group(), make_user()
    opened = begun(group)
    cancel_meeting(meeting=Meeting.objects.get(), because="Rain", by=rosa, at=NOON)

    with pytest.raises(AttendanceClosed):
        record_attendance(meeting=opened, present=[], heads_parents=3, by=rosa, at=NOON)


def test_record_attendance_refuses_members_of_another_group():
    group = make_group()
    stranger = make_membership(make_group(group.programme))

    with pytest.raises(NotOfThisGroup):
        record_attendance(meeting=begun(group), present=[stranger], by=make_user(), at=NOON)


def test_last_meeting_of_a_group_that_ended_can_still_be_recorded():
    group = make_group()
    ana, meeting = make_membership(group, alias="Ana"), begun(group)
    coordinator = make_coordinator(group.organisation)
    end_group(group=group, on=TODAY, by=coordinator, at=NOON)

    record_attendance(meeting=meeting, present=[ana], newcomers=["Bo"], by=coordinator, at=NOON)

    assert named(meeting) == ["Ana", "Bo"]
    assert not group.memberships.filter(left_on=None).exists()


def test_attendance_is_kept_when_somebody_leaves():
    group = make_group()
    ana, meeting, rosa = make_membership(group, alias="Ana"), begun(group), make_user()
    record_attendance(meeting=meeting, present=[ana], by=rosa, at=NOON)

    leave(membership=ana, on=TODAY, by=rosa, at=NOON)

    assert named(meeting) == ["Ana"]


def test_cancel_and_restore():
    group, rosa = make_group(), make_user()
    meeting = make_meeting(group)

    for _ in range(2):
        cancel_meeting(meeting=meeting, because="Rain", by=rosa, at=NOON)
    meeting.refresh_from_db()
    assert (meeting.status, meeting.cancelled_because) == (Status.CANCELLED, "Rain")

    for _ in range(2):
        restore_meeting(meeting=meeting, by=rosa, at=NOON)
    meeting.refresh_from_db()
    assert (meeting.status, meeting.cancelled_because) == (Status.PLANNED, "")
    assert kinds() == ["meeting.cancelled", "meeting.restored"]


def test_held_meeting_can_be_neither_cancelled_nor_moved():
    group, rosa = make_group(), make_user()
    meeting = begun(group)
    record_attendance(meeting=meeting, present=[], heads_parents=1, by=rosa, at=NOON)

    with pytest.raises(MeetingClosed):
        cancel_meeting(meeting=meeting, because="Rain", by=rosa, at=NOON)
    with pytest.raises(MeetingClosed):
        move_meeting(meeting=meeting, starts_at=NOON, because="Rain", by=rosa, at=NOON)


def test_moved_meeting_stays_the_same_and_can_go_back():
    group, rosa = make_group(), make_user()
    meeting = make_meeting(group)
    planned, length = meeting.starts_at, meeting.ends_at - meeting.starts_at
    away = planned + timedelta(days=1)

    move_meeting(meeting=meeting, starts_at=away, because="Flood", by=rosa, at=NOON)
    meeting.refresh_from_db()
    assert (meeting.occurrence, meeting.starts_at, meeting.is_moved) == (planned, away, True)
    assert meeting.ends_at - meeting.starts_at == length

    move_meeting(meeting=meeting, starts_at=planned, because="Dry again", by=rosa, at=NOON)
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.moved_because) == (planned, "")


def test_move_refuses_the_hour_of_another_meeting_unless_that_is_cancelled():
    group, rosa = make_group(), make_user()
    meeting, other = make_meeting(group), make_meeting(group)

    with pytest.raises(HourTaken):
        move_meeting(meeting=meeting, starts_at=other.starts_at, because="Flood", by=rosa, at=NOON)

    cancel_meeting(meeting=other, because="Rain", by=rosa, at=NOON)
    move_meeting(meeting=meeting, starts_at=other.starts_at, because="Flood", by=rosa, at=NOON)
    meeting.refresh_from_db()
    assert meeting.starts_at == other.starts_at


def test_say_coming_keeps_the_last_word_and_counts_nobody_present():
    group = make_group()
    ana, meeting = make_membership(group), make_meeting(group)
    user = make_user()

    for will_come in (True, True, False):
        say_coming(meeting=meeting, membership=ana, will_come=will_come, by=user, at=NOON)

    assert Reply.objects.get().will_come is False
    assert Attendance.objects.count() == 0
    assert kinds() == ["reply.given"] * 2


def test_say_coming_refused_once_begun_or_cancelled_and_for_others():
    group = make_group()
    ana, user = make_membership(group), make_user()
    off = make_meeting(group, status=Status.CANCELLED, cancelled_because="Rain")

    for meeting in (begun(group), off):
        with pytest.raises(MeetingClosed):
            say_coming(meeting=meeting, membership=ana, will_come=True, by=user, at=NOON)
    with pytest.raises(NotOfThisGroup):
        say_coming(
            meeting=make_meeting(make_group()), membership=ana, will_come=True, by=user, at=NOON
        )


HEADS = st.none() | st.integers(0, 12)
ALIASES = st.lists(st.sampled_from(["Ana", "ana ", "Bo", "Calm River"]), max_size=3)


@st.composite
def records(draw) -> dict[str, object]:
    heads = draw(HEADS)
    return {
        "present": draw(st.sets(st.integers(0, 3))),
        "newcomers": draw(ALIASES),
        "heads_parents": heads,
        "heads_new": None if heads is None else draw(st.none() | st.integers(0, heads)),
        "children": draw(HEADS),
    }


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(submits=st.lists(records(), min_size=1, max_size=5), repeats=st.integers(1, 3))
def test_record_attendance_ends_with_the_last_list_however_often_it_is_sent(db, submits, repeats):
    group = make_group()
    members = [make_membership(group) for _ in range(4)]
    meeting, rosa = begun(group), make_user()

    for submit in submits:
        present = [members[index] for index in submit["present"]]
        for _ in range(repeats):
            record_attendance(meeting=meeting, by=rosa, at=NOON, **submit | {"present": present})

    last = submits[-1]
    aliases = {alias.strip().casefold() for alias in last["newcomers"]}
    expected = {members[index].alias.casefold() for index in last["present"]} | aliases
    assert {alias.casefold() for alias in named(meeting)} == expected
    meeting.refresh_from_db()
    assert (meeting.heads_parents, meeting.heads_new, meeting.children) == (
        last["heads_parents"],
        last["heads_new"],
        last["children"],
    )
    came_in = {alias.strip().casefold() for one in submits for alias in one["newcomers"]}
    assert group.memberships.count() == 4 + len(came_in)
    assert Event.objects.filter(
        kind__startswith="meeting.attendance", subject_id=meeting.pk
    ).count() <= len(submits)
