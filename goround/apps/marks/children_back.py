"""Children signed in and out without a signal: taken along, brought back, decided by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from goround.apps.accounts.models import User
from goround.apps.apart import asking
from goround.apps.audit import services as audit
from goround.apps.children import running, signing
from goround.apps.children.locking import lock_beside, open_beside, who_came
from goround.apps.children.models import Child, ChildrensSession, Shortness, Visit
from goround.apps.groups.one_writer import hold
from goround.apps.marks.hours import can_take_children, children_kept_until
from goround.apps.marks.models import ChildMark, Taken
from goround.apps.marks.services import (
    MOST_MARKS,
    Answered,
    CannotTake,
    NotAsked,
    NotTakenHere,
)
from goround.apps.meetings.models import Meeting
from goround.domain.children.adults import Answer, words_of
from goround.domain.children.arriving import Stay, Verdict, coming, going

About, Why = ChildMark.About, ChildMark.Why
TABLE = "marks_childmark"
# A device's clock may be wrong: nobody came earlier than this before the meeting.
EARLIEST = timedelta(hours=3)
# What a person may answer to each question, in the order it is offered.
ANSWERS = {
    Why.NO_PLACE: ("again", "leave"),
    Why.NOT_BEGUN: ("again", "leave"),
    Why.DIFFERS: ("leave",),
    Why.NOT_IN: ("leave",),
    Why.CLOSED: ("leave",),
}


@dataclass(frozen=True, slots=True)
class ChildTap:
    """One mark as the device sends it; ``child`` is the number it knows the child by."""

    number: UUID
    place: int
    about: str
    child: str
    tapped_at: datetime
    adult: str = ""
    parent_agrees: bool = False
    seen: str = ""
    accepts: str = ""
    adults: int = 1

    def __repr__(self) -> str:
        return f"ChildTap({self.number})"


class _ForAPerson(Exception):
    """This mark is not done by itself; ``why`` says what somebody must decide."""

    def __init__(self, why: ChildMark.Why) -> None:
        super().__init__(str(why))
        self.why = why


@transaction.atomic
def take_children_along(
    *, meeting: Meeting, children: Sequence[Child], number: UUID, key: str, by: User, at: datetime
) -> Taken:
    """Let a device of the children's leader have the children's list for this evening.

    With what is to be known of them, which the trail then says of each. Raises ``CannotTake``.
    """
    if not can_take_children(meeting, at=at):
        raise CannotTake(f"{meeting} cannot be taken along at {at:%Y-%m-%d %H:%M}")
    taken = Taken.objects.create(
        meeting=meeting,
        by=by,
        number=number,
        part=Taken.Part.CHILDREN,
        key=key,
        seats={str(place): child.pk for place, child in enumerate(children, start=1)},
        taken_at=at,
        until=children_kept_until(meeting),
    )
    audit.record("children.taken_along", meeting, by=by, at=at, until=taken.until.isoformat())
    for child in children:
        if child.has_needs:
            audit.record("child.needs_taken_along", child, by=by, at=at, meeting=meeting.pk)
    return taken


@transaction.atomic
def bring_children_back(
    *, taken: Taken, sent: Sequence[ChildTap], by: User, at: datetime
) -> Answered:
    """Do what each mark says, once, as if it had been done when it was tapped.

    What cannot be done, or says something else than others wrote meanwhile, waits for ``decide``;
    so does what the same device says of the same child after it. Raises ``NotTakenHere``.
    """
    _lock_all(taken)
    if not taken.takes_marks(at=at):
        raise NotTakenHere(f"{taken} takes no marks any more")
    known = set(
        ChildMark.objects.filter(
            number__in=[each.number for each in sent], taken=taken
        ).values_list("number", flat=True)
    )
    room = MOST_MARKS - taken.child_marks.count()
    fresh = sorted((each for each in sent if each.number not in known), key=lambda tap: tap.place)
    children = Child.objects.select_related("group").in_bulk(taken.seats.values())
    kept = []
    for tap in fresh[: max(room, 0)]:
        child = children.get(taken.seats.get(tap.child, 0))
        if child is not None:
            _arrive(taken, child, tap, by=by, at=at)
            kept.append(tap.number)
    if kept:
        audit.record("marks.children_brought_back", taken.meeting, by=by, at=at, marks=len(kept))
    refused = {each.number for each in fresh} - set(kept)
    return Answered(frozenset({*known, *kept}), frozenset(refused), _asked(taken.meeting))


@transaction.atomic
def decide_child(*, mark: ChildMark, answer: str, by: User, at: datetime) -> int:
    """A person says how it was; how much is still asked. Raises ``NotAsked``.

    "again" tries once more; "agreed" and "went" say that it was as the device has it; "leave"
    leaves it out, with what hangs on it.
    """
    _lock_all(mark.taken)
    mark = ChildMark.objects.select_for_update(of=("self",), no_key=True).select_related(
        "taken__meeting__group", "child__group"
    ).get(pk=mark.pk)  # fmt: skip
    if mark.settled_at or answer not in answers_to(mark):
        raise NotAsked(f"{mark} is not asked about in this way")
    if answer == "leave":
        later = _of_the_same_child(mark).filter(settled_at=None, place__gt=mark.place)
        for row in [mark, *(later if mark.about == About.CAME else ())]:
            _settle(row, at=at)
    else:
        _try(mark, by=by, at=at, decided=answer if answer != "again" else "")
    audit.record("marks.child_decided", mark.child, by=by, at=at, answer=answer)
    for row in _of_the_same_child(mark).filter(why=Why.AFTER).order_by("place"):
        if not _waits_before(row):
            _try(row, by=by, at=at)
    return _asked(mark.taken.meeting)


def _lock_all(taken: Taken) -> None:
    """The group, its session, then the trail: as everybody does who signs a child in."""
    meeting = taken.meeting
    hold(meeting.group, ended_too=True)
    sessions = ChildrensSession.objects.select_for_update(of=("self",), no_key=True)
    sessions.filter(meeting=meeting).first()
    asking.hold(taken.organisation_id)


def answers_to(mark: ChildMark) -> tuple[str, ...]:
    if mark.why == Why.NOT_LISTED and mark.about == About.CAME:
        return ("agreed", "leave")
    if mark.why in {Why.NOT_LISTED, Why.BARRED}:
        return ("went", "leave")
    return ANSWERS.get(Why(mark.why), ()) if mark.why else ()


def adult_in(mark: ChildMark) -> str:
    """The name of the adult in a mark that waits."""
    return open_beside(mark.child, mark.locked, table=TABLE, row=mark.pk)


def _arrive(taken: Taken, child: Child, tap: ChildTap, *, by: User, at: datetime) -> None:
    earliest = taken.meeting.starts_at - EARLIEST
    mark = ChildMark.objects.create(
        taken=taken,
        number=tap.number,
        place=tap.place,
        about=tap.about,
        child=child,
        parent_agrees=tap.parent_agrees,
        seen=tap.seen,
        accepts=tap.accepts,
        adults=tap.adults,
        tapped_at=min(max(tap.tapped_at, earliest), at),
        came_at=at,
        why=Why.AFTER,
    )
    if tap.adult:
        mark.locked = lock_beside(child, tap.adult, table=TABLE, row=mark.pk)
        mark.save(update_fields=["locked"])
    if not _waits_before(mark):
        _try(mark, by=by, at=at)


def _try(mark: ChildMark, *, by: User, at: datetime, decided: str = "") -> None:
    """Do what the mark says; what cannot be done without a person keeps waiting."""
    try:
        with transaction.atomic():
            _do(mark, _session(mark, by=by), by=by, decided=decided)
    except _ForAPerson as reason:
        if reason.why == Why.BARRED:
            _tell_of_barred(mark, by=by)
        mark.why = reason.why
        mark.save(update_fields=["why"])
    else:
        _settle(mark, at=at)


def _session(mark: ChildMark, *, by: User) -> ChildrensSession:
    """The session beside the meeting, begun when the first child came if nobody had begun it."""
    try:
        return running.open_session(
            meeting=mark.taken.meeting, adults=mark.adults, places=None, by=by, at=mark.tapped_at
        )
    except running.NotNow as error:
        raise _ForAPerson(Why.NOT_BEGUN) from error


def _do(mark: ChildMark, session: ChildrensSession, *, by: User, decided: str) -> None:
    match mark.about:
        case About.CAME:
            _came(mark, session, agreed=mark.parent_agrees or decided == "agreed", by=by)
        case About.WENT:
            _went(mark, session, anyway=decided == "went", by=by)
        case About.KEPT:
            signing.keep_back(
                session=session, child=mark.child, mark=mark.number, by=by, at=mark.tapped_at
            )
        case About.LOOKED:
            audit.record(
                "child.needs_seen", mark.child, by=by, at=mark.tapped_at, session=session.pk
            )


def _came(mark: ChildMark, session: ChildrensSession, *, agreed: bool, by: User) -> None:
    if coming(_stays(_visits(mark, session)), at=mark.tapped_at) is Verdict.SAID:
        return
    try:
        signing.sign_in(
            session=session,
            child=mark.child,
            adult=adult_in(mark),
            parent_agrees=agreed,
            accepts=Shortness.Done(mark.accepts) if mark.accepts else None,
            was_here=True,
            mark=mark.number,
            by=by,
            at=mark.tapped_at,
        )
    except signing.NoPlace as error:
        raise _ForAPerson(Why.NO_PLACE) from error
    except signing.NotListed as error:
        raise _ForAPerson(Why.NOT_LISTED) from error
    except running.SessionClosed as error:
        raise _ForAPerson(Why.CLOSED) from error


def _went(mark: ChildMark, session: ChildrensSession, *, anyway: bool, by: User) -> None:
    visits, adult = _visits(mark, session), adult_in(mark)
    last = [visit for visit in visits if visit.in_at <= mark.tapped_at and visit.out_at]
    same = bool(last) and words_of(who_came(last[-1:])[last[-1].pk][1]) == words_of(adult)
    verdict, _stay = going(_stays(visits), at=mark.tapped_at, same_adult=same)
    if verdict is Verdict.SAID:
        return
    if verdict is not Verdict.NEW:
        raise _ForAPerson(Why.DIFFERS if verdict is Verdict.DIFFERS else Why.NOT_IN)
    seen = Visit.Seen(mark.seen)
    found = signing.who_it_is(mark.child, adult, at=mark.tapped_at)
    if found is Answer.BARRED and not anyway:
        raise _ForAPerson(Why.BARRED)
    if found is not Answer.YES and seen is not Visit.Seen.PARENT and not anyway:
        raise _ForAPerson(Why.NOT_LISTED)
    try:
        signing.sign_out(
            session=session,
            child=mark.child,
            adult=adult,
            seen=seen,
            was_gone=True,
            mark=mark.number,
            by=by,
            at=mark.tapped_at,
        )
    except running.SessionClosed as error:
        raise _ForAPerson(Why.CLOSED) from error


def _tell_of_barred(mark: ChildMark, *, by: User) -> None:
    """Somebody barred has a child, as far as this mark knows: the leads are told at once."""
    session = ChildrensSession.objects.select_related("meeting__group").get(
        meeting=mark.taken.meeting
    )
    signing.keep_back(session=session, child=mark.child, mark=mark.number, by=by, at=mark.tapped_at)


def _visits(mark: ChildMark, session: ChildrensSession) -> list[Visit]:
    rows = session.visits.filter(child=mark.child).select_related("child")
    return list(rows.order_by("in_at", "pk"))


def _stays(visits: Sequence[Visit]) -> list[Stay]:
    return [Stay(visit.in_at, visit.out_at) for visit in visits]


def _of_the_same_child(mark: ChildMark) -> QuerySet[ChildMark]:
    rows = ChildMark.objects.filter(taken=mark.taken, child=mark.child)
    return rows.select_related("taken__meeting__group", "child__group")


def _waits_before(mark: ChildMark) -> bool:
    """Whether something earlier waits. That somebody came in vain, or looked, waits for nothing."""
    if mark.about in {About.KEPT, About.LOOKED}:
        return False
    return _of_the_same_child(mark).filter(settled_at=None, place__lt=mark.place).exists()


def _settle(mark: ChildMark, *, at: datetime) -> None:
    mark.settled_at, mark.why, mark.locked = at, "", b""
    mark.save(update_fields=["settled_at", "why", "locked"])


def _asked(meeting: Meeting) -> int:
    waiting = ChildMark.objects.filter(taken__meeting=meeting, settled_at=None)
    return waiting.exclude(why=Why.AFTER).count()
