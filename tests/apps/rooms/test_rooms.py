"""Offers, notes and what a group keeps: by its own people and for nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError

from goround.apps.accounts.models import User
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.roles import Role
from goround.apps.outbox.models import Message
from goround.apps.rooms.models import Board, Note, Offer, Resource, Rider
from goround.apps.rooms.selectors import (
    board_of,
    called_in_room,
    notes_for,
    offers_for,
    readers_of,
    resources_of,
    rides_for,
)
from goround.apps.rooms.services import (
    MOST_RESOURCES,
    MeetingOver,
    RideFull,
    RoomFull,
    add_resource,
    give_seat_back,
    offer,
    remove_resource,
    set_board,
    take_offer_back,
    take_seat,
)
from goround.apps.rooms.writing import TooManyNotes, answer_note, delete_note, write_note
from tests.make import (
    NOON,
    make_coordinator,
    make_facilitator,
    make_group,
    make_leadership,
    make_meeting,
    make_membership,
    make_parent,
    make_user,
)
from tests.make_messages import agree
from tests.make_rooms import make_room

pytestmark = pytest.mark.django_db

RIDE, FOOD = Offer.Kind.RIDE, Offer.Kind.REFRESHMENTS


@pytest.fixture
def group() -> Group:
    return make_group()


@pytest.fixture
def meeting(group) -> Meeting:
    return make_meeting(group, starts_at=NOON + timedelta(days=2))


def member_of(group: Group, alias: str = "Ana") -> tuple[Membership, User]:
    user = make_user(role=Role.PARENT, organisation=group.organisation)
    return make_membership(
        group, make_parent(group.organisation, alias=alias, user=user, safe_email="a@example.org")
    ), user


def leader_of(group: Group) -> User:
    user = make_user(role=Role.FACILITATOR, organisation=group.organisation)
    helper = make_facilitator(group.organisation, user=user, shown_as="Dolores")
    make_leadership(group, helper)
    return user


def ride_of(meeting: Meeting, member: Membership, seats: int = 1) -> Offer:
    return offer(
        meeting=meeting, membership=member, kind=RIDE, words="Market, 17:30", seats=seats,
        by=member.parent.user, at=NOON,
    )  # fmt: skip


def sit(ride: Offer, member: Membership) -> None:
    take_seat(offer=ride, membership=member, by=member.parent.user, at=NOON)


def test_ride_is_taken_and_is_full(group, meeting):
    (ana, _), (ben, two), (cleo, _) = (member_of(group, each) for each in ("Ana", "Ben", "Cleo"))
    ride = ride_of(meeting, ana)

    for _ in range(2):
        sit(ride, ben)
    with pytest.raises(RideFull):
        sit(ride, cleo)

    (shown,) = rides_for(two, meeting, ben)
    assert (shown.riders, shown.free, shown.am_in, shown.is_mine) == (("Ben",), 0, True, False)
    give_seat_back(offer=ride, membership=ben, by=two, at=NOON)
    sit(ride, cleo)
    assert [rider.membership for rider in Rider.objects.all()] == [cleo]


def test_nobody_sits_in_two_rides_or_their_own(group, meeting):
    (ana, _), (ben, _), (cleo, _) = (member_of(group, each) for each in ("Ana", "Ben", "Cleo"))
    first, second = ride_of(meeting, ana), ride_of(meeting, ben)

    sit(first, cleo)
    sit(second, cleo)
    with pytest.raises(RideFull):
        sit(first, ana)

    assert [rider.offer for rider in Rider.objects.all()] == [second]


def test_offering_again_changes_the_offer_and_throws_nobody_out(group, meeting):
    (ana, _), (ben, _), (cleo, _) = (member_of(group, each) for each in ("Ana", "Ben", "Cleo"))
    ride = ride_of(meeting, ana, seats=3)
    sit(ride, ben)
    sit(ride, cleo)

    again = ride_of(meeting, ana, seats=1)

    assert (again.pk, again.seats, again.riders.count()) == (ride.pk, 2, 2)


def test_nothing_to_eat_has_seats(group, meeting):
    (ana, one), (ben, _) = member_of(group, "Ana"), member_of(group, "Ben")
    cake = offer(meeting=meeting, membership=ana, kind=FOOD, words="Cake", seats=0, by=one, at=NOON)

    with pytest.raises(RideFull):
        sit(cake, ben)
    take_offer_back(offer=cake, by=one, at=NOON)
    take_offer_back(offer=cake, by=one, at=NOON)
    assert not Offer.objects.exists()


@pytest.mark.parametrize("when", ["over", "cancelled", "elsewhere"])
def test_nothing_is_offered_for_another_meeting(group, meeting, when):
    ana, _ = member_of(group)
    if when == "over":
        meeting.ends_at = NOON
    if when == "cancelled":
        meeting.status = Meeting.Status.CANCELLED
    if when == "elsewhere":
        meeting = make_meeting(make_group(), starts_at=NOON + timedelta(days=2))

    with pytest.raises(MeetingOver):
        ride_of(meeting, ana)


@pytest.mark.parametrize(
    ("kind", "seats", "words"),
    [("ride", 0, ""), ("ride", 9, ""), ("other", 1, "x"), ("other", 0, "")],
)
def test_database_refuses_an_offer_that_makes_no_sense(group, meeting, kind, seats, words):
    ana, _ = member_of(group)

    with pytest.raises(IntegrityError):
        Offer.objects.create(meeting=meeting, membership=ana, kind=kind, seats=seats, words=words)


def test_board_and_resources_are_the_groups_own(group):
    _ana, user = member_of(group)
    told = {
        "bring": "Slippers",
        "getting_there": "The blue door",
        "video_url": "https://v.example/x",
        "welcome": "Hello",
        "reach": "Dolores, 555 0100",
    }

    for _ in range(2):
        set_board(group=group, **told, by=user, at=NOON)
        link = add_resource(
            group=group, title="Library", url="https://l.example", text="", by=user, at=NOON
        )

    board = board_of(user, group)
    assert {name: getattr(board, name) for name in told} == told
    assert b"555" not in bytes(board.locked_reach or b"")
    assert board_of(make_user(), group).reach == ""
    assert readers_of(make_user(), group) == []
    assert [one.title for one in resources_of(user, group)] == ["Library"]
    for _ in range(2):
        remove_resource(resource=link, by=user, at=NOON)
    assert not Resource.objects.exists()


def test_resources_end_somewhere(group):
    _ana, user = member_of(group)
    about = {"group": group, "url": "", "text": "x", "by": user, "at": NOON}
    for number in range(MOST_RESOURCES):
        add_resource(title=f"{number}", **about)

    with pytest.raises(RoomFull):
        add_resource(title="one more", **about)


@pytest.mark.parametrize("address", ["http://v.example", "javascript:alert(1)"])
def test_database_refuses_a_video_address_that_is_none(group, address):
    with pytest.raises(IntegrityError):
        Board.objects.create(group=group, video_url=address)


def note_of(member: Membership, text: str = "Can we talk?", *, only: bool = False) -> Note:
    return write_note(
        membership=member, text=text, to_facilitators=only, by=member.parent.user, at=NOON
    )


def test_note_reaches_who_leads_and_is_answered(group):
    (ana, one), dolores = member_of(group), leader_of(group)
    agree(ana.parent)

    note = note_of(ana)
    assert note_of(ana).pk == note.pk
    answer_note(
        note=note, text="Yes, on Tuesday.", called=called_in_room(dolores, group), by=dolores,
        at=NOON,
    )  # fmt: skip

    (read,) = notes_for(dolores, group)
    assert (read.text, read.answer, read.answered_by) == (
        "Can we talk?", "Yes, on Tuesday.", "Dolores",
    )  # fmt: skip
    assert [each.pk for each in notes_for(one, group)] == [note.pk]
    told = Message.objects.order_by("pk").values_list("kind", "user_id", "parent_id")
    assert list(told) == [("note", dolores.pk, None), ("note-answer", None, ana.parent_id)]


def test_note_is_locked(group):
    ana, _ = member_of(group)

    note = note_of(ana, "My boy is ill.")

    assert b"ill" not in bytes(Note.objects.get(pk=note.pk).locked)


def test_note_to_facilitators_is_not_for_a_parent_who_leads(group):
    (ana, _), (ben, two), dolores = member_of(group), member_of(group, "Ben"), leader_of(group)
    Leadership.objects.create(
        group=group, membership=ben, part="parent-leader", from_on=ben.joined_on
    )
    agree(ben.parent)

    alone, to_all = note_of(ana, "For one", only=True), note_of(ana, "For all")

    assert {one.pk for one in notes_for(two, group)} == {to_all.pk}
    assert {one.pk for one in notes_for(dolores, group)} == {alone.pk, to_all.pk}
    assert Message.objects.filter(parent=ben.parent).count() == 1


def test_parent_who_leads_is_not_told_of_their_own_note(group):
    (ben, _), dolores = member_of(group, "Ben"), leader_of(group)
    Leadership.objects.create(
        group=group, membership=ben, part="parent-leader", from_on=ben.joined_on
    )
    agree(ben.parent)

    note_of(ben)

    assert [one.user_id for one in Message.objects.all()] == [dolores.pk]


def test_notes_are_not_for_other_members_and_end_somewhere(group):
    (ana, one), (_, two) = member_of(group), member_of(group, "Ben")
    notes = [note_of(ana, f"{number}") for number in range(5)]

    assert not notes_for(two, group)
    with pytest.raises(TooManyNotes):
        note_of(ana, "one more")
    for _ in range(2):
        delete_note(note=notes[0], by=one, at=NOON)
    assert Note.objects.count() == 4


def test_room_of_a_group_tells_a_stranger_nothing(group, meeting):
    ana, _ = member_of(group)
    make_room(group, ana, "Words")
    elsewhere, neighbour = member_of(make_group(programme=group.programme))

    for stranger in (make_user(), make_coordinator(group.organisation), neighbour):
        assert board_of(stranger, group).pk is None
        assert not resources_of(stranger, group)
        assert not offers_for(stranger, meeting)
        assert rides_for(stranger, meeting, elsewhere) == []
        assert not notes_for(stranger, group)
        assert called_in_room(stranger, group) == ""
