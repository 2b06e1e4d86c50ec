"""The rules of the go-round: from one moment and one command to the next moment.

Nobody's turn is ever ended by the clock. A lost connection is no command at all: whoever is
offline keeps their seat and their turn.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from goround.domain.circle.commands import (
    Arrive,
    AtTable,
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
    SetSoftTime,
    Sitting,
    TakeLead,
    Undo,
)
from goround.domain.circle.facts import Circle, Round, Seat, Share, Turn, spent
from goround.domain.circle.order import asked_again, is_over, waiting

UNDO_DEPTH = 12
KEYS_KEPT = 400
MOST_SEATS = 60
SHORTEST, LONGEST = 30, 30 * 60


class NotAllowed(Exception):
    """This hand may not do that: somebody else leads, or it is not their turn."""


class NoRoom(Exception):
    """More seats than a circle can have."""


def carry_out(circle: Circle, command: Command, *, by: Hand, at: datetime) -> Circle:
    """The circle after the command.

    The very same object when there is nothing to do: a key seen before, a turn that is over, a
    state that holds already. Raises ``NotAllowed`` where this hand may not, ``NoRoom`` for a
    seat too many. Whether it may is asked before whether there is anything to do.
    """
    if not may(circle, command, by=by):
        raise NotAllowed(f"{type(command).__name__} by {by}")
    if command.key in circle.keys:
        return circle
    after = _carry_out(circle, command, by, at)
    if after is circle:
        return circle
    return replace(after, keys=(*after.keys, command.key)[-KEYS_KEPT:])


def may(circle: Circle, command: Command, *, by: Hand) -> bool:
    """Whether this hand may ask for that, at this moment of the circle."""
    match by:
        case Leading(device=device):
            return device == circle.leader or isinstance(command, TakeLead)
        case AtTable():
            return isinstance(command, Finish | Pass)
        case Sitting(seat=own):
            return _may_alone(circle, command, own)


def _may_alone(circle: Circle, command: Command, own: int) -> bool:
    match command:
        case Arrive(seat=seat) | Leave(seat=seat) | PassAhead(seat=seat) | ChangeWay(seat=seat):
            return seat == own
        case Finish(turn=turn) | Pass(turn=turn):
            now = circle.round.now
            # Too late is no offence: the turn may have ended while the tap was on its way.
            return now is None or now.number != turn or now.seat == own
    return False


def _carry_out(circle: Circle, command: Command, by: Hand, at: datetime) -> Circle:
    match command:
        case Arrive():
            after = _arrive(circle, command)
        case Leave(seat=seat):
            after = _leave(circle, seat, at)
        case ChangeWay(seat=seat, way=way):
            after = _seated(circle, seat, way=way)
        case PassAhead(seat=seat):
            after = _pass_ahead(circle, seat)
        case Begin(turn=turn):
            after = _begin(circle, turn, at)
        case Finish(turn=turn):
            after = _end_turn(circle, turn, at, taken=True)
        case Pass(turn=turn):
            after = _end_turn(circle, turn, at, taken=False)
        case Undo(turn=turn):
            after = _undo(circle, turn, at)
        case _:
            after = _lead(circle, command, by, at)
    return after


def _lead(circle: Circle, command: Command, by: Hand, at: datetime) -> Circle:
    """What changes nobody's turn: pauses, the soft time, and which device leads."""
    match command:
        case Pause() if not circle.is_paused:
            return replace(circle, paused_at=at)
        case Resume():
            return _resumed(circle, at)
        case TakeLead() if isinstance(by, Leading) and by.device != circle.leader:
            return replace(circle, leader=by.device)
        case SetSoftTime(seconds=seconds):
            soft = min(LONGEST, max(SHORTEST, seconds))
            return circle if soft == circle.soft_seconds else replace(circle, soft_seconds=soft)
    return circle


def _arrive(circle: Circle, command: Arrive) -> Circle:
    known = circle.seat(command.seat)
    if known is not None:
        return circle if known.here else _seated(circle, known.id, way=command.way, here=True)
    if len(circle.seats) >= MOST_SEATS:
        raise NoRoom(f"{MOST_SEATS} seats are taken")
    # By id, so that two who come at once sit alike whichever is told first.
    seats = sorted((*circle.seats, Seat(command.seat, command.way)), key=lambda seat: seat.id)
    return replace(circle, seats=tuple(seats))


def _seated(circle: Circle, seat_id: int, **changes: object) -> Circle:
    """The circle with one seat changed; the same circle when that changes nothing."""
    seats = tuple(
        replace(seat, **changes) if seat.id == seat_id else seat  # type: ignore[arg-type]
        for seat in circle.seats
    )
    return circle if seats == circle.seats else replace(circle, seats=seats)


def _leave(circle: Circle, seat_id: int, at: datetime) -> Circle:
    """Whoever goes in their turn gives it back, and has it still to come should they return."""
    left = _seated(circle, seat_id, here=False)
    now = left.round.now
    if now is None or now.seat != seat_id or left is circle:
        return left
    back = _given_back(left)
    if now.again:
        back = replace(back, passed=(*back.passed, seat_id))
    return _offer_next(replace(_resumed(left, at), round=back), at)


def _begin(circle: Circle, turn: int, at: datetime) -> Circle:
    if circle.round.now is not None or turn != circle.round.offers:
        return circle
    remembered = _remembered(circle)
    if is_over(circle):
        fresh = replace(circle.round, number=circle.round.number + 1, passed=(), done=(), now=None)
        remembered = replace(remembered, round=fresh)
    begun = _offer_next(_resumed(remembered, at), at)
    return circle if begun.round.now is None else begun


def _end_turn(circle: Circle, turn: int, at: datetime, *, taken: bool) -> Circle:
    now = circle.round.now
    if now is None or now.number != turn:
        return circle
    ended = _counted(circle, now.seat, at) if taken else _given_back(circle)
    if taken or now.again:
        ended = replace(ended, done=(*ended.done, now.seat), passed=_without(ended, now.seat))
    else:
        ended = replace(ended, passed=(*ended.passed, now.seat))
    return _offer_next(replace(_remembered(_resumed(circle, at)), round=ended), at)


def _given_back(circle: Circle) -> Round:
    """The round with the turn that is on ended, as if it had not been."""
    return replace(circle.round, now=None)


def _counted(circle: Circle, seat_id: int, at: datetime) -> Round:
    """The round with the turn that is on taken, and its time added to the seat's share."""
    had = circle.share(seat_id)
    share = Share(seat_id, had.taken + 1, had.seconds + spent(circle, at=at))
    others = (each for each in circle.round.shares if each.seat != seat_id)
    shares = tuple(sorted((*others, share), key=lambda each: each.seat))
    return replace(circle.round, now=None, shares=shares)


def _offer_next(circle: Circle, at: datetime) -> Circle:
    """Offer a turn to whoever comes next; nobody when the round is through."""
    line, again = waiting(circle), asked_again(circle)
    if not line and not again:
        return circle
    seat_id = line[0] if line else again[0]
    number = circle.round.offers + 1
    turn = Turn(number, seat_id, at, again=not line)
    passed = circle.round.passed if line else _without(circle.round, seat_id)
    return replace(circle, round=replace(circle.round, now=turn, offers=number, passed=passed))


def _pass_ahead(circle: Circle, seat_id: int) -> Circle:
    if seat_id not in waiting(circle):
        return circle
    passed = (*circle.round.passed, seat_id)
    return replace(circle, round=replace(circle.round, passed=passed))


def _undo(circle: Circle, turn: int, at: datetime) -> Circle:
    """The round as it was one tap ago, with a number of its own: old taps must not hit it."""
    if not circle.before or turn != circle.round.offers:
        return circle
    former, number = circle.before[-1], circle.round.offers + 1
    now = replace(former.now, number=number) if former.now else None
    back = replace(
        circle,
        round=replace(former, now=now, offers=number),
        before=circle.before[:-1],
        paused_at=None,
    )
    if now is None or back.is_here(now.seat):
        return back
    return _offer_next(replace(back, round=replace(back.round, now=None)), at)


def _resumed(circle: Circle, at: datetime) -> Circle:
    """The circle going on; the time it paused does not count for the turn that is on."""
    if circle.paused_at is None:
        return circle
    now = circle.round.now
    if now is not None:
        # Clocks of two servers may differ: a pause never lasts less than nothing.
        pause = max(timedelta(0), at - max(circle.paused_at, now.offered_at))
        now = replace(now, held=now.held + pause.total_seconds())
    return replace(circle, round=replace(circle.round, now=now), paused_at=None)


def _remembered(circle: Circle) -> Circle:
    """The circle with this moment kept, for an undo."""
    return replace(circle, before=(*circle.before, circle.round)[-UNDO_DEPTH:])


def _without(round_: Round, seat_id: int) -> tuple[int, ...]:
    return tuple(each for each in round_.passed if each != seat_id)
