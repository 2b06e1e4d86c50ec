from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from goround.apps.groups.models import Leadership
from goround.apps.groups.selectors import groups_for
from goround.apps.meetings.models import Attendance, Meeting, Reply
from goround.apps.meetings.selectors import (
    changed_meetings,
    coming_meetings,
    corrections_of,
    group_row,
    group_rows,
    may_record,
    may_record_group,
    meetings_for,
    meetings_not_recorded,
    meetings_to_record,
    meetings_today,
    past_meetings,
    seats_at,
    series_stamp,
)
from goround.apps.meetings.services import cancel_meeting, record_attendance
from goround.apps.meetings.words import (
    correction_in_words,
    counts_in_words,
    counts_of,
    when_in_words,
)
from goround.apps.organisations.roles import Role
from tests.make import (
    NOON,
    TODAY,
    make_coordinator,
    make_group,
    make_meeting,
    make_membership,
    make_organisation,
    make_user,
)
from tests.make_groups import make_leader

pytestmark = pytest.mark.django_db

HELD = {"status": Meeting.Status.HELD, "recorded_at": NOON}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_strangers_see_no_meeting_and_may_record_none():
    group = make_group()
    member = make_membership(group)
    meeting = make_meeting(group, starts_at=NOON - DAY)
    Reply.objects.create(meeting=meeting, membership=member, will_come=True)
    here = group.organisation
    strangers = [
        AnonymousUser(),
        make_user(),
        make_coordinator(make_organisation()),
        make_user(role=Role.NETWORK_OFFICER, network=here.network),
        make_leader(make_group(group.programme)),
    ]

    for viewer in strangers:
        assert list(meetings_for(viewer, here).filter(group=group)) == []
        assert list(meetings_to_record(viewer, here).filter(group=group)) == []
        assert list(coming_meetings(viewer, group, at=NOON)) == []
        assert list(past_meetings(viewer, group, at=NOON)) == []
        assert list(changed_meetings(viewer, group)) == []
        assert list(meetings_today(viewer, here, at=NOON)) == []
        assert list(meetings_not_recorded(viewer, here, at=NOON)) == []
        assert seats_at(viewer, meeting) == []
        assert corrections_of(viewer, meeting) == []
        assert not may_record(viewer, meeting)
        assert not may_record_group(viewer, group)


def test_who_may_record_a_meeting():
    group = make_group()
    meeting = make_meeting(group)
    here = group.organisation
    part = Leadership.Part.CHILDRENS_LEADER

    assert may_record(make_coordinator(here), meeting)
    assert may_record(make_leader(group), meeting)
    assert not may_record(make_user(role=Role.SUPERVISOR, organisation=here), meeting)
    assert not may_record(make_leader(group, part=part, role=Role.CHILDRENS_LEADER), meeting)


def test_meetings_come_in_order_with_how_many_were_named():
    group = make_group()
    later = make_meeting(group, starts_at=NOON + DAY)
    earlier = make_meeting(group, starts_at=NOON - DAY, **HELD)
    for _ in range(2):
        Attendance.objects.create(meeting=earlier, membership=make_membership(group))
    ana = make_coordinator(group.organisation)

    found = list(meetings_for(ana, group.organisation))

    assert [(meeting, counts_of(meeting).named) for meeting in found] == [(earlier, 2), (later, 0)]
    assert list(coming_meetings(ana, group, at=NOON)) == [later]
    assert list(past_meetings(ana, group, at=NOON)) == [earlier]


def test_a_meeting_going_on_is_still_coming():
    group = make_group()
    ana = make_coordinator(group.organisation)
    meeting = make_meeting(group, starts_at=NOON - HOUR)  # of 90 minutes

    assert list(coming_meetings(ana, group, at=NOON)) == [meeting]
    assert list(past_meetings(ana, group, at=NOON)) == []


def test_today_is_the_day_at_the_organisation():
    # At noon UTC on 4 March it is 4:00 in Los Angeles, where the day began at 8:00 UTC.
    group = make_group()
    rosa = make_leader(group)
    midnight = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
    make_meeting(group, starts_at=midnight - timedelta(minutes=1))
    first = make_meeting(group, starts_at=midnight)
    last = make_meeting(group, starts_at=midnight + timedelta(hours=23, minutes=59))
    make_meeting(group, starts_at=midnight + DAY)

    assert list(meetings_today(rosa, group.organisation, at=NOON)) == [first, last]


def test_meetings_not_recorded_are_earlier_than_today_and_the_viewer_s_to_record():
    group = make_group()
    rosa = make_leader(group)
    kim = make_leader(group, part=Leadership.Part.CHILDRENS_LEADER)
    older, newer = (make_meeting(group, starts_at=NOON - days * DAY) for days in (9, 2))
    make_meeting(group, starts_at=NOON - 3 * DAY, **HELD)
    make_meeting(group, starts_at=NOON - HOUR)

    assert list(meetings_not_recorded(rosa, group.organisation, at=NOON)) == [newer, older]
    assert list(meetings_not_recorded(kim, group.organisation, at=NOON)) == []


def test_group_row_counts():
    group = make_group()
    make_membership(group)
    make_membership(group, left_on=TODAY)
    make_meeting(group, starts_at=NOON - 9 * DAY, **HELD)
    make_meeting(group, starts_at=NOON - 2 * DAY)
    off = {"status": Meeting.Status.CANCELLED, "cancelled_because": "Rain"}
    make_meeting(group, starts_at=NOON - 3 * DAY, **off)
    make_meeting(group, starts_at=NOON + DAY, **off)
    coming = make_meeting(group, starts_at=NOON + 2 * DAY)
    make_meeting(group, starts_at=NOON + 3 * DAY)
    ana = make_coordinator(group.organisation)
    seen = groups_for(ana, group.organisation)

    row = group_row(ana, seen, group.pk, at=NOON)

    assert row is not None
    assert (row.group, row.members, row.sessions) == (group, 1, 2)
    assert (row.next_id, row.next_at) == (coming.pk, coming.starts_at)
    assert row.unrecorded == 1
    assert group_row(ana, seen, group.pk + 1, at=NOON) is None


@pytest.mark.parametrize("rows", [1, 3])
def test_group_rows_ask_two_queries(rows, django_assert_num_queries):
    first = make_group()
    for number in range(rows):
        group = first if number == 0 else make_group(first.programme)
        make_leader(group)
        make_membership(group)
        make_meeting(group)
    ana = make_coordinator(first.organisation)

    with django_assert_num_queries(2):
        found = group_rows(ana, groups_for(ana, first.organisation), at=NOON)
        leaders = [len(row.group.leaderships.all()) for row in found]

    assert leaders == [1] * rows


def test_seats_are_members_of_that_day_and_whoever_was_there():
    group = make_group()
    day = TODAY  # 3 March in Los Angeles at the meeting's start is before this
    meeting = make_meeting(group, starts_at=NOON)
    ana = make_membership(group, alias="Ana", joined_on=day)
    make_membership(group, alias="Too late", joined_on=day + DAY)
    make_membership(group, alias="Gone", left_on=day - DAY)
    last_day = make_membership(group, alias="Last day", left_on=day)
    early = make_membership(group, alias="Was there", left_on=day - DAY)
    Attendance.objects.create(meeting=meeting, membership=early)
    Reply.objects.create(meeting=meeting, membership=ana, will_come=False)

    seats = seats_at(make_leader(group), meeting)

    assert [(seat.membership, seat.present, seat.said) for seat in seats] == [
        (ana, False, False),
        (last_day, False, None),
        (early, True, None),
    ]


def test_series_stamp_grows_with_each_change_a_calendar_shows():
    group = make_group()
    ana = make_coordinator(group.organisation)
    before = series_stamp(ana, group)

    cancel_meeting(meeting=make_meeting(group), because="Rain", by=ana, at=NOON + DAY)

    after = series_stamp(ana, group)
    assert (before.changes, before.last_at) == (0, group.created_at)
    assert (after.changes, after.last_at) == (1, NOON + DAY)


@pytest.mark.parametrize(
    ("named", "heads", "children", "words"),
    [
        (0, None, None, "parents not counted, children not counted"),
        (0, 0, 0, "0 parents, 0 children"),
        (1, None, 1, "1 parent, 1 child"),
        (5, 2, 4, "7 parents (5 by name, 2 counted), 4 children"),
        (0, 7, None, "7 parents, children not counted"),
    ],
)
def test_counts_in_words(named, heads, children, words):
    meeting = make_meeting(make_group(), **HELD, heads_parents=heads, children=children)
    meeting.__dict__["named"] = named

    assert counts_in_words(counts_of(meeting)) == words


def test_when_in_words_uses_the_clock_of_the_group():
    group = make_group()
    tonight = make_meeting(group, starts_at=datetime(2026, 3, 5, 2, 0, tzinfo=UTC))

    assert when_in_words(tonight, at=NOON) == "Today, 18:00–19:30"
    assert when_in_words(tonight, at=NOON - DAY) == "Tomorrow, 18:00–19:30"
    assert when_in_words(tonight, at=NOON + 9 * DAY) == "Wednesday 4 March, 18:00–19:30"
    assert when_in_words(tonight, at=NOON - 90 * DAY) == "Wednesday 4 March 2026, 18:00–19:30"


def test_correction_in_words_names_only_what_changed():
    group = make_group()
    members = [make_membership(group) for _ in range(8)]
    rosa = make_leader(group, shown_as="Rosa")
    meeting = make_meeting(group, starts_at=NOON)
    evening = datetime(2026, 3, 5, 4, 10, tzinfo=UTC)  # 20:10 on 4 March

    record_attendance(meeting=meeting, present=members[:7], by=rosa, at=evening - HOUR)
    record_attendance(meeting=meeting, present=members, by=rosa, at=evening)
    record_attendance(meeting=meeting, present=members, children=3, by=rosa, at=evening + DAY)

    words = [
        correction_in_words(correction, zone=group.zone, at=evening + DAY + HOUR)
        for correction in corrections_of(rosa, meeting)
    ]
    assert words == [
        "Corrected Wednesday 4 March at 20:10 by Rosa: 7 → 8 present",
        "Corrected today at 20:10 by Rosa: not counted → 3 children",
    ]


def test_correction_with_the_same_number_of_other_people_says_so():
    group = make_group()
    ana, bo = make_membership(group), make_membership(group)
    rosa, meeting = make_leader(group), make_meeting(group, starts_at=NOON)
    for present in ([ana], [bo]):
        record_attendance(meeting=meeting, present=present, by=rosa, at=NOON + HOUR)

    [correction] = corrections_of(rosa, meeting)

    words = correction_in_words(correction, zone=group.zone, at=NOON + 9 * DAY)
    assert words.endswith("other names, as many as before")
