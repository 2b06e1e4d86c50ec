"""What happens to an open circle: opened, moved on by taps, joined by devices, closed.

Opening and closing go into the audit trail. Turns do not: the trail is kept for years, and who
spoke, who passed and who left when is the group's own, and gone when it has parted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from random import Random

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.audit.services import Actor
from goround.apps.circle.codes import hash_of, new_code
from goround.apps.circle.hours import CLOSES_AFTER, can_open
from goround.apps.circle.models import CircleDevice, CircleSeat, Evenness, OpenCircle
from goround.apps.circle.push import announce
from goround.apps.groups.names import tidy_alias
from goround.apps.groups.one_writer import hold
from goround.apps.meetings.models import Meeting
from goround.domain.circle.commands import Arrive, ChangeWay, Command, Hand, Leading, Sitting
from goround.domain.circle.evenness import evenness_of
from goround.domain.circle.facts import Circle, Seat, Way
from goround.domain.circle.plain import to_plain
from goround.domain.circle.rules import carry_out


class NotNow(Exception):
    """The meeting is cancelled, or not about to be."""


class CircleClosed(Exception):
    """The circle was closed, and all that was in it is gone."""


class AliasTaken(Exception):
    """Somebody is in the circle under that name already."""


@transaction.atomic
def open_circle(
    *,
    meeting: Meeting,
    aliases: Sequence[str],
    device: str,
    rng: Random,
    by: User,
    at: datetime,
    video_url: str = "",
    soft_seconds: int = 180,
) -> OpenCircle:
    """Open the go-round of a meeting with these people, led from ``device``.

    One that is open already is left as it is. Raises ``NotNow`` outside the meeting's day.
    """
    hold(meeting.group, ended_too=True)
    if not can_open(meeting, at=at):
        raise NotNow(f"{meeting} has no circle at this hour")
    found = OpenCircle.objects.filter(meeting=meeting).first()
    if found and found.is_open(at=at):
        return found
    if found:
        found.delete()
    names = _distinct(aliases)
    state = Circle(
        seats=tuple(Seat(number) for number in range(1, len(names) + 1)),
        leader=device,
        soft_seconds=soft_seconds,
    )
    opened = OpenCircle.objects.create(
        meeting=meeting,
        state=to_plain(state),
        code=new_code(rng),
        video_url=video_url,
        opened_at=at,
        until=meeting.ends_at + CLOSES_AFTER,
    )
    for number, alias in enumerate(names, start=1):
        _add_seat(opened, number, alias)
    audit.record("circle.opened", opened, by=by, at=at, meeting=meeting.pk)
    return opened


@transaction.atomic
def act(
    *, circle: OpenCircle, command: Command, hand: Hand, by: Actor | None, at: datetime
) -> OpenCircle:
    """Carry out one tap; nothing changes when there is nothing to do.

    Raises ``NotAllowed`` where the hand may not, ``CircleClosed`` when it is gone.
    """
    held = _hold(circle, at=at)
    return _moved(held, held.circle(), command, hand, at)


@transaction.atomic
def add_person(
    *,
    circle: OpenCircle,
    alias: str,
    way: Way,
    key: str,
    device: str,
    by: Actor | None,
    at: datetime,
) -> OpenCircle:
    """Somebody just came: the leader gives them a seat, or the one they had before they went.

    Raises ``AliasTaken`` when somebody of that name sits here.
    """
    held = _hold(circle, at=at)
    state = held.circle()
    if key in state.keys:
        return held
    known = _seat_called(held, alias)
    if known and state.is_here(known.number):
        raise AliasTaken(f"a name in {held} is taken")
    number = known.number if known else _next_number(held)
    hand = Leading(device)
    moved = _moved(held, state, Arrive(key, number, way), hand, at)
    if not known:
        _add_seat(held, number, tidy_alias(alias))
    return moved


@transaction.atomic
def join_with_phone(
    *, circle: OpenCircle, alias: str, token: str, by: Actor | None, at: datetime
) -> OpenCircle:
    """Let a telephone in under an alias: on the seat of that name, or on a new one.

    Joining again with the same token changes nothing. Raises ``AliasTaken`` when another
    telephone is on that seat.
    """
    held = _hold(circle, at=at)
    if CircleDevice.objects.filter(circle=held, token_hash=hash_of(token)).exists():
        return held
    known = _seat_called(held, alias)
    if known and CircleDevice.objects.filter(seat=known).exists():
        raise AliasTaken(f"a seat in {held} has a telephone")
    seat = known or _add_seat(held, _next_number(held), tidy_alias(alias))
    _let_in(held, token, seat)
    hand, state = Sitting(seat.number), held.circle()
    key = f"join-{hash_of(token)[:16]}"
    for command in (
        Arrive(key, seat.number, Way.PHONE),
        ChangeWay(f"{key}-way", seat.number, Way.PHONE),
    ):
        state = carry_out(state, command, by=hand, at=at)
    return _saved(held, state)


@transaction.atomic
def join_as_table(*, circle: OpenCircle, token: str, by: Actor | None, at: datetime) -> OpenCircle:
    """Let in the device that lies on the table: it shows the circle to all, and has no seat."""
    held = _hold(circle, at=at)
    if CircleDevice.objects.filter(circle=held, token_hash=hash_of(token)).exists():
        return held
    _let_in(held, token, None)
    return _changed(held)


@transaction.atomic
def let_phones_go(*, circle: OpenCircle, seat: int, by: Actor | None, at: datetime) -> OpenCircle:
    """The telephones of a seat no longer belong to the circle; the seat and its turn stay."""
    held = _hold(circle, at=at)
    gone, _ = CircleDevice.objects.filter(circle=held, seat__number=seat).delete()
    return _changed(held) if gone else held


@transaction.atomic
def set_door(
    *, circle: OpenCircle, is_open: bool, rng: Random, by: Actor | None, at: datetime
) -> OpenCircle:
    """Open the door for devices with a new code, or shut it: the code then opens nothing."""
    held = _hold(circle, at=at)
    if is_open == (held.code is not None):
        return held
    held.code = new_code(rng) if is_open else None
    held.save(update_fields=["code"])
    return _changed(held)


@transaction.atomic
def close_circle(*, circle: OpenCircle, keep: bool, by: User, at: datetime) -> None:
    """Close the circle: seats, turns, names and devices are gone.

    ``keep`` is the group's own choice to let one figure stay, how evenly time was shared; for
    fewer than three people who spoke there is none. Closing twice does no harm.
    """
    held = OpenCircle.objects.select_for_update(no_key=True).filter(pk=circle.pk).first()
    if held is None:
        return
    figure = evenness_of(held.circle()) if keep else None
    if figure is not None:
        value = Decimal(figure).quantize(Decimal("0.01"))
        Evenness.objects.update_or_create(meeting=held.meeting, defaults={"value": value})
    _close(held, by=by, at=at, kept=figure is not None)


def forget_closed(*, by: Actor | None, at: datetime) -> int:
    """Delete the circles that nobody closed after their meetings; how many there were.

    Nobody was asked, so no figure is kept.
    """
    left = list(OpenCircle.objects.filter(until__lte=at))
    for circle in left:
        with transaction.atomic():
            _close(circle, by=by, at=at, kept=False)
    return len(left)


def _close(circle: OpenCircle, *, by: Actor | None, at: datetime, kept: bool) -> None:
    audit.record(
        "circle.closed", circle, by=by, at=at, meeting=circle.meeting_id, kept_evenness=kept
    )
    announce(circle)
    circle.delete()


def _hold(circle: OpenCircle, *, at: datetime) -> OpenCircle:
    """The circle read afresh and locked: one tap at a time, in the order they arrive."""
    held = OpenCircle.objects.select_for_update(no_key=True).filter(pk=circle.pk).first()
    if held is None or not held.is_open(at=at):
        raise CircleClosed(f"open circle #{circle.pk} is closed")
    return held


def _moved(
    held: OpenCircle, state: Circle, command: Command, hand: Hand, at: datetime
) -> OpenCircle:
    after = carry_out(state, command, by=hand, at=at)
    return held if after is state else _saved(held, after)


def _saved(held: OpenCircle, state: Circle) -> OpenCircle:
    held.state = to_plain(state)
    return _changed(held, "state")


def _changed(held: OpenCircle, *fields: str) -> OpenCircle:
    held.version += 1
    held.save(update_fields=[*fields, "version"])
    announce(held)
    return held


def _add_seat(circle: OpenCircle, number: int, alias: str) -> CircleSeat:
    return CircleSeat.objects.create(circle=circle, number=number, alias=alias)


def _let_in(circle: OpenCircle, token: str, seat: CircleSeat | None) -> None:
    CircleDevice.objects.create(circle=circle, seat=seat, token_hash=hash_of(token))


def _next_number(circle: OpenCircle) -> int:
    last = CircleSeat.objects.filter(circle=circle).order_by("-number").first()
    return last.number + 1 if last else 1


def _seat_called(circle: OpenCircle, alias: str) -> CircleSeat | None:
    wanted = tidy_alias(alias).casefold()
    people = CircleSeat.objects.filter(circle=circle)
    return next((seat for seat in people if seat.alias.casefold() == wanted), None)


def _distinct(aliases: Sequence[str]) -> list[str]:
    """Each name once, whatever its capitals, in the order given."""
    found: dict[str, str] = {}
    for alias in map(tidy_alias, aliases):
        if alias:
            found.setdefault(alias.casefold(), alias)
    return list(found.values())
