"""Two people press Save in the same moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from goround.apps.audit.models import Event
from goround.apps.meetings.models import Attendance, Meeting
from goround.apps.meetings.services import plan_meetings, record_attendance
from goround.apps.people.models import Parent
from tests.at_once import at_once, run_on_a_file
from tests.conftest import ON_POSTGRESQL
from tests.make import NOON, make_group, make_meeting, make_membership, make_user


def race_the_same_list() -> None:
    """A double tap on Save: one newcomer, one mark, one audit entry."""
    group = make_group()
    member, meeting = make_membership(group), make_meeting(group, starts_at=NOON)
    rosa = make_user()

    def save() -> None:
        record_attendance(
            meeting=Meeting.objects.get(pk=meeting.pk),
            present=[member],
            newcomers=["Calm River"],
            children=2,
            by=rosa,
            at=NOON + timedelta(hours=1),
        )

    assert at_once(save, save, save) == []
    assert Attendance.objects.filter(meeting=meeting).count() == 2
    assert Parent.objects.filter(alias="Calm River", memberships__group=group).count() == 1
    recorded = Event.objects.filter(subject="meeting", subject_id=meeting.pk)
    assert [event.kind for event in recorded] == ["meeting.attendance_recorded"]


def race_two_lists() -> None:
    """Two facilitators, two lists: one of them stands whole, and the trail has both."""
    group = make_group()
    members = [make_membership(group) for _ in range(4)]
    meeting, rosa = make_meeting(group, starts_at=NOON), make_user()
    lists = [members[:2], members[2:]]

    def save(present) -> Callable[[], object]:
        return lambda: record_attendance(
            meeting=Meeting.objects.get(pk=meeting.pk),
            present=present,
            heads_parents=present[0].pk,
            by=rosa,
            at=NOON + timedelta(hours=1),
        )

    assert at_once(*[save(present) for present in lists]) == []
    meeting.refresh_from_db()
    stands = set(Attendance.objects.filter(meeting=meeting).values_list("membership_id", flat=True))
    assert (stands, meeting.heads_parents) in [
        ({member.pk for member in present}, present[0].pk) for present in lists
    ]
    kinds = Event.objects.filter(subject="meeting", subject_id=meeting.pk).order_by("pk")
    assert [event.kind.partition("_")[2] for event in kinds] == ["recorded", "corrected"]


def race_planning() -> None:
    """Two workers plan one group: each meeting once."""
    group = make_group()

    def plan() -> object:
        return plan_meetings(group=group, by=None, at=NOON)

    assert at_once(plan, plan) == []
    assert group.meetings.count() == 27


RACES = [race_the_same_list, race_two_lists, race_planning] * 3


@pytest.mark.skipif(not ON_POSTGRESQL, reason="on SQLite the races run on a file, below")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_race(race):
    race()


@pytest.mark.skipif(ON_POSTGRESQL, reason="SQLite's own")
def test_races_on_sqlite(tmp_path):
    ran = run_on_a_file(__name__, tmp_path)

    assert ran.stdout == "all races run\n", ran.stderr
