"""Check-ins with parent leaders: noted, kept only as the leader wishes, late or not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goround.apps.audit.models import Event
from goround.apps.decisions.models import CheckIn
from goround.apps.decisions.selectors.check_ins import (
    check_ins_of,
    groups_to_check_in,
    late_check_ins,
    own_check_ins,
    parent_leads_of,
)
from goround.apps.decisions.selectors.handover import handovers
from goround.apps.decisions.services.check_ins import NoCheckIn, forget_words, note_check_in
from goround.apps.groups.models import Group, Leadership
from goround.apps.organisations.roles import Role
from tests.make import NOON, make_coordinator, make_meeting, make_user
from tests.make_decisions import Room, make_room
from tests.make_groups import make_leader

pytestmark = pytest.mark.django_db

TODAY = NOON.date()


def make_lead(room: Room, number: int = 0, *, days_ago: int = 1, **fields) -> Leadership:
    return Leadership.objects.create(
        group=room.group,
        membership=room.members[number],
        part=Leadership.Part.PARENT_LEADER,
        from_on=TODAY - timedelta(days=days_ago),
        **fields,
    )


def note(lead: Leadership, *, wishes: bool = False, days_ago: int = 0, **more) -> CheckIn:
    rosa = more.pop("by", None) or make_user()
    told = {"how": "hard", "help_asked": "A room with toys"} | more
    on = TODAY - timedelta(days=days_ago)
    return note_check_in(leadership=lead, on=on, leader_wishes=wishes, by=rosa, at=NOON, **told)


def test_only_the_day_is_kept_unless_the_leader_wishes():
    lead = make_lead(make_room(3))

    kept = note(lead)

    assert (kept.on, kept.how, kept.help_asked, bytes(kept.locked_help)) == (TODAY, "", "", b"")


def test_what_the_leader_wishes_is_kept_under_a_lock_and_in_no_trail():
    lead = make_lead(make_room(3))

    kept = note(lead, wishes=True)

    kept.refresh_from_db()
    assert (kept.how, kept.help_asked) == ("hard", "A room with toys")
    assert b"toys" not in bytes(kept.locked_help)
    assert Event.objects.get(kind="check_in.noted").facts == {
        "group": lead.group_id,
        "on": TODAY.isoformat(),
    }


def test_the_same_day_again_corrects_what_was_noted():
    lead = make_lead(make_room(3))
    note(lead, wishes=True)

    note(lead)

    assert [(one.how, one.help_asked) for one in CheckIn.objects.all()] == [("", "")]


def test_the_leader_takes_back_what_was_kept():
    lead = make_lead(make_room(3))
    kept = note(lead, wishes=True)

    for _ in range(2):
        forget_words(check_in=kept, by=make_user(), at=NOON)

    kept.refresh_from_db()
    assert (kept.on, kept.how, kept.help_asked) == (TODAY, "", "")
    assert Event.objects.filter(kind="check_in.words_forgotten").count() == 1


@pytest.mark.parametrize("days_ago", [-1, 2])
def test_a_talk_was_on_a_day_on_which_they_led(days_ago):
    with pytest.raises(NoCheckIn):
        note(make_lead(make_room(3)), days_ago=days_ago)


def test_nobody_checks_in_with_a_facilitator_or_with_who_stopped():
    room = make_room(3)
    make_leader(room.group)
    stopped = make_lead(room, days_ago=5, to_on=TODAY)

    for lead in (Leadership.objects.get(part="facilitator"), stopped):
        with pytest.raises(NoCheckIn):
            note(lead)


def test_facilitators_and_coordinators_check_in_and_others_do_not():
    room = make_room(3)
    host = room.group.organisation
    kept = note(make_lead(room), wishes=True)
    may = [make_leader(room.group), make_coordinator(host)]
    may_not = [
        make_leader(room.group, Leadership.Part.CHILDRENS_LEADER, Role.CHILDRENS_LEADER),
        make_leader(make_room(3).group),
        make_user(role=Role.SUPERVISOR, organisation=host),
        room.user(0),
        room.user(1),
        make_user(),
    ]

    for viewer in may:
        assert list(groups_to_check_in(viewer, host)) == [room.group]
        assert list(check_ins_of(viewer, room.group)) == [kept]
    for viewer in may_not:
        assert list(groups_to_check_in(viewer, host)) == []
        assert parent_leads_of(viewer, room.group) == []
        assert list(check_ins_of(viewer, room.group)) == []
        assert late_check_ins(viewer, host, at=NOON) == []


def test_only_the_leader_has_talks_of_their_own():
    room = make_room(3)
    lead = make_lead(room)
    kept = note(lead)

    assert list(own_check_ins(room.user(0), lead)) == [kept]
    assert list(own_check_ins(room.user(1), lead)) == []
    assert list(own_check_ins(make_user(), lead)) == []


def test_late_talks_are_listed_the_longest_late_first():
    room = make_room(3)
    other = make_room(3, beside=room.group)
    rosa = make_coordinator(room.group.organisation)
    lead = make_lead(room, days_ago=20)
    make_lead(other, days_ago=9)

    late = late_check_ins(rosa, room.group.organisation, at=NOON)
    assert [one.group for one in late] == [room.group, other.group]
    note(lead, days_ago=2)

    late = late_check_ins(rosa, room.group.organisation, at=NOON)
    assert [one.group for one in late] == [other.group]


@pytest.mark.parametrize("groups", [1, 4])
def test_stages_of_many_groups_are_read_with_four_queries(groups, django_assert_num_queries):
    rooms = [make_room(1) for _ in range(groups)]
    for room in rooms:
        make_meeting(room.group, starts_at=NOON - timedelta(days=1))
        note(make_lead(room))
    found, viewer = list(Group.objects.select_related("programme")), make_user()

    with django_assert_num_queries(4):
        told = handovers(viewer, found, at=NOON)

    assert [one.handover.session for one in told] == [1] * groups
