"""No turn is lost, none is given twice, nobody waits too long: whatever happens in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from goround.domain.circle.commands import (
    Arrive,
    Begin,
    ChangeWay,
    Command,
    Finish,
    Hand,
    Leading,
    Leave,
    Pass,
    PassAhead,
    Pause,
    Resume,
    Sitting,
    TakeLead,
    Undo,
)
from goround.domain.circle.evenness import evenness_of
from goround.domain.circle.facts import Circle, Seat, Way
from goround.domain.circle.order import is_over, to_come, waiting
from goround.domain.circle.plain import from_plain, to_plain
from goround.domain.circle.rules import NotAllowed, carry_out

EVENING = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)
SEATS = st.integers(1, 7)


class Evening(RuleBasedStateMachine):
    """People come and go, tap and mis-tap, pass and are paused, on devices that come and die."""

    def __init__(self) -> None:
        super().__init__()
        self.circle = Circle(leader="a")
        self.at = EVENING
        self.number = count()
        self.sent: list[tuple[Command, Hand]] = []
        # Turns taken that no undo took back, as (round, seat), and how many at each undo's end.
        self.taken: list[tuple[int, int]] = []
        self.marks: list[int] = []

    def send(self, command: Command, by: Hand | None = None) -> Circle:
        before = self.circle
        hand = by or Leading(before.leader or "a")
        self.at += timedelta(seconds=7)
        self.circle = carry_out(before, command, by=hand, at=self.at)
        self.sent.append((command, hand))
        if self.circle is not before:
            self.note(before, command)
            self.follow(before, command)
        return before

    def note(self, before: Circle, command: Command) -> None:
        if isinstance(command, Undo):
            del self.taken[self.marks.pop() :]
        if isinstance(command, Begin | Finish | Pass):
            self.marks.append(len(self.taken))
        if isinstance(command, Finish) and before.round.now:
            self.taken.append((before.round.number, before.round.now.seat))

    def follow(self, before: Circle, command: Command) -> None:
        """What each command may change, said a second time and in another way."""
        turn_before, turn = before.round.now, self.circle.round.now
        if turn is None or (turn_before and turn.number == turn_before.number):
            return
        assert turn.number > before.round.offers
        if isinstance(command, Undo):
            return
        if turn.again:
            assert not waiting(self.circle)
        elif self.circle.is_heard(turn.seat):
            assert all(self.circle.is_heard(seat) for seat in waiting(self.circle))

    def key(self) -> str:
        return str(next(self.number))

    def turn(self) -> int:
        return self.circle.round.offers

    @rule(seat=SEATS, way=st.sampled_from(Way))
    def arrive(self, seat: int, way: Way) -> None:
        self.send(Arrive(self.key(), seat, way))

    @rule(seat=SEATS)
    def leave(self, seat: int) -> None:
        self.send(Leave(self.key(), seat))

    @rule(seat=SEATS, way=st.sampled_from(Way))
    def change_way(self, seat: int, way: Way) -> None:
        before = self.send(ChangeWay(self.key(), seat, way))
        assert before.round == self.circle.round

    @rule()
    def begin(self) -> None:
        self.send(Begin(self.key(), self.turn()))

    @rule(late=st.integers(0, 2))
    def finish(self, late: int) -> None:
        before = self.send(Finish(self.key(), self.turn() - late))
        assert late == 0 or before is self.circle

    @rule(late=st.integers(0, 2))
    def pass_on(self, late: int) -> None:
        before = self.send(Pass(self.key(), self.turn() - late))
        assert late == 0 or before is self.circle

    @rule(seat=SEATS)
    def pass_ahead(self, seat: int) -> None:
        self.send(PassAhead(self.key(), seat), by=Sitting(seat))

    @rule()
    def undo(self) -> None:
        self.send(Undo(self.key(), self.turn()))

    @rule(on=st.booleans())
    def pause(self, on: bool) -> None:
        before = self.send(Pause(self.key()) if on else Resume(self.key()))
        assert self.circle.round.offers == before.round.offers

    @rule(device=st.sampled_from("abc"))
    def take_lead(self, device: str) -> None:
        before = self.send(TakeLead(self.key()), by=Leading(device))
        assert before.round == self.circle.round
        assert self.circle.leader == device

    @rule(device=st.sampled_from("xyz"))
    def somebody_who_does_not_lead_taps(self, device: str) -> None:
        try:
            self.send(Finish(self.key(), self.turn()), by=Leading(device))
        except NotAllowed:
            return
        raise AssertionError("a device that does not lead moved the circle")

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def replay(self, data: st.DataObject) -> None:
        """A command sent again, long after, does nothing."""
        command, hand = data.draw(st.sampled_from(self.sent))
        if isinstance(hand, Leading):
            hand = Leading(self.circle.leader or "a")
        if command.key in self.circle.keys:
            assert carry_out(self.circle, command, by=hand, at=self.at) is self.circle

    @rule()
    def process_dies_and_comes_back(self) -> None:
        assert from_plain(to_plain(self.circle)) == self.circle
        self.circle = from_plain(to_plain(self.circle))

    @invariant()
    def every_seat_here_is_in_exactly_one_place(self) -> None:
        round_ = self.circle.round
        places = [*waiting(self.circle), *round_.passed, *round_.done]
        if round_.now:
            places.append(round_.now.seat)
        assert len(places) == len(set(places))
        assert {seat.id for seat in self.circle.seats if seat.here} <= set(places)

    @invariant()
    def nobody_takes_two_turns_in_a_round(self) -> None:
        assert len(self.taken) == len(set(self.taken))

    @invariant()
    def every_turn_taken_is_counted(self) -> None:
        for seat in self.circle.seats:
            taken = sum(1 for _round, one in self.taken if one == seat.id)
            assert self.circle.share(seat.id).taken == taken

    @invariant()
    def the_turn_is_with_somebody_who_is_here(self) -> None:
        now = self.circle.round.now
        assert now is None or self.circle.is_here(now.seat)

    @invariant()
    def the_round_is_over_only_when_all_here_are_done(self) -> None:
        if is_over(self.circle):
            here = {seat.id for seat in self.circle.seats if seat.here}
            assert here <= set(self.circle.round.done)

    @invariant()
    def evenness_is_a_share(self) -> None:
        figure = evenness_of(self.circle)
        assert figure is None or 0 <= figure <= 1


TestEvening = Evening.TestCase
TestEvening.settings = settings(max_examples=80, stateful_step_count=50, deadline=None)


def circle_of(size: int) -> Circle:
    return Circle(seats=tuple(Seat(seat) for seat in range(1, size + 1)), leader="a")


def lead(circle: Circle, command: Command, seconds: int = 0) -> Circle:
    return carry_out(circle, command, by=Leading("a"), at=EVENING + timedelta(seconds=seconds))


@given(st.integers(1, 12), st.lists(st.booleans(), max_size=80))
def test_offers_never_differ_by_more_than_one(size: int, takes: list[bool]) -> None:
    """The fairness bound: among those who were there all along, at every moment."""
    circle, offered = circle_of(size), dict.fromkeys(range(1, size + 1), 0)
    taken = {seat: [0] for seat in offered}
    for step, takes_it in enumerate(takes):
        turn, key = circle.round.offers, str(step)
        if circle.round.now is None:
            circle = lead(circle, Begin(key, turn), step)
        elif takes_it:
            taken[circle.round.now.seat].append(circle.round.number)
            circle = lead(circle, Finish(key, turn), step)
        else:
            circle = lead(circle, Pass(key, turn), step)
        now = circle.round.now
        if now and not now.again and now.number > turn:
            offered[now.seat] += 1
        assert max(offered.values()) - min(offered.values()) <= 1
    assert all(first < second for rounds in taken.values() for first, second in pairwise(rounds))


@given(st.integers(2, 10), st.integers(1, 10), st.lists(st.booleans(), min_size=60, max_size=60))
def test_nobody_waits_for_more_turns_than_there_are_others(
    size: int, watched: int, takes: list[bool]
) -> None:
    """From the beginning of a round to one's first offer in it: at most ``size - 1`` others."""
    circle, waited = circle_of(size), 0
    watched = min(watched, size)
    for step, takes_it in enumerate(takes):
        turn, key = circle.round.offers, str(step)
        if circle.round.now is None:
            circle, waited = lead(circle, Begin(key, turn), step), 0
        else:
            command = Finish(key, turn) if takes_it else Pass(key, turn)
            circle = lead(circle, command, step)
        now = circle.round.now
        if watched in waiting(circle) and now:
            waited += 1
            assert waited <= size - 1


@given(st.permutations(range(6)), st.lists(st.integers(0, 5), max_size=12))
def test_independent_taps_converge_in_every_order(order: list[int], repeats: list[int]) -> None:
    """Six devices send at once, some of it twice: the circle is the same in every order."""
    commands: list[tuple[Command, Hand]] = [
        (Arrive("k0", 9, Way.PHONE), Sitting(9)),
        (Arrive("k1", 8, Way.TELEPHONE), Leading("a")),
        (Leave("k2", 2), Sitting(2)),
        (PassAhead("k3", 4), Sitting(4)),
        (ChangeWay("k4", 3, Way.VIDEO), Sitting(3)),
        (Finish("k5", 1), Leading("a")),
    ]
    begun = lead(circle_of(5), Begin("begin", 0))

    def run(numbers: list[int]) -> Circle:
        circle = begun
        for each in numbers:
            command, hand = commands[each]
            circle = carry_out(circle, command, by=hand, at=EVENING + timedelta(seconds=9))
        return replace(circle, keys=(), before=())

    one, other = run([0, 1, 2, 3, 4, 5]), run([*order, *repeats])
    assert one.seats == other.seats
    assert (one.round.number, one.round.passed) == (other.round.number, other.round.passed)
    assert (one.round.done, one.round.shares) == (other.round.done, other.round.shares)
    assert {*to_come(one), _now(one)} == {*to_come(other), _now(other)}


def _now(circle: Circle) -> int | None:
    return circle.round.now.seat if circle.round.now else None


@given(st.permutations(["finish a", "finish b", "pass c", "finish d"]))
def test_taps_that_race_for_one_turn_move_it_once(order: list[str]) -> None:
    circle = lead(circle_of(4), Begin("begin", 0))

    for name in order:
        kind = Finish if name.startswith("finish") else Pass
        circle = lead(circle, kind(name, 1))

    assert circle.round.offers == 2
    assert (circle.round.now and circle.round.now.seat) == 2
    assert len(circle.round.done) + len(circle.round.passed) == 1
