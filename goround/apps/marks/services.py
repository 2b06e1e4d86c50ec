"""Meetings taken along on a device, what it brings back, and what a person decides about that."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.apart import asking
from goround.apps.audit import services as audit
from goround.apps.groups import services as groups
from goround.apps.groups.models import Membership
from goround.apps.groups.names import tidy_alias
from goround.apps.groups.one_writer import hold
from goround.apps.marks.answers import answers_to, word_of
from goround.apps.marks.hours import can_take, kept_until
from goround.apps.marks.models import Mark, Taken, Tally
from goround.apps.marks.working import (
    CHILDREN,
    HEADS,
    HEADS_NEW,
    Asked,
    Kind,
    Record,
    Work,
    first_taps,
    record_of,
    seat_key,
    tap_of,
    work_out,
)
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.nearby import NotOnThisList, only_if_they_may_be_marked
from goround.apps.meetings.services import record_attendance

MOST_MARKS = 2_000


class CannotTake(Exception):
    """The meeting is cancelled, long over, or too far ahead to be taken along."""


class NotTakenHere(Exception):
    """These marks come too late, are too many, or are not of this device."""


class NotAsked(Exception):
    """Nobody is asked this any more, or not with this answer."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One mark as the device sends it; ``seat`` is the number it knows somebody by."""

    number: UUID
    place: int
    about: str
    tapped_at: datetime
    seat: str = ""
    newcomer: UUID | None = None
    alias: str = ""
    is_here: bool | None = None
    count: int | None = None
    withdraws: UUID | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """Which marks are safe here by now, which never will be, and how much a person is asked."""

    kept: frozenset[UUID]
    refused: frozenset[UUID]
    asked: int


@transaction.atomic
def take_along(
    *,
    meeting: Meeting,
    seats: Sequence[Membership],
    number: UUID,
    key: str,
    is_shared: bool,
    by: User,
    at: datetime,
) -> Taken:
    """Let a device have the meeting's list for a while. Raises ``CannotTake``."""
    meeting = _meeting(meeting)
    until = kept_until(meeting, is_shared=is_shared)
    if not can_take(meeting, is_shared=is_shared, at=at):
        raise CannotTake(f"{meeting} cannot be taken along at {at:%Y-%m-%d %H:%M}")
    taken = Taken.objects.create(
        meeting=meeting,
        by=by,
        number=number,
        key=key,
        seats={str(place): seat.pk for place, seat in enumerate(seats, start=1)},
        seen=record_of(meeting),
        taken_at=at,
        until=until,
    )
    audit.record("meeting.taken_along", meeting, by=by, at=at, until=until.isoformat())
    return taken


@transaction.atomic
def bring_back(*, taken: Taken, sent: Sequence[Sent], by: User, at: datetime) -> Answered:
    """Keep each mark once and count what is agreed on; sending the same again does nothing.

    Marks on which people disagree wait for ``decide``. Raises ``NotTakenHere``.
    """
    group = hold(taken.meeting.group, ended_too=True)
    asking.hold(group.organisation_id)
    if not taken.takes_marks(at=at):
        raise NotTakenHere(f"{taken} takes no marks any more")
    meeting = _meeting(taken.meeting)
    tally = _tally(meeting)
    kept, refused, new = _keep(taken, sent, at)
    if new:
        tally = _count(meeting, tally, by=by, at=at)
        audit.record("marks.brought_back", meeting, by=by, at=at, marks=new, asked=tally.asked)
    return Answered(frozenset(kept), frozenset(refused), tally.asked)


@transaction.atomic
def count_marks(*, meeting: Meeting, by: User, at: datetime) -> int:
    """Count what waits, now that the meeting has begun or was put back; how much is asked."""
    group = hold(meeting.group, ended_too=True)
    asking.hold(group.organisation_id)
    meeting = _meeting(meeting)
    return _count(meeting, _tally(meeting), by=by, at=at).asked


@transaction.atomic
def decide(*, meeting: Meeting, about: str, answer: str, by: User, at: datetime) -> int:
    """A person says how it was; how much is still asked. Raises ``NotAsked``.

    ``answer`` is what one side said ("here", "not-here" or a number), "nobody" to leave it out,
    "unnamed" to count one more without a name, or "same" for the member of that name.
    """
    group = hold(meeting.group, ended_too=True)
    asking.hold(group.organisation_id)
    meeting = _meeting(meeting)
    tally = _tally(meeting)
    work = work_out(meeting, tally)
    asked = next((one for one in work.asked if one.about == about), None)
    if asked is None or answer not in answers_to(asked):
        raise NotAsked(f"{meeting} has no such question")
    _write(tally, asked, answer)
    mine = [row.pk for row in work.rows.values() if tap_of(row).about == about]
    Mark.objects.filter(pk__in=mine).update(settled_at=at, alias="")
    tally = _count(meeting, tally, by=by, at=at)
    audit.record(
        "marks.decided", meeting, by=by, at=at, why=str(asked.kind), marks=len(mine),
        asked=tally.asked,
    )  # fmt: skip
    return tally.asked


@transaction.atomic
def set_aside(*, meeting: Meeting, by: User, at: datetime) -> None:
    """Nothing that waits for this meeting counts: it did not take place."""
    hold(meeting.group, ended_too=True)
    meeting = _meeting(meeting)
    tally = _tally(meeting)
    waiting = Mark.objects.filter(taken__meeting=meeting, settled_at=None)
    if count := waiting.update(settled_at=at, alias=""):
        Tally.objects.filter(pk=tally.pk).update(asked=0, refused=[])
        audit.record("marks.set_aside", meeting, by=by, at=at, marks=count)


@transaction.atomic
def written_by_hand(*, meeting: Meeting, seen: int, by: User, at: datetime) -> None:
    """Somebody has just saved the page, on which they saw the marks up to ``seen``.

    Those are settled; what came in since, and what was still asked, is not.
    """
    hold(meeting.group, ended_too=True)
    meeting = _meeting(meeting)
    tally = Tally.objects.filter(meeting=meeting).first()
    if tally is None:
        return
    work = work_out(meeting, tally)
    asked = {one.about for one in work.asked}
    known = [
        row.pk for row in work.rows.values() if row.pk <= seen and tap_of(row).about not in asked
    ]
    Mark.objects.filter(pk__in=known).update(settled_at=at, alias="")
    tally.by_hand, tally.made = record_of(meeting), {}
    tally.save(update_fields=["by_hand", "made"])
    _count(meeting, tally, by=by, at=at)


def _write(tally: Tally, asked: Asked, answer: str) -> None:
    """What a person decides stands above the page until somebody writes that anew."""
    decided = dict(tally.by_hand.get("decided", {}))
    if asked.kind is Kind.DISAGREE:
        decided[asked.about] = next(
            side.said for side in asked.sides if word_of(side.said) == answer
        )
    elif asked.kind is Kind.TOO_MANY_NEW:
        decided[asked.about] = None
    elif answer == "same" and asked.member:
        decided[seat_key(asked.member)] = True
    unnamed = tally.by_hand.get("unnamed", 0) + (answer == "unnamed")
    tally.by_hand = tally.by_hand | {"decided": decided, "unnamed": unnamed}
    tally.refused = [pk for pk in tally.refused if seat_key(pk) != asked.about]
    tally.save(update_fields=["by_hand", "refused"])


def _meeting(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_related("group__organisation", "group__venue").get(pk=meeting.pk)


def _tally(meeting: Meeting) -> Tally:
    """The meeting's tally, brought in line with what people wrote on the page since."""
    now = record_of(meeting)
    tally, _new = Tally.objects.get_or_create(meeting=meeting, defaults={"by_hand": now})
    if tally.made and now != tally.made:
        tally.by_hand, tally.made = now, {}
        tally.save(update_fields=["by_hand", "made"])
    elif not tally.made and not now.get("nothing") and not _is_of(tally.by_hand, now):
        tally.by_hand = now
        tally.save(update_fields=["by_hand"])
    return tally


def _is_of(by_hand: Record, now: Record) -> bool:
    return all(by_hand.get(key) == value for key, value in now.items())


def _keep(taken: Taken, sent: Sequence[Sent], at: datetime) -> tuple[set[UUID], set[UUID], int]:
    """Write down what is new. What came before is as good as kept; nonsense never will be."""
    known = set(
        Mark.objects.filter(number__in=[each.number for each in sent], taken=taken).values_list(
            "number", flat=True
        )
    )
    room = MOST_MARKS - taken.marks.count()
    fresh = {each.number: each for each in sent if each.number not in known}
    rows = {number: _row(taken, each, at) for number, each in fresh.items()}
    good = [row for row in rows.values() if row is not None][: max(room, 0)]
    Mark.objects.bulk_create(good)
    kept = known | {row.number for row in good}
    return kept, set(fresh) - kept, len(good)


def _row(taken: Taken, sent: Sent, at: datetime) -> Mark | None:
    """The mark as it is kept, None for one that means nobody on this device's list."""
    about = Mark.About(sent.about)
    row = Mark(
        taken=taken,
        number=sent.number,
        place=sent.place,
        about=about,
        tapped_at=min(sent.tapped_at, at),
        came_at=at,
    )
    match about:
        case Mark.About.SEAT:
            row.seat_id, row.is_here = taken.seats.get(sent.seat), sent.is_here
            return row if row.seat_id and sent.is_here is not None else None
        case Mark.About.NEWCOMER:
            row.newcomer, row.is_here = sent.newcomer, sent.is_here
            row.alias = tidy_alias(sent.alias)
            row.seat_id = _welcomed(taken, sent.newcomer)
            return row if row.alias and sent.newcomer and sent.is_here is not None else None
        case Mark.About.WITHDRAWN:
            row.withdraws = sent.withdraws
            return row if sent.withdraws else None
    row.count = sent.count
    return row


def _welcomed(taken: Taken, newcomer: UUID | None) -> int | None:
    """Who this newcomer has become in the group, if they were welcomed already."""
    before = Mark.objects.filter(taken=taken, newcomer=newcomer).exclude(seat=None)
    return before.values_list("seat_id", flat=True).first()


def _count(meeting: Meeting, tally: Tally, *, by: User, at: datetime) -> Tally:
    """Bring the meeting's record in line with what is settled, and note how much is asked."""
    work = work_out(meeting, tally)
    waits = not meeting.takes_attendance(at=at)
    if not waits and (work.says_anything or tally.made):
        work = _welcome(meeting, tally, work, by=by, at=at)
        work = _refuse(meeting, tally, work)
        _save(meeting, work, by=by, at=at)
        tally.made = record_of(_meeting(meeting))
    tally.asked = len(work.asked) + (waits and bool(work.rows))
    tally.save(update_fields=["made", "asked", "refused"])
    return tally


def _welcome(meeting: Meeting, tally: Tally, work: Work, *, by: User, at: datetime) -> Work:
    """Newcomers become members once; from then on a mark names the member and no alias."""
    day = meeting.group.today(at=meeting.starts_at)
    for row in work.newcomers:
        member = groups.welcome(group=meeting.group, alias=row.alias, on=day, by=by, at=at)
        same = Mark.objects.filter(taken=row.taken, newcomer=row.newcomer)
        same.update(seat=member, alias="")
    return work_out(meeting, tally) if work.newcomers else work


def _refuse(meeting: Meeting, tally: Tally, work: Work) -> Work:
    """Set apart whoever cannot be marked, the first tapped going first, as on the page."""
    if _may_be_marked(meeting, work.present) and not tally.refused:
        return work
    tally.refused = []
    work = work_out(meeting, tally)
    here: set[int] = set()
    for pk in first_taps(work, work.present):
        if _may_be_marked(meeting, here | {pk}):
            here.add(pk)
        else:
            tally.refused.append(pk)
    return work_out(meeting, tally)


def _may_be_marked(meeting: Meeting, present: Collection[int]) -> bool:
    try:
        only_if_they_may_be_marked(meeting, meeting.group, present)
    except NotOnThisList:
        return False
    return True


def _save(meeting: Meeting, work: Work, *, by: User, at: datetime) -> None:
    record_attendance(
        meeting=meeting,
        present=list(Membership.objects.filter(pk__in=work.present, group=meeting.group)),
        heads_parents=work.counts[HEADS],
        heads_new=work.counts[HEADS_NEW],
        children=work.counts[CHILDREN],
        by=by,
        at=at,
    )
