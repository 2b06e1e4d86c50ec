"""What the marks of a meeting come to, worked out afresh each time and written nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from goround.apps.groups.models import Membership
from goround.apps.groups.one_writer import members_on
from goround.apps.marks.models import Mark, Taken, Tally
from goround.apps.meetings.models import Attendance, Meeting
from goround.domain.marks import Folded, Side, Word, Written, fold
from goround.domain.marks import Mark as Tap
from goround.domain.marks.folding import Seen

About = Mark.About
HEADS, HEADS_NEW, CHILDREN = str(About.HEADS), str(About.HEADS_NEW), str(About.CHILDREN)
COUNTS = (HEADS, HEADS_NEW, CHILDREN)
Record = dict[str, Any]


class Kind(StrEnum):
    """Why a person is asked."""

    DISAGREE = "disagree"
    NAMESAKE = "namesake"
    REFUSED = "refused"
    TOO_MANY_NEW = "too-many-new"


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing a person must decide. ``member`` is who has that name already."""

    about: str
    kind: Kind
    sides: frozenset[Side]
    member: int | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What marks say of a meeting: who is there, who came in, what was counted, what is asked."""

    rows: Mapping[str, Mark]
    present: frozenset[int]
    newcomers: tuple[Mark, ...]
    counts: Mapping[str, int | None]
    asked: tuple[Asked, ...]
    says_anything: bool


def record_of(meeting: Meeting) -> Record:
    """The meeting's record as it stands, in a shape that can be kept and compared."""
    if meeting.status != Meeting.Status.HELD:
        return {"nothing": True}
    here = Attendance.objects.filter(meeting=meeting).order_by("membership_id")
    return {
        "present": list(here.values_list("membership_id", flat=True)),
        HEADS: meeting.heads_parents,
        HEADS_NEW: meeting.heads_new,
        CHILDREN: meeting.children,
    }


def written(record: Record) -> Written:
    """The record as the rule of folding reads it. ``decided`` and ``unnamed`` came since."""
    decided = record.get("decided", {})
    if not record or record.get("nothing"):
        return Written(nothing=True, decided=decided)
    counts = {key: record[key] for key in COUNTS}
    present = frozenset(seat_key(pk) for pk in record["present"])
    return Written(present, counts, decided=decided)


def seat_key(membership_id: int) -> str:
    return f"seat:{membership_id}"


def work_out(meeting: Meeting, tally: Tally) -> Work:
    """All that is not settled yet, folded. Four queries, however many marks."""
    rows = list(unsettled(meeting))
    by_hand = written(tally.by_hand)
    folded = fold((tap_of(row) for row in rows), by_hand=by_hand, seen=_seen(meeting))
    last = {str(row.number): row for row in rows}
    members = list(members_on(meeting.group, meeting.group.today(at=meeting.starts_at)))
    newcomers, namesakes = _newcomers(folded, rows, members)
    counts = _counts(tally.by_hand, folded)
    too_many = _too_many_new(counts, folded)
    refused = [
        Asked(seat_key(pk), Kind.REFUSED, _voices(seat_key(pk), rows))
        for pk in tally.refused
        if folded.settled.get(seat_key(pk)) is True
    ]
    asked = [Asked(about, Kind.DISAGREE, sides) for about, sides in folded.asked.items()]
    asked += [*namesakes, *too_many, *refused]
    return Work(
        rows=last,
        present=_present(tally.by_hand, folded, refused),
        newcomers=newcomers,
        counts=counts if not too_many else {**counts, HEADS_NEW: None},
        asked=tuple(sorted(asked, key=lambda one: (one.kind, one.about))),
        says_anything=bool(folded.settled or tally.by_hand.get("decided")),
    )


def unsettled(meeting: Meeting) -> Iterable[Mark]:
    return (
        Mark.objects.filter(taken__meeting=meeting, settled_at=None)
        .select_related("taken__by", "seat")
        .order_by("tapped_at", "number")
    )


def tap_of(row: Mark) -> Tap:
    """The mark as the rule of folding knows it: without anybody's name."""
    about: str = row.about
    said: Word = row.count
    if row.seat_id is not None:
        about, said = seat_key(row.seat_id), row.is_here
    elif row.about == About.NEWCOMER:
        about, said = f"new:{row.newcomer}", row.is_here
    withdraws = str(row.withdraws) if row.withdraws else ""
    return Tap(str(row.number), str(row.taken_id), row.place, about, said, withdraws)


def _seen(meeting: Meeting) -> dict[str, Seen]:
    """What each device knew when it left: the page, and marks that were in by then."""
    taken = list(Taken.objects.filter(meeting=meeting, part=Taken.Part.ROLL))
    came = list(
        Mark.objects.filter(taken__meeting=meeting, settled_at=None).values_list(
            "number", "came_at", "taken_id"
        )
    )
    return {
        str(each.pk): Seen(
            written(each.seen),
            frozenset(
                str(number)
                for number, came_at, taken_id in came
                if came_at < each.taken_at and taken_id != each.pk
            ),
        )
        for each in taken
    }


def _newcomers(
    folded: Folded, rows: list[Mark], members: list[Membership]
) -> tuple[tuple[Mark, ...], list[Asked]]:
    """Who came in, each once; somebody called like another is asked about instead."""
    called: dict[str, int | None] = {member.alias.casefold(): member.pk for member in members}
    welcome: list[Mark] = []
    asked: list[Asked] = []
    for row in rows:
        about = tap_of(row).about
        is_new = row.about == About.NEWCOMER and row.seat_id is None
        if (
            not is_new
            or folded.settled.get(about) is not True
            or any(about == tap_of(other).about for other in welcome)
        ):
            continue
        name = row.alias.casefold()
        if name in called:
            if all(about != one.about for one in asked):
                asked.append(Asked(about, Kind.NAMESAKE, _voices(about, rows), called[name]))
        else:
            called[name] = None
            welcome.append(row)
    return tuple(welcome), asked


def _counts(by_hand: Record, folded: Folded) -> dict[str, int | None]:
    page, counts = written(by_hand), dict[str, int | None]()
    for key in COUNTS:
        said = folded.settled.get(key, None if page.nothing else page.about(key))
        said = page.decided.get(key, said) if key not in folded.settled else said
        counts[key] = None if said is None else int(said)
    if unnamed := by_hand.get("unnamed", 0):
        counts[HEADS] = (counts[HEADS] or 0) + unnamed
    return counts


def _too_many_new(counts: Mapping[str, int | None], folded: Folded) -> list[Asked]:
    new, heads = counts[HEADS_NEW], counts[HEADS]
    if new is None or (heads is not None and new <= heads):
        return []
    if HEADS_NEW in folded.asked or HEADS in folded.asked:
        return []
    return [Asked(HEADS_NEW, Kind.TOO_MANY_NEW, frozenset({Side("", new)}))]


def _present(by_hand: Record, folded: Folded, refused: list[Asked]) -> frozenset[int]:
    here = {seat_key(pk) for pk in by_hand.get("present", ())}
    decided = by_hand.get("decided", {})
    for about, said in (*decided.items(), *folded.settled.items()):
        if about.startswith("seat:"):
            here = here | {about} if said else here - {about}
    here -= {one.about for one in refused}
    return frozenset(int(about.removeprefix("seat:")) for about in here)


def _voices(about: str, rows: list[Mark]) -> frozenset[Side]:
    """The last word of each device about one thing."""
    last: dict[str, Tap] = {}
    for tap in sorted(map(tap_of, rows), key=lambda tap: (tap.number, tap.id)):
        if tap.about == about:
            last[tap.device] = tap
    return frozenset(Side(tap.device, tap.said, tap.id) for tap in last.values())


def first_taps(work: Work, candidates: Iterable[int]) -> list[int]:
    """Those memberships in the order in which they were first tapped."""
    at: dict[int, tuple[datetime, str]] = {}
    for row in work.rows.values():
        if row.seat_id is not None:
            at.setdefault(row.seat_id, (row.tapped_at, str(row.number)))
    return sorted(candidates, key=lambda pk: (pk not in at, at.get(pk, ()), pk))
