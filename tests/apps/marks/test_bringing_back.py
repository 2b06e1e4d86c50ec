"""What devices bring back: each mark once, disagreement shown, nothing decided silently."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from django.db import transaction

from goround.apps.audit.models import Event
from goround.apps.groups.models import Membership
from goround.apps.marks.models import Mark, Tally
from goround.apps.marks.selectors import marks_of, meetings_asked_about, newest_mark, taken_by
from goround.apps.marks.services import (
    CannotTake,
    NotAsked,
    NotTakenHere,
    Sent,
    bring_back,
    count_marks,
    decide,
    set_aside,
    take_along,
    written_by_hand,
)
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.services import cancel_meeting, record_attendance, restore_meeting
from goround.domain.privacy.apart import Scope
from tests.make import (
    NOON,
    make_group,
    make_keep_apart,
    make_meeting,
    make_membership,
    make_parent,
    make_user,
)
from tests.make_marks import BEGINS, make_leader, make_taken, tap, tap_count, tap_newcomer

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting() -> Meeting:
    return make_meeting(make_group(), starts_at=BEGINS)


@pytest.fixture
def rosa(meeting):
    return make_leader(meeting, shown_as="Rosa")


@pytest.fixture
def ana(meeting) -> Membership:
    return make_membership(meeting.group, alias="Ana")


@pytest.fixture
def ben(meeting) -> Membership:
    return make_membership(meeting.group, alias="Ben")


def here(meeting: Meeting) -> list[str]:
    rows = meeting.attendances.order_by("membership__alias")
    return list(rows.values_list("membership__alias", flat=True))


def bring(taken, *sent: Sent, at=NOON):
    return bring_back(taken=taken, sent=sent, by=taken.by, at=at)


def kinds(meeting: Meeting) -> list[str]:
    return [one.kind for one in marks_of(make_leader(meeting), meeting).asked]


def test_marks_become_the_record_once_however_often_they_come(meeting, rosa, ana, ben):
    taken = make_taken(meeting, rosa)
    sent = [tap(taken, ana), tap_newcomer("Kim", place=2), tap_count("heads", 2, place=3)]

    for _again in range(3):
        answered = bring(taken, *sent)

    meeting.refresh_from_db()
    assert answered.kept == {each.number for each in sent}
    assert (here(meeting), meeting.heads_parents, meeting.status) == (["Ana", "Kim"], 2, "held")
    assert Mark.objects.count() == 3
    assert Membership.objects.filter(alias="Kim").count() == 1
    assert Event.objects.filter(kind="marks.brought_back").count() == 1


def test_nobody_marked_at_all_is_recorded_as_nothing(meeting, rosa, ana):
    bring(make_taken(meeting, rosa))

    meeting.refresh_from_db()
    assert meeting.status == Meeting.Status.PLANNED


def test_an_alias_stays_in_no_mark_once_the_group_has_welcomed_them(meeting, rosa):
    bring(make_taken(meeting, rosa), tap_newcomer("Kim"))

    assert set(Mark.objects.values_list("alias", flat=True)) == {""}


def test_a_newcomer_taken_off_again_was_not_there(meeting, rosa, ana):
    taken, kim = make_taken(meeting, rosa), uuid4()
    bring(taken, tap(taken, ana), tap_newcomer("Kim", newcomer=kim))

    bring(taken, tap_newcomer("Kim", newcomer=kim, is_here=False, place=2))

    assert here(meeting) == ["Ana"]


def test_any_order_of_devices_ends_the_same(meeting, rosa, ana, ben):
    """Three devices, each with its own word; every order in which they find a signal again."""
    taken = [make_taken(meeting, rosa) for _device in range(3)]
    lots = [
        (taken[0], [tap(taken[0], ana), tap(taken[0], ben), tap_count("heads", 2)]),
        (taken[1], [tap(taken[1], ana, False), tap_newcomer("Kim", place=2)]),
        (taken[2], [tap_count("children", 3), tap_count("heads", 3, place=2)]),
    ]
    ends = set()
    for order in permutations(lots):
        with transaction.atomic():
            for device, sent in (*order, order[0]):
                bring(device, *sent)
            meeting.refresh_from_db()
            work = marks_of(rosa, meeting)
            ends.add(
                (
                    tuple(here(meeting)),
                    meeting.heads_parents,
                    meeting.children,
                    tuple((one.about, one.kind, one.sides) for one in work.asked),
                )
            )
            transaction.set_rollback(True)

    (end,) = ends
    assert end[:3] == (("Ben", "Kim"), None, 3)
    assert [kind for _about, kind, _sides in end[3]] == ["disagree", "disagree"]


def test_a_disagreement_waits_for_a_person_and_is_then_settled(meeting, rosa, ana):
    one, other = make_taken(meeting, rosa), make_taken(meeting, make_leader(meeting))
    bring(one, tap(one, ana))
    answered = bring(other, tap(other, ana, False))
    assert (answered.asked, here(meeting)) == (1, [])
    assert [tally.meeting_id for tally in meetings_asked_about(rosa, meeting.organisation)] == [
        meeting.pk
    ]

    left = decide(meeting=meeting, about=f"seat:{ana.pk}", answer="here", by=rosa, at=NOON)

    assert (left, here(meeting)) == (0, ["Ana"])
    with pytest.raises(NotAsked):
        decide(meeting=meeting, about=f"seat:{ana.pk}", answer="here", by=rosa, at=NOON)


def test_a_record_made_by_hand_meanwhile_is_not_overwritten(meeting, rosa, ana, ben):
    taken = make_taken(meeting, rosa)
    record_attendance(meeting=meeting, present=[ben], by=rosa, at=NOON)

    answered = bring(taken, tap(taken, ana), tap(taken, ben, place=2))

    assert (answered.asked, here(meeting)) == (1, ["Ben"])
    decide(meeting=meeting, about=f"seat:{ana.pk}", answer="here", by=rosa, at=NOON)
    assert here(meeting) == ["Ana", "Ben"]


def test_what_the_device_had_seen_is_corrected_without_asking(meeting, rosa, ana, ben):
    record_attendance(meeting=meeting, present=[ben], by=rosa, at=NOON)
    taken = make_taken(meeting, rosa)

    answered = bring(taken, tap(taken, ana), tap(taken, ben, False, place=2))

    assert (answered.asked, here(meeting)) == (0, ["Ana"])


def test_saving_the_page_settles_the_marks_it_showed_and_no_later_one(meeting, rosa, ana, ben):
    taken = make_taken(meeting, rosa)
    bring(taken, tap(taken, ana))
    seen = newest_mark(rosa, meeting)
    bring(taken, tap(taken, ben, place=2))

    record_attendance(meeting=meeting, present=[], heads_parents=1, by=rosa, at=NOON)
    written_by_hand(meeting=meeting, seen=seen, by=rosa, at=NOON)

    meeting.refresh_from_db()
    assert (here(meeting), meeting.heads_parents) == ([], 1)
    assert kinds(meeting) == ["disagree"]


def test_saving_the_page_unchanged_keeps_what_marks_made(meeting, rosa, ana):
    taken = make_taken(meeting, rosa)
    bring(taken, tap(taken, ana))

    record_attendance(meeting=meeting, present=[ana], by=rosa, at=NOON)
    written_by_hand(meeting=meeting, seen=newest_mark(rosa, meeting), by=rosa, at=NOON)

    assert here(meeting) == ["Ana"]


def test_a_meeting_cancelled_meanwhile_keeps_the_marks_waiting(meeting, rosa, ana):
    taken = make_taken(meeting, rosa)
    cancel_meeting(meeting=meeting, because="snow", by=rosa, at=NOON)
    assert bring(taken, tap(taken, ana)).asked == 1
    assert here(meeting) == []

    restore_meeting(meeting=meeting, by=rosa, at=NOON)
    assert count_marks(meeting=meeting, by=rosa, at=NOON) == 0

    assert here(meeting) == ["Ana"]


def test_marks_for_a_meeting_that_never_was_can_be_set_aside(meeting, rosa, ana):
    taken = make_taken(meeting, rosa)
    cancel_meeting(meeting=meeting, because="snow", by=rosa, at=NOON)
    bring(taken, tap(taken, ana))

    set_aside(meeting=meeting, by=rosa, at=NOON)

    assert Tally.objects.get().asked == 0
    assert bring(taken).asked == 0


def test_somebody_who_had_left_before_is_asked_about(meeting, rosa, ana, ben):
    taken = make_taken(meeting, rosa)
    Membership.objects.filter(pk=ana.pk).update(
        joined_on=BEGINS - timedelta(days=30), left_on=BEGINS - timedelta(days=7)
    )

    bring(taken, tap(taken, ana), tap(taken, ben, place=2))

    assert (here(meeting), kinds(meeting)) == (["Ben"], ["refused"])
    decide(meeting=meeting, about=f"seat:{ana.pk}", answer="unnamed", by=rosa, at=NOON)
    meeting.refresh_from_db()
    assert (here(meeting), meeting.heads_parents, kinds(meeting)) == (["Ben"], 1, [])


def test_two_who_must_not_meet_are_never_marked_together(meeting, rosa, ana, ben):
    taken = make_taken(meeting, rosa)
    make_keep_apart(ana.parent, ben.parent, Scope.PLACE)

    bring(taken, tap(taken, ana), tap(taken, ben, place=2))

    assert len(here(meeting)) == 1
    assert kinds(meeting) == ["refused"]


def test_a_newcomer_called_like_a_member_is_asked_about(meeting, rosa, ana):
    taken = make_taken(meeting, rosa)

    bring(taken, tap_newcomer("ana"))

    (one,) = marks_of(rosa, meeting).asked
    assert (one.kind, one.member, here(meeting)) == ("namesake", ana.pk, [])
    decide(meeting=meeting, about=one.about, answer="same", by=rosa, at=NOON)
    assert here(meeting) == ["Ana"]


def test_two_devices_with_the_same_newcomer_ask_whether_it_is_one_person(meeting, rosa):
    one, other = make_taken(meeting, rosa), make_taken(meeting, rosa)

    bring(one, tap_newcomer("Kim"))
    bring(other, tap_newcomer("Kim"))

    assert (here(meeting), kinds(meeting)) == (["Kim"], ["namesake"])
    (asked,) = marks_of(rosa, meeting).asked
    decide(meeting=meeting, about=asked.about, answer="unnamed", by=rosa, at=NOON)
    meeting.refresh_from_db()
    assert (here(meeting), meeting.heads_parents) == (["Kim"], 1)


def test_more_new_heads_than_heads_are_asked_about(meeting, rosa, ana):
    taken = make_taken(meeting, rosa)
    sent = tap_count("heads", 1), tap_count("heads-new", 2, place=2)

    assert bring(taken, *sent).asked == 1

    decide(meeting=meeting, about="heads-new", answer="nobody", by=rosa, at=NOON)
    meeting.refresh_from_db()
    assert (meeting.heads_parents, meeting.heads_new) == (1, None)


def test_a_mark_taken_back_counts_no_more(meeting, rosa, ana, ben):
    taken = make_taken(meeting, rosa)
    first = tap(taken, ana)
    bring(taken, first, tap(taken, ben, place=2))

    bring(taken, Sent(uuid4(), 3, "withdrawn", NOON, withdraws=first.number))

    assert here(meeting) == ["Ben"]


def test_a_seat_that_was_not_on_the_list_is_refused_and_the_rest_kept(meeting, rosa, ana):
    taken = make_taken(meeting, rosa)
    odd, good = Sent(uuid4(), 1, "seat", NOON, seat="99", is_here=True), tap(taken, ana, place=2)

    answered = bring(taken, odd, good)

    assert (answered.kept, answered.refused) == ({good.number}, {odd.number})


def test_marks_that_come_far_too_late_are_not_taken(meeting, rosa, ana):
    taken = make_taken(meeting, rosa)

    with pytest.raises(NotTakenHere):
        bring(taken, tap(taken, ana), at=NOON + timedelta(days=30))


@pytest.mark.parametrize("days", [-8, 4])
def test_a_meeting_far_away_is_not_taken_along(meeting, rosa, days):
    with pytest.raises(CannotTake):
        make_taken(meeting, rosa, at=BEGINS + timedelta(days=days))


def test_a_cancelled_meeting_is_not_taken_along(meeting, rosa):
    cancel_meeting(meeting=meeting, because="snow", by=rosa, at=NOON)
    meeting.refresh_from_db()

    with pytest.raises(CannotTake):
        make_taken(meeting, rosa)


def test_a_shared_device_keeps_the_list_for_less_long(meeting, rosa):
    own, shared = make_taken(meeting, rosa), make_taken(meeting, rosa, is_shared=True)

    assert (own.until - meeting.ends_at, shared.until - meeting.ends_at) == (
        timedelta(hours=48),
        timedelta(hours=12),
    )


def test_nobody_else_finds_what_somebody_took(meeting, rosa, ana):
    taken = make_taken(meeting, rosa)
    other_leader, stranger = make_leader(meeting), make_user()

    assert taken_by(rosa, taken.number) == taken
    assert taken_by(other_leader, taken.number) is None
    assert taken_by(stranger, taken.number) is None
    assert marks_of(stranger, meeting) is None
    assert newest_mark(stranger, meeting) == 0
    assert not meetings_asked_about(stranger, meeting.organisation)


def test_whoever_leads_no_longer_finds_nothing(meeting, rosa):
    taken = make_taken(meeting, rosa)
    meeting.group.leaderships.update(to_on=NOON.date())

    assert taken_by(rosa, taken.number) is None


def test_an_account_that_goes_leaves_its_marks(meeting, rosa, ana):
    taken = make_taken(meeting, rosa)
    bring(taken, tap(taken, ana))
    meeting.group.leaderships.all().delete()
    rosa.delete()

    count_marks(meeting=meeting, by=make_leader(meeting), at=NOON)

    assert here(meeting) == ["Ana"]


def test_the_database_refuses_a_mark_about_nothing(meeting, rosa):
    from django.db import IntegrityError

    taken = make_taken(meeting, rosa)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(
            taken=taken, number=uuid4(), place=1, about="seat", tapped_at=NOON, came_at=NOON
        )


def test_taking_along_gives_numbers_that_are_no_ids(meeting, rosa, ana, ben):
    taken = take_along(
        meeting=meeting, seats=[ben, ana], number=uuid4(), key="0" * 64, is_shared=False,
        by=rosa, at=NOON,
    )  # fmt: skip

    assert taken.seats == {"1": ben.pk, "2": ana.pk}
    # A keep-apart parent's row is nobody's business here.
    assert make_parent(meeting.organisation).pk not in taken.seats.values()
