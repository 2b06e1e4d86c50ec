"""What somebody can ask of a go-round, and with which hand.

Every command has a ``key`` made where it was tapped: sent twice, it is carried out once. What
moves a turn also names the ``turn`` it saw, so a tap that comes too late moves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from goround.domain.circle.facts import Way


@dataclass(frozen=True, slots=True)
class Leading:
    """A leader of the group, at this device."""

    device: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody at their own telephone, for themselves alone."""

    seat: int


@dataclass(frozen=True, slots=True)
class AtTable:
    """The device that lies on the table for all: it may end or pass the turn that is on."""


Hand = Leading | Sitting | AtTable


@dataclass(frozen=True, slots=True)
class Arrive:
    """Somebody takes a seat, or comes back to the one they had."""

    key: str
    seat: int
    way: Way = Way.ROOM


@dataclass(frozen=True, slots=True)
class Leave:
    """Somebody goes. Their seat and what they had is kept for when they come back."""

    key: str
    seat: int


@dataclass(frozen=True, slots=True)
class ChangeWay:
    """Somebody goes on in another way: the telephone is empty, they sit in the room now."""

    key: str
    seat: int
    way: Way


@dataclass(frozen=True, slots=True)
class Begin:
    """Offer the first turn of a round: to those still waiting in this one, else in the next."""

    key: str
    turn: int


@dataclass(frozen=True, slots=True)
class Finish:
    """The turn was taken; offer the next."""

    key: str
    turn: int


@dataclass(frozen=True, slots=True)
class Pass:
    """Not now. The turn comes again at the end of the round, once."""

    key: str
    turn: int


@dataclass(frozen=True, slots=True)
class PassAhead:
    """Somebody whose turn is still to come says that they would rather be asked at the end."""

    key: str
    seat: int


@dataclass(frozen=True, slots=True)
class Undo:
    """That tap was a mistake: put the turn before back, as it was."""

    key: str
    turn: int


@dataclass(frozen=True, slots=True)
class Pause:
    key: str


@dataclass(frozen=True, slots=True)
class Resume:
    key: str


@dataclass(frozen=True, slots=True)
class TakeLead:
    """Lead from this device. Any leader of the group may, at any time: devices die."""

    key: str


@dataclass(frozen=True, slots=True)
class SetSoftTime:
    key: str
    seconds: int


Command = (
    Arrive
    | Leave
    | ChangeWay
    | Begin
    | Finish
    | Pass
    | PassAhead
    | Undo
    | Pause
    | Resume
    | TakeLead
    | SetSoftTime
)
