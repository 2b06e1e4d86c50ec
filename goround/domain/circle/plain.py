"""A circle as plain lists and texts, to be kept as JSON while the meeting runs, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from goround.domain.circle.facts import Circle, Round, Seat, Share, Turn, Way

Plain = dict[str, Any]


def to_plain(circle: Circle) -> Plain:
    return {
        "seats": [[seat.id, seat.way.value, seat.here] for seat in circle.seats],
        "round": _round(circle.round),
        "before": [_round(each) for each in circle.before],
        "leader": circle.leader,
        "paused_at": circle.paused_at.isoformat() if circle.paused_at else None,
        "soft_seconds": circle.soft_seconds,
        "keys": list(circle.keys),
    }


def from_plain(plain: Mapping[str, Any]) -> Circle:
    """The circle that ``to_plain`` made this of, equal in every part."""
    paused_at = plain["paused_at"]
    return Circle(
        seats=tuple(Seat(pk, Way(way), here) for pk, way, here in plain["seats"]),
        round=_to_round(plain["round"]),
        before=tuple(_to_round(each) for each in plain["before"]),
        leader=plain["leader"],
        paused_at=datetime.fromisoformat(paused_at) if paused_at else None,
        soft_seconds=plain["soft_seconds"],
        keys=tuple(plain["keys"]),
    )


def _round(round_: Round) -> Plain:
    return {
        "number": round_.number,
        "now": _turn(round_.now) if round_.now else None,
        "passed": list(round_.passed),
        "done": list(round_.done),
        "shares": [[share.seat, share.taken, share.seconds] for share in round_.shares],
        "offers": round_.offers,
    }


def _to_round(plain: Mapping[str, Any]) -> Round:
    return Round(
        number=plain["number"],
        now=_to_turn(plain["now"]) if plain["now"] else None,
        passed=tuple(plain["passed"]),
        done=tuple(plain["done"]),
        shares=tuple(Share(*share) for share in plain["shares"]),
        offers=plain["offers"],
    )


def _turn(turn: Turn) -> list[Any]:
    return [turn.number, turn.seat, turn.offered_at.isoformat(), turn.again, turn.held]


def _to_turn(plain: Sequence[Any]) -> Turn:
    number, seat, offered_at, again, held = plain
    return Turn(number, seat, datetime.fromisoformat(offered_at), again, held)
