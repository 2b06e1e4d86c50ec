"""What a go-round is at one moment. Ids only; nothing that anybody said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Way(StrEnum):
    """How somebody takes part. It changes who may tap for them, never when their turn comes."""

    ROOM = "room"  # one device lies on the table
    PHONE = "phone"  # a telephone of their own shows the circle
    TELEPHONE = "telephone"  # they called in; the facilitator taps for them
    VIDEO = "video"  # they are in the video call


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in the circle, kept for the whole meeting also while nobody sits on it."""

    id: int
    way: Way = Way.ROOM
    here: bool = True


@dataclass(frozen=True, slots=True)
class Share:
    """What one seat has had so far: turns taken, and seconds in all of its turns."""

    seat: int
    taken: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn that is offered now. A ``number`` is given once and never again.

    ``held`` are seconds that do not count, because the circle paused. ``again`` is the second
    offer of the round, after a pass.
    """

    number: int
    seat: int
    offered_at: datetime
    again: bool = False
    held: float = 0.0


@dataclass(frozen=True, slots=True)
class Round:
    """All that turns change, and so all that an undo takes back.

    ``passed`` are offered once more at the end, in this order; ``done`` have nothing more to
    come in this round. ``offers`` counts every turn ever offered in this circle.
    """

    number: int = 1
    now: Turn | None = None
    passed: tuple[int, ...] = ()
    done: tuple[int, ...] = ()
    shares: tuple[Share, ...] = ()
    offers: int = 0


@dataclass(frozen=True, slots=True)
class Circle:
    """One go-round: who sits there in which order, whose turn it is, and who leads.

    ``leader`` names a device, not a person: the one whose taps count. ``keys`` are commands
    that were carried out already.
    """

    seats: tuple[Seat, ...] = ()
    round: Round = Round()
    before: tuple[Round, ...] = ()
    leader: str | None = None
    paused_at: datetime | None = None
    soft_seconds: int = 180
    keys: tuple[str, ...] = ()

    def seat(self, seat_id: int) -> Seat | None:
        return next((seat for seat in self.seats if seat.id == seat_id), None)

    def is_here(self, seat_id: int) -> bool:
        seat = self.seat(seat_id)
        return seat is not None and seat.here

    def share(self, seat_id: int) -> Share:
        found = (share for share in self.round.shares if share.seat == seat_id)
        return next(found, Share(seat_id, 0, 0.0))

    def is_heard(self, seat_id: int) -> bool:
        """Whether this seat took a turn in any round so far."""
        return self.share(seat_id).taken > 0

    @property
    def has_begun(self) -> bool:
        return self.round.offers > 0

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None


def spent(circle: Circle, *, at: datetime) -> float:
    """Seconds of the turn that is on, without pauses; 0 while there is none, never less."""
    turn = circle.round.now
    if turn is None:
        return 0.0
    until = min(at, circle.paused_at) if circle.paused_at else at
    return max(0.0, (until - turn.offered_at).total_seconds() - turn.held)
