"""Choosing a parent leader: named, willing, voted on in secret, and willing once more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from goround.apps.audit.models import Event
from goround.apps.decisions.electorate import NotAllowedToEnd
from goround.apps.decisions.models import Candidacy, Decision, Mandate
from goround.apps.decisions.opening import TooFewForSecret, WrongQuestion
from goround.apps.decisions.selectors.elections import (
    mandate_of,
    naming_of,
    own_leadership,
    parent_leaders,
    term_of,
    waits_for_my_answer,
)
from goround.apps.decisions.services.elections import (
    NobodyStands,
    NotChosen,
    OneIsRunning,
    accept,
    begin_all_due,
    begin_vote,
    call_election,
    decline,
    name,
    open_leaders_pages,
    refuse,
    stand,
    step_down,
)
from goround.apps.decisions.services.voting import NotOpen
from goround.apps.decisions.terms import months_after
from goround.apps.groups.models import Leadership
from goround.apps.groups.services import ChosenByGroup, end_lead, give_lead, leave
from goround.apps.organisations.roles import Role
from tests.make import NOON, make_coordinator, make_user
from tests.make_decisions import Room, make_room

pytestmark = pytest.mark.django_db

PART = Leadership.Part.PARENT_LEADER


def call(room: Room, *, instead_of: Leadership | None = None, **more) -> Decision:
    today = room.group.today(at=NOON)
    return call_election(
        group=room.group,
        member=room.members[0],
        instead_of=instead_of,
        by=room.user(0),
        at=NOON,
        **{"naming_until": today, "closes_on": today + timedelta(days=7), "months": 6} | more,
    )


def act(room: Room, decision: Decision, number: int) -> dict:
    return {
        "decision": decision,
        "member": room.members[number],
        "by": room.user(number),
        "at": NOON,
    }


def elect(room: Room, standing: list[int], votes: dict[int, tuple[int, ...]], **more) -> Decision:
    """An election held to its end: these stand, and these ballots are handed in."""
    decision = call(room, **more)
    for number in standing:
        stand(**act(room, decision, number))
    decision = begin_vote(**act(room, decision, 0))
    return room.vote(decision, votes)


def leaders(room: Room) -> list[int]:
    found = Leadership.objects.filter(group=room.group, part=PART, to_on=None)
    return [room.members.index(lead.membership) for lead in found.order_by("pk")]


def test_who_is_chosen_leads_once_they_say_yes():
    room = make_room(3)
    decision = elect(room, [1, 2], {0: (1,), 1: (1,), 2: (0,)})
    before = leaders(room)

    for _ in range(2):
        accept(**act(room, decision, 2))

    assert before == []
    assert leaders(room) == [2]
    lead = Leadership.objects.get(group=room.group)
    assert (lead.from_on, lead.chosen_by_group) == (room.group.today(at=NOON), True)
    assert term_of(room.user(2), lead) == months_after(room.group.today(at=NOON), 6)
    assert Event.objects.filter(kind="lead.given").count() == 1


def test_who_is_chosen_may_say_no_and_all_stays_as_it_was():
    room = make_room(3)
    decision = elect(room, [1], {0: (0,), 1: (0,), 2: (1,)})

    for _ in range(2):
        refuse(**act(room, decision, 1))

    assert leaders(room) == []
    assert mandate_of(room.user(0), decision).accepted is False
    with pytest.raises(NotChosen):
        accept(**act(room, decision, 1))


def test_nobody_else_takes_what_was_given_to_another():
    room = make_room(3)
    decision = elect(room, [1], {0: (0,), 1: (0,), 2: (1,)})

    for answer in (accept, refuse):
        with pytest.raises(NotChosen):
            answer(**act(room, decision, 2))


def test_only_who_says_yes_is_on_the_ballot():
    room = make_room(5)
    decision = call(room)
    for number in (1, 2, 3):
        name(named=room.members[number], **act(room, decision, 0))
    stand(**act(room, decision, 1))
    decline(**act(room, decision, 2))
    stand(**act(room, decision, 4))

    decision = begin_vote(**act(room, decision, 0))

    assert decision.standing == [room.members[1].pk, room.members[4].pk]
    assert decision.options() == 3
    assert decision.is_secret


def test_who_named_whom_is_kept_nowhere():
    room = make_room(3)
    decision = call(room)
    events = Event.objects.count()

    name(named=room.members[2], **act(room, decision, 1))

    assert Event.objects.count() == events
    assert {field.name for field in Candidacy._meta.concrete_fields} == {
        "id",
        "organisation",
        "decision",
        "membership",
        "answer",
    }


def test_only_who_was_asked_sees_that_they_were():
    room = make_room(4)
    decision = call(room)
    name(named=room.members[2], **act(room, decision, 1))
    stand(**act(room, decision, 3))

    seen = [naming_of(room.user(number), decision) for number in range(4)]

    assert [one.was_asked for one in seen] == [False, False, True, False]
    assert [list(one.standing) for one in seen] == [["Member 3"]] * 4
    assert [len(one.others) for one in seen] == [3, 3, 3, 3]
    assert waits_for_my_answer(room.user(2), room.group.pk) == decision
    assert waits_for_my_answer(room.user(1), room.group.pk) is None


def test_who_said_no_is_not_asked_again_and_nobody_learns_it():
    room = make_room(3)
    decision = call(room)
    decline(**act(room, decision, 2))

    name(named=room.members[2], **act(room, decision, 1))

    assert naming_of(room.user(2), decision).was_asked is False
    assert len(naming_of(room.user(1), decision).others) == 2


def test_candidacies_are_gone_after_the_count():
    room = make_room(3)

    elect(room, [1], {0: (0,), 1: (0,), 2: (0,)})

    assert Candidacy.objects.count() == 0


def test_nobody_for_now_can_win():
    room = make_room(3)

    decision = elect(room, [1], {0: (1,), 1: (0,), 2: (1,)})

    assert decision.result["winners"] == [1]
    assert mandate_of(room.user(1), decision) is None
    assert waits_for_my_answer(room.user(1), room.group.pk) is None


def test_a_tie_gives_nobody_the_lead():
    room = make_room(4)

    decision = elect(room, [1, 2], {0: (0,), 1: (0,), 2: (1,), 3: (1,)})

    assert decision.result["outcome"] == "tie"
    assert Mandate.objects.get().chosen is None


def test_another_takes_over_and_the_one_before_ends():
    room = make_room(3)
    accept(**act(room, elect(room, [1], dict.fromkeys(range(3), (0,))), 1))
    first = Leadership.objects.get()

    decision = elect(room, [1, 2], {0: (1,), 1: (0,), 2: (1,)}, instead_of=first)
    assert leaders(room) == [1]
    accept(**act(room, decision, 2))

    assert leaders(room) == [2]


def test_somebody_elected_again_goes_on_in_a_new_term():
    room = make_room(3)
    accept(**act(room, elect(room, [1], dict.fromkeys(range(3), (0,))), 1))
    lead = Leadership.objects.get()

    again = elect(room, [1], dict.fromkeys(range(3), (0,)), instead_of=lead, months=12)
    accept(**act(room, again, 1))

    assert list(Leadership.objects.all()) == [lead]
    assert term_of(room.user(1), lead) == months_after(room.group.today(at=NOON), 12)


def test_a_group_ends_a_lead_by_choosing_nobody():
    room = make_room(3)
    accept(**act(room, elect(room, [1], dict.fromkeys(range(3), (0,))), 1))

    elect(room, [1], {0: (1,), 1: (0,), 2: (1,)}, instead_of=Leadership.objects.get())

    assert leaders(room) == []


def test_nobody_else_ends_what_the_group_gave():
    room = make_room(3)
    accept(**act(room, elect(room, [1], dict.fromkeys(range(3), (0,))), 1))
    lead, rosa = Leadership.objects.get(), make_coordinator(room.group.organisation)

    with pytest.raises(ChosenByGroup):
        end_lead(leadership=lead, on=NOON.date(), by=rosa, at=NOON)

    assert leaders(room) == [1]


def test_a_leader_may_stop_and_nobody_stops_them_in_their_name():
    room = make_room(3)
    accept(**act(room, elect(room, [1], dict.fromkeys(range(3), (0,))), 1))
    lead = Leadership.objects.get()

    with pytest.raises(NotChosen):
        step_down(leadership=lead, by=room.user(2), at=NOON)
    step_down(leadership=lead, by=room.user(1), at=NOON)

    assert leaders(room) == []


def test_a_lead_given_by_a_coordinator_can_be_voted_on_too():
    room = make_room(3)
    rosa = make_coordinator(room.group.organisation)
    given = give_lead(
        group=room.group,
        leader=room.members[1],
        part=PART,
        from_on=date(2026, 3, 2),
        by=rosa,
        at=NOON,
    )

    accept(**act(room, elect(room, [1], dict.fromkeys(range(3), (0,)), instead_of=given), 1))

    given.refresh_from_db()
    assert (given.to_on, given.chosen_by_group) == (None, True)


def test_leading_opens_the_leaders_pages_only_when_asked_for():
    room = make_room(3)
    accept(**act(room, elect(room, [1], dict.fromkeys(range(3), (0,))), 1))
    lead = Leadership.objects.get()
    roles = room.user(1).roles.values_list("role", flat=True)
    assert list(roles) == [Role.PARENT]

    with pytest.raises(NotChosen):
        open_leaders_pages(leadership=lead, by=room.user(2), at=NOON)
    open_leaders_pages(leadership=lead, by=room.user(1), at=NOON)

    assert sorted(roles.all()) == [Role.PARENT, Role.PARENT_LEADER]


def test_the_vote_begins_by_itself_after_the_last_day_of_naming():
    room = make_room(3)
    decision = call(room)
    stand(**act(room, decision, 1))

    begin_all_due(by=None, at=NOON)
    decision.refresh_from_db()
    assert decision.status == "naming"
    begin_all_due(by=None, at=NOON + timedelta(days=1))

    decision.refresh_from_db()
    assert (decision.status, len(decision.electorate)) == ("open", 3)


@pytest.mark.parametrize("days", [1, 9])
def test_an_election_in_which_nobody_stands_ends(days):
    room = make_room(3)
    decision = call(room)
    if days == 9:
        stand(**act(room, decision, 1))

    begin_all_due(by=None, at=NOON + timedelta(days=days))

    decision.refresh_from_db()
    assert decision.status == "dropped"


def test_nothing_begins_while_nobody_stands():
    room = make_room(3)
    decision = call(room)

    with pytest.raises(NobodyStands):
        begin_vote(**act(room, decision, 0))


def test_only_who_called_it_or_a_leader_begins_the_vote():
    room = make_room(3)
    decision = call(room)
    stand(**act(room, decision, 1))

    with pytest.raises(NotAllowedToEnd):
        begin_vote(**act(room, decision, 1))


def test_nobody_stands_once_the_vote_has_begun():
    room = make_room(3)
    decision = call(room)
    stand(**act(room, decision, 1))
    begin_vote(**act(room, decision, 0))

    with pytest.raises(NotOpen):
        stand(**act(room, decision, 2))


def test_who_has_left_stands_no_more_and_is_chosen_no_more():
    room = make_room(5)
    decision = call(room)
    for number in (1, 2):
        stand(**act(room, decision, number))
    leave(membership=room.members[1], on=NOON.date(), by=room.user(1), at=NOON)
    decision = begin_vote(**act(room, decision, 0))
    leave(membership=room.members[2], on=NOON.date(), by=room.user(2), at=NOON)

    room.vote(decision, {0: (0,), 3: (0,), 4: (0,)})

    assert decision.standing == [room.members[2].pk]
    assert Mandate.objects.get().chosen is None


def test_a_group_chooses_once_at_a_time():
    room = make_room(3)
    call(room)

    with pytest.raises(OneIsRunning):
        call(room)


def test_two_cannot_choose_in_secret():
    with pytest.raises(TooFewForSecret):
        call(make_room(2))


@pytest.mark.parametrize(
    "wrong",
    [
        {"months": 0},
        {"months": 25},
        {"naming_until": date(2026, 3, 1)},
        {"closes_on": date(2026, 3, 1)},
        {"naming_until": date(2026, 4, 1)},
    ],
)
def test_an_election_has_days_to_come_and_a_term(wrong):
    with pytest.raises(WrongQuestion):
        call(make_room(3), **wrong)


def test_the_lead_of_another_group_is_not_voted_on():
    other = make_room(3)
    accept(**act(other, elect(other, [1], dict.fromkeys(range(3), (0,))), 1))

    with pytest.raises(WrongQuestion):
        call(make_room(3), instead_of=Leadership.objects.get())


def test_strangers_see_nothing_of_an_election():
    room = make_room(3)
    naming = call(make_room(3))
    decision = elect(room, [1], dict.fromkeys(range(3), (0,)))
    accept(**act(room, decision, 1))

    for viewer in (make_user(), make_coordinator(room.group.organisation)):
        assert naming_of(viewer, naming) is None
        assert mandate_of(viewer, decision) is None
        assert parent_leaders(viewer, room.group) == []
        assert own_leadership(viewer, room.group.pk) is None
        assert waits_for_my_answer(viewer, room.group.pk) is None
