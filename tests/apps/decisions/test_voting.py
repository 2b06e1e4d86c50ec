"""A vote from the question to its counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from goround.apps.audit.models import Event
from goround.apps.decisions.boxes import HasVoted
from goround.apps.decisions.electorate import NotAllowedToEnd
from goround.apps.decisions.models import Box, Decision, Voice
from goround.apps.decisions.opening import TooFewForSecret, WrongQuestion
from goround.apps.decisions.selectors.votes import (
    ballot_for,
    decisions_of,
    voters_here,
    waiting_for_me,
)
from goround.apps.decisions.services.voting import (
    NotEnoughYet,
    NotOpen,
    cast,
    close,
    drop,
    end_all_over,
    end_if_over,
)
from goround.apps.decisions.stored import from_plain
from goround.apps.groups.membership import NotAMember
from goround.apps.groups.models import Leadership
from goround.apps.groups.services import leave
from goround.domain.voting.ballots import NoBallot
from goround.domain.voting.counting import Outcome
from tests.make import NOON, make_membership, make_user
from tests.make_decisions import Kind, make_room

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=9)


def test_a_vote_is_counted_when_all_have_voted():
    room = make_room(3)

    decision = room.vote(room.ask(), {0: (0,), 1: (1,), 2: (1,)})

    assert (decision.status, decision.ended_on) == ("closed", room.group.today(at=NOON))
    assert decision.result == {
        "outcome": "decided",
        "ballots": 3,
        "counts": [1, 2, 0],
        "winners": [1],
        "blank": 0,
        "rounds": [],
    }
    assert Box.objects.count() == 0


def test_nothing_is_counted_before_all_have_voted():
    room = make_room(3)

    decision = room.vote(room.ask(), {0: (0,), 1: (1,)})

    assert (decision.status, decision.result) == ("open", None)


def test_a_secret_vote_is_cast_once():
    room = make_room(3)
    decision = room.vote(room.ask(), {0: (0,)})

    with pytest.raises(HasVoted):
        room.vote(decision, {0: (1,)})

    assert room.vote(decision, {1: (0,), 2: (0,)}).result["counts"] == [3, 0, 0]


def test_an_open_vote_is_changed_until_it_is_counted():
    room = make_room(3)
    decision = room.ask(Kind.TIME, "Monday", "Tuesday", is_secret=False)

    room.vote(decision, {0: (0,), 1: (1,)})
    decision = room.vote(decision, {0: (1, 0), 2: (1,)})

    assert (decision.result["counts"], decision.result["winners"]) == ([1, 3], [1])
    assert sorted(Voice.objects.values_list("membership", "choice")) == [
        (member.pk, choice) for member, choice in zip(room.members, ([0, 1], [1], [1]), strict=True)
    ]


@pytest.mark.parametrize("kind", [Kind.SIMPLE, Kind.RANKED])
def test_only_proposals_and_times_can_be_voted_on_openly(kind):
    room = make_room(3)

    decision = room.ask(kind, is_secret=False)

    assert decision.is_secret
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(is_secret=False)


def test_who_may_vote_is_fixed_when_the_vote_opens():
    room = make_room(3)
    decision = room.ask()
    late = make_membership(room.group)
    stranger = make_membership(make_room(3).group)

    for member in (late, stranger):
        room.members.append(member)
        with pytest.raises(NotOpen):
            room_vote_as(room, decision, member)

    assert decision.electorate == sorted(member.pk for member in room.members[:3])


def room_vote_as(room, decision, member):

    cast(decision=decision, member=member, chosen=(0,), by=make_user(), at=NOON)


def test_nobody_waits_for_who_has_left():
    room = make_room(4)
    decision = room.vote(room.ask(), {0: (0,), 1: (0,)})
    leave(membership=room.members[3], on=NOON.date(), by=room.user(3), at=NOON)

    assert room.vote(decision, {2: (1,)}).result["counts"] == [2, 1, 0]


def test_too_few_are_left_to_count_what_they_said():
    """With two ballots in it, an opened box would tell each what the other said."""
    room = make_room(4)
    decision = room.vote(room.ask(), {0: (0,)})
    for number in (2, 3):
        leave(membership=room.members[number], on=NOON.date(), by=room.user(number), at=NOON)

    decision = room.vote(decision, {1: (1,)})

    assert decision.status == "open"
    assert end_if_over(decision=decision, by=None, at=LATER).status == "dropped"


def test_a_vote_is_counted_when_its_day_is_over_and_enough_have_voted():
    room = make_room(5)
    enough = room.vote(room.ask(), {0: (0,), 1: (0,), 2: (1,)})
    too_few = room.vote(room.ask(), {0: (0,), 1: (0,)})

    assert end_all_over(by=None, at=NOON + timedelta(days=7)) == 0
    assert end_all_over(by=None, at=LATER) == 2

    enough.refresh_from_db()
    too_few.refresh_from_db()
    assert (enough.status, enough.result["counts"]) == ("closed", [2, 1, 0])
    assert (too_few.status, too_few.result) == ("dropped", None)
    assert Box.objects.count() == 0


def test_no_vote_is_taken_after_its_day():
    room = make_room(3)
    decision = room.ask(days=0)

    with pytest.raises(NotOpen):
        cast(decision=decision, member=room.members[1], chosen=(0,), by=room.user(1), at=LATER)


def test_who_asked_or_a_parent_leader_closes_it_with_enough_votes():
    room = make_room(5)
    decision = room.vote(room.ask(), {0: (0,), 1: (1,)})
    Leadership.objects.create(
        group=room.group,
        membership=room.members[4],
        part=Leadership.Part.PARENT_LEADER,
        from_on=NOON.date(),
    )
    with pytest.raises(NotEnoughYet):
        close(decision=decision, member=room.members[0], by=room.user(0), at=NOON)
    room.vote(decision, {2: (1,)})
    with pytest.raises(NotAllowedToEnd):
        close(decision=decision, member=room.members[1], by=room.user(1), at=NOON)

    for _ in range(2):
        close(decision=decision, member=room.members[4], by=room.user(4), at=NOON)

    decision.refresh_from_db()
    assert decision.result["counts"] == [1, 2, 0]
    assert Event.objects.filter(kind="decision.closed").count() == 1


def test_a_dropped_vote_leaves_nothing():
    room = make_room(3)
    open_one = room.vote(room.ask(Kind.CONSENT, is_secret=False), {0: (2,)})
    secret = room.vote(room.ask(), {1: (2,)})

    for decision in (open_one, secret):
        drop(decision=decision, member=room.members[0], by=room.user(0), at=NOON)

    assert (Box.objects.count(), Voice.objects.count()) == (0, 0)


def test_a_secret_vote_needs_three():
    room = make_room(2)

    with pytest.raises(TooFewForSecret):
        room.ask()

    assert not room.ask(Kind.CONSENT, is_secret=False).is_secret


def test_only_members_ask():
    room, other = make_room(3), make_room(3)
    room.members[0] = other.members[0]

    with pytest.raises(NotAMember):
        room.ask()


@pytest.mark.parametrize(
    ("kind", "options", "question"),
    [
        (Kind.SIMPLE, ("Only one",), "Where?"),
        (Kind.SIMPLE, ("Zoo", "zoo"), "Where?"),
        (Kind.RANKED, tuple("abcdefghi"), "Where?"),
        (Kind.TIME, ("Monday", "Tuesday"), "  "),
        (Kind.ELECTION, ("Ana", "Ben"), "Who?"),
    ],
)
def test_what_cannot_be_voted_on_is_not_asked(kind, options, question):
    with pytest.raises(WrongQuestion):
        make_room(3).ask(kind, *options, question=question)


@pytest.mark.parametrize("days", [-1, 61])
def test_a_vote_ends_on_a_day_to_come(days):
    with pytest.raises(WrongQuestion):
        make_room(3).ask(days=days)


def test_a_ballot_of_something_else_is_refused():
    room = make_room(3)

    with pytest.raises(NoBallot):
        room.vote(room.ask(), {0: (7,)})


def test_a_tie_is_announced_as_one():
    room = make_room(4)

    decision = room.vote(room.ask(Kind.RANKED, "Zoo", "Lake"), {n: (n % 2,) for n in range(4)})

    count = from_plain(decision.result)
    assert (count.outcome, count.winners) == (Outcome.TIE, (0, 1))


def test_members_see_the_decisions_of_their_group_and_strangers_none():
    room, other = make_room(3), make_room(3)
    decision = room.vote(room.ask(), {1: (0,)})
    nobody = make_user()

    assert list(decisions_of(room.user(0), room.group.pk)) == [decision]
    assert [waiting_for_me(room.user(n), room.group.pk, at=NOON) for n in range(3)] == [1, 0, 1]
    for viewer in (nobody, other.user(0)):
        assert list(decisions_of(viewer, room.group.pk)) == []
        assert ballot_for(viewer, decision, at=NOON) is None
        assert waiting_for_me(viewer, room.group.pk, at=NOON) == 0
        assert voters_here(viewer, room.group).members == 0


def test_a_member_who_left_sees_nothing_any_more():
    room = make_room(4)
    decision = room.ask()
    leave(membership=room.members[3], on=NOON.date(), by=room.user(3), at=NOON)

    assert ballot_for(room.user(3), decision, at=NOON) is None
