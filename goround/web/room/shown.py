"""A circle in words: what the leading device, the table and each telephone show of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goround.apps.circle.selectors import Snapshot
from goround.domain.circle.facts import Circle, Seat, Way, spent
from goround.domain.circle.order import Place, is_over, standing, to_come
from goround.web.icons import ring

MOST_CHAIRS = 24
NEXT_NAMED = 3


@dataclass(frozen=True, slots=True)
class SeatShown:
    """One row of the leader's list, and what can be done with it."""

    number: int
    alias: str
    here: bool
    way: str
    way_words: str
    state: str
    is_now: bool
    is_later: bool
    has_phone: bool
    other_ways: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What is the same on every device at one moment."""

    version: int
    has_begun: bool
    is_over: bool
    is_paused: bool
    round: int
    turn: int
    now: str
    now_seat: int | None
    now_way: str
    now_again: bool
    nexts: tuple[str, ...]
    heard: int
    here: int
    ring: str
    soft_seconds: int
    spent: int
    soft_minutes: str
    can_undo: bool
    say: str


def shown(snapshot: Snapshot, *, at: datetime) -> Shown:
    circle = snapshot.circle
    now = circle.round.now
    here = [seat for seat in circle.seats if seat.here]
    seat = circle.seat(now.seat) if now else None
    return Shown(
        version=snapshot.version,
        has_begun=circle.has_begun,
        is_over=is_over(circle),
        is_paused=circle.is_paused,
        round=circle.round.number,
        turn=circle.round.offers,
        now=snapshot.name(now.seat) if now else "",
        now_seat=now.seat if now else None,
        now_way=seat.way.value if seat else "",
        now_again=bool(now and now.again),
        nexts=tuple(snapshot.name(number) for number in to_come(circle)[:NEXT_NAMED]),
        heard=sum(1 for each in here if each.id in circle.round.done),
        here=len(here),
        ring=chairs(circle),
        soft_seconds=circle.soft_seconds,
        spent=int(spent(circle, at=at)),
        soft_minutes=minutes_in_words(circle.soft_seconds),
        can_undo=bool(circle.before),
        say=_say(snapshot),
    )


def _say(snapshot: Snapshot) -> str:
    """One sentence for a screen reader whenever something changed."""
    circle = snapshot.circle
    if circle.is_paused:
        return _("A short pause.")
    if circle.round.now:
        return _("It is the turn of %(name)s.") % {"name": snapshot.name(circle.round.now.seat)}
    if is_over(circle):
        return _("Everybody has had a turn.")
    return _("The round has not begun.")


def chairs(circle: Circle) -> str:
    """The circle from above, each chair in its place: filled is had, warm is now."""
    here = [seat for seat in circle.seats if seat.here]
    if not 1 <= len(here) <= MOST_CHAIRS:
        return ""
    return ring(len(here), tuple(_chair(circle, seat) for seat in here))


def _chair(circle: Circle, seat: Seat) -> str:
    if circle.round.now and circle.round.now.seat == seat.id:
        return "seat-turn"
    return "seat-taken" if seat.id in circle.round.done else "seat-open"


def seats_shown(snapshot: Snapshot) -> list[SeatShown]:
    with_phone = {seat for seat in snapshot.devices.values() if seat is not None}
    return [_seat(snapshot, seat, seat.id in with_phone) for seat in snapshot.circle.seats]


def _seat(snapshot: Snapshot, seat: Seat, has_phone: bool) -> SeatShown:
    circle = snapshot.circle
    place = standing(circle, seat.id).place
    words = ways()
    return SeatShown(
        number=seat.id,
        alias=snapshot.name(seat.id),
        here=seat.here,
        way=seat.way.value,
        way_words=words[seat.way],
        state=_state(circle, seat.id, place),
        is_now=place is Place.NOW,
        is_later=seat.id in to_come(circle) and seat.id not in circle.round.passed,
        has_phone=has_phone,
        other_ways=tuple(
            (way.value, told) for way, told in words.items() if way not in {seat.way, Way.PHONE}
        ),
    )


def ways() -> dict[Way, str]:
    return {
        Way.ROOM: _("in the room"),
        Way.PHONE: _("with their own phone"),
        Way.TELEPHONE: _("on the telephone"),
        Way.VIDEO: _("in the video call"),
    }


def _state(circle: Circle, seat_id: int, place: Place) -> str:
    if place is Place.HAD:
        # Who did not speak is not shown for it.
        return _("had their turn")
    if not circle.has_begun:
        return "" if place is not Place.AWAY else _("went")
    states = {
        Place.NOW: _("now"),
        Place.NEXT: _("next"),
        Place.LATER: _("still to come"),
        Place.PASSED: _("asked again at the end"),
        Place.AWAY: _("went"),
    }
    if place is Place.NEXT and seat_id in circle.round.passed:
        return states[Place.PASSED]
    return states[place]


def minutes_in_words(seconds: int) -> str:
    if seconds < 60:
        return _("half a minute")
    minutes = round(seconds / 60)
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


@dataclass(frozen=True, slots=True)
class OwnShown:
    """What one telephone says to the person who holds it."""

    place: str
    title: str
    more: str
    may_finish: bool
    may_pass: bool
    may_pass_ahead: bool
    is_here: bool


def own_shown(snapshot: Snapshot, seat_id: int) -> OwnShown:
    circle = snapshot.circle
    stands = standing(circle, seat_id)
    is_now = stands.place is Place.NOW
    title, more = _own_words(snapshot, seat_id)
    return OwnShown(
        place=stands.place.value,
        title=title,
        more=more,
        may_finish=is_now,
        may_pass=is_now,
        may_pass_ahead=circle.has_begun
        and seat_id in to_come(circle)
        and seat_id not in circle.round.passed,
        is_here=stands.place is not Place.AWAY,
    )


def _own_words(snapshot: Snapshot, seat_id: int) -> tuple[str, str]:
    circle = snapshot.circle
    stands = standing(circle, seat_id)
    now = circle.round.now
    speaking = _("%(name)s is speaking.") % {"name": snapshot.name(now.seat)} if now else ""
    if stands.place is Place.AWAY:
        return _("You left the circle."), _("Your seat is kept for you.")
    if circle.is_paused:
        return _("A short pause."), _("Nobody loses their place.")
    if is_over(circle):
        return _("Everybody has had a turn."), _("Thank you for listening.")
    if now is None:
        return _("You have a seat."), _("We begin when everybody is ready.")
    return _own_place(circle, seat_id, speaking)


def _own_place(circle: Circle, seat_id: int, speaking: str) -> tuple[str, str]:
    stands = standing(circle, seat_id)
    again = seat_id in circle.round.passed
    match stands.place:
        case Place.NOW if circle.round.now and circle.round.now.again:
            return _("Would you like to say something now?"), _("You may pass again.")
        case Place.NOW:
            return _("It is your turn. Take your time."), _("Everybody is listening to you.")
        case Place.NEXT if not again:
            return _("You are next."), speaking
        case Place.LATER:
            words = ngettext("%(n)s turn before yours.", "%(n)s turns before yours.", stands.ahead)
            return speaking, words % {"n": stands.ahead}
        case Place.PASSED | Place.NEXT:
            return speaking, _("You passed. You will be asked once more at the end.")
    return speaking, _("You have had your turn. Thank you.")
