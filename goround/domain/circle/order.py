"""Whose turn comes next, and where everybody stands.

Whoever has not been heard in this meeting comes first. Then it goes round the circle, beginning
one chair further each round, so that nobody is always the first. A turn that was passed is
offered once more when all others have had theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from goround.domain.circle.facts import Circle


class Place(StrEnum):
    """Where one seat stands in the round that is on."""

    NOW = "now"
    NEXT = "next"
    LATER = "later"
    PASSED = "passed"
    HAD = "had"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Standing:
    """``ahead`` turns are to come before this one's, the one that is on included."""

    place: Place
    ahead: int = 0


def waiting(circle: Circle) -> tuple[int, ...]:
    """Seats with their turn of this round still to come, in the order it comes to them."""
    now = circle.round.now
    gone = {*circle.round.done, *circle.round.passed, *((now.seat,) if now else ())}
    chairs = len(circle.seats)
    first = (circle.round.number - 1) % chairs if chairs else 0
    found = [
        (circle.is_heard(seat.id), (place - first) % chairs, seat.id)
        for place, seat in enumerate(circle.seats)
        if seat.here and seat.id not in gone
    ]
    return tuple(seat_id for _heard, _place, seat_id in sorted(found))


def asked_again(circle: Circle) -> tuple[int, ...]:
    """Seats that passed and will be asked once more at the end, if they are still here."""
    return tuple(seat_id for seat_id in circle.round.passed if circle.is_here(seat_id))


def to_come(circle: Circle) -> tuple[int, ...]:
    """Everybody whose turn or second offer is still to come in this round, in order."""
    return (*waiting(circle), *asked_again(circle))


def is_over(circle: Circle) -> bool:
    """The round is through: all who are here had their turn, or passed twice."""
    return circle.has_begun and circle.round.now is None and not to_come(circle)


def standing(circle: Circle, seat_id: int) -> Standing:
    """Where this seat stands. One that nobody knows stands where one stands who went."""
    now = circle.round.now
    if not circle.is_here(seat_id):
        return Standing(Place.AWAY)
    if now and now.seat == seat_id:
        return Standing(Place.NOW)
    line = to_come(circle)
    if seat_id not in line:
        return Standing(Place.HAD)
    ahead = line.index(seat_id) + (1 if now else 0)
    if line[0] == seat_id:
        return Standing(Place.NEXT, ahead)
    if seat_id in circle.round.passed:
        return Standing(Place.PASSED, ahead)
    return Standing(Place.LATER, ahead)
