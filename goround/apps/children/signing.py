"""Children signed in and out by an adult on their list.

Every act takes a mark that the device made, so that one sent twice, or again after hours
without a signal, is one. A barred adult is refused whatever else is written down; that is
recorded and not raised, because the record must stay.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from goround.apps.accounts.guessing import guess
from goround.apps.accounts.models import User
from goround.apps.apart import asking
from goround.apps.audit import services as audit
from goround.apps.children import notices, running
from goround.apps.children.locking import barred_name, lock_visitor, names_of
from goround.apps.children.models import (
    Child,
    ChildrensSession,
    Refusal,
    Shortness,
    Visit,
)
from goround.apps.children.programme import code_for
from goround.apps.children.services import list_adult
from goround.apps.meetings.nearby import meetings_near
from goround.domain.children.adults import Answer, Listed, may_collect
from goround.domain.children.codes import is_code
from goround.domain.privacy.guessing import Secret


class NoPlace(Exception):
    """No place for this child in this session. Nobody learns more: there may be a reason."""


class NotListed(Exception):
    """The adult is not on the child's list, or not on this day."""


class NotHere(Exception):
    """The child is not signed in."""


class WrongCode(Exception):
    """This is not the code of the child's family."""


class NotOfThisSession(ValueError):
    """The child belongs to another group."""


@transaction.atomic
def sign_in(
    *,
    session: ChildrensSession,
    child: Child,
    adult: str,
    mark: UUID,
    by: User,
    at: datetime,
    chosen: bool = False,
    parent_agrees: bool = False,
    accepts: Shortness.Done | None = None,
    was_here: bool = False,
) -> Visit:
    """A child comes, brought by ``adult``, whose name was ``chosen`` from the list or typed.

    ``parent_agrees``: the parent stands beside an adult who is not listed, who then is, for this
    day. ``accepts`` says what is done about too few adults. ``was_here`` is for marks made
    without a signal: the child came, whatever the ratios say, and what the leader did about them
    is noted. A barred adult brings a child like
    anybody, because inside the child is safe; the leads are told, and the answer is the visit.

    Raises ``SessionClosed``, ``NoPlace``, ``NotListed`` and ``TooFewAdults``.
    """
    if there := Visit.objects.filter(session=session, mark_in=mark).first():
        return there
    held = running.hold(session)
    asking.hold(held.organisation_id)
    child = _child_of(held, child)
    if there := held.visits.filter(child=child, out_at=None).first():
        return there
    answer = _answer(child, adult, at=at, chosen=chosen)
    _only_if_there_is_a_place(held, child)
    if answer in {Answer.NOT_LISTED, Answer.NOT_TODAY}:
        _listed_by_the_parent(child, adult, parent_agrees=parent_agrees, by=by, at=at)
    if not was_here or accepts:
        found = running.cover_of(held, coming=child.band)
        running.note_short(held, found, accepts, mark=mark, by=by, at=at)
    visit = Visit.objects.create(session=held, child=child, mark_in=mark, in_at=at, in_by=by)
    visit.brought = lock_visitor(visit, "brought", adult)
    visit.save(update_fields=["brought"])
    audit.record("child.signed_in", child, by=by, at=at, session=held.pk)
    if answer is Answer.BARRED:
        _refuse(held, child, mark=mark, by=by, at=at)
    return visit


def sign_out(
    *,
    session: ChildrensSession,
    child: Child,
    adult: str,
    seen: Visit.Seen,
    mark: UUID,
    by: User,
    at: datetime,
    code: str = "",
    chosen: bool = False,
    was_gone: bool = False,
) -> Visit | Refusal:
    """Hand a child over to ``adult``; a ``Refusal`` for a barred adult, and the child stays.

    ``seen`` is how the leader knew them. With a code it must be the family's; the parent's own
    yes lists the adult for this day. ``was_gone``: a device without a signal, or a person, says
    that the child has left already, so nothing holds them here any more.

    Raises ``SessionClosed``, ``NotHere``, ``NotListed``, ``WrongCode`` and ``TooManyTries``.
    Nothing of a wrong code is undone with the rest.
    """
    if there := Visit.objects.filter(session=session, mark_out=mark).first():
        return there
    if was_gone:
        return _hand_over(
            session, child, adult, seen, chosen=chosen, was_gone=True, mark=mark, by=by, at=at
        )
    if kept := Refusal.objects.filter(session=session, mark=mark).first():
        return kept
    if refused := _refused(session, child, adult, chosen=chosen, mark=mark, by=by, at=at):
        return refused
    if seen is Visit.Seen.CODE and not code_is_right(
        session=session, child=child, code=code, at=at
    ):
        raise WrongCode(f"not the code of {child}")
    return _hand_over(session, child, adult, seen, chosen=chosen, mark=mark, by=by, at=at)


def code_is_right(*, session: ChildrensSession, child: Child, code: str, at: datetime) -> bool:
    """Whether this is the family's code. Raises ``TooManyTries``: five wrong ones for a child."""
    right = code_for(child, session.meeting_id)
    found = guess(
        secret=Secret.PICK_UP,
        name=f"{session.pk} {child.pk}",
        at=at,
        check=lambda: True if is_code(code, right) else None,
    )
    return found is not None


@transaction.atomic
def _refused(
    session: ChildrensSession,
    child: Child,
    adult: str,
    *,
    chosen: bool,
    mark: UUID,
    by: User,
    at: datetime,
) -> Refusal | None:
    held = running.hold(session)
    child = _child_of(held, child)
    if _answer(child, adult, at=at, chosen=chosen) is not Answer.BARRED:
        return None
    return _refuse(held, child, mark=mark, by=by, at=at)


@transaction.atomic
def _hand_over(
    session: ChildrensSession,
    child: Child,
    adult: str,
    seen: Visit.Seen,
    *,
    chosen: bool,
    mark: UUID,
    by: User,
    at: datetime,
    was_gone: bool = False,
) -> Visit:
    held = running.hold(session)
    child = _child_of(held, child)
    visit = held.visits.filter(child=child, out_at=None).first()
    if visit is None:
        raise NotHere(f"{child} is not signed in at {held}")
    answer = _answer(child, adult, at=at, chosen=chosen)
    if was_gone and answer in {Answer.NOT_LISTED, Answer.NOT_TODAY} and seen is Visit.Seen.PARENT:
        _listed_by_the_parent(child, adult, parent_agrees=True, by=by, at=at)
    elif answer is not Answer.YES and not was_gone:
        agrees = seen is Visit.Seen.PARENT and answer is not Answer.BARRED
        _listed_by_the_parent(child, adult, parent_agrees=agrees, by=by, at=at)
    visit.child = child
    visit.collected = lock_visitor(visit, "collected", adult)
    visit.mark_out, visit.out_at, visit.out_by, visit.seen = mark, max(at, visit.in_at), by, seen
    visit.save(update_fields=["collected", "mark_out", "out_at", "out_by", "seen"])
    audit.record("child.signed_out", child, by=by, at=at, session=held.pk, seen=str(seen))
    return visit


def keep_back(
    *, session: ChildrensSession, child: Child, mark: UUID, by: User, at: datetime
) -> Refusal:
    """Note that a barred adult came for a child, as a device without a signal saw it."""
    there = Refusal.objects.filter(session=session, mark=mark).first()
    return there or _refuse(session, child, mark=mark, by=by, at=at)


def who_it_is(child: Child, adult: str, *, at: datetime) -> Answer:
    """Whether a child may go with whoever has this name, which was typed."""
    return _answer(child, adult, at=at, chosen=False)


def _answer(child: Child, adult: str, *, at: datetime, chosen: bool) -> Answer:
    rows = list(child.adults.filter(ended_at=None).select_related("child"))
    names = names_of(rows)
    listed = [Listed(row.pk, names[row.pk], row.since_on, row.until_on) for row in rows]
    barred = [barred_name(row) for row in child.barred.filter(ended_at=None)]
    today = child.group.today(at=at)
    return may_collect(adult, listed, barred, on=today, chosen=chosen)


def _listed_by_the_parent(
    child: Child, adult: str, *, parent_agrees: bool, by: User, at: datetime
) -> None:
    if not parent_agrees:
        raise NotListed(f"an adult is not on the list of {child}")
    list_adult(child=child, name=adult, until=child.group.today(at=at), by=by, at=at)


def _refuse(
    session: ChildrensSession, child: Child, *, mark: UUID, by: User, at: datetime
) -> Refusal:
    refusal = Refusal.objects.create(session=session, child=child, mark=mark, by=by, at=at)
    audit.record("child.kept", refusal, by=by, at=at, child=child.pk)
    notices.tell_leads(refusal, by=by, at=at)
    return refusal


def _child_of(session: ChildrensSession, child: Child) -> Child:
    held = Child.objects.select_related("group").get(pk=child.pk)
    if held.group_id != session.meeting.group_id:
        raise NotOfThisSession(f"{held} does not belong to {session}")
    return held


def _only_if_there_is_a_place(session: ChildrensSession, child: Child) -> None:
    """Raise ``NoPlace``: the room is full, or two families must not meet. Both are always asked."""
    here = session.visits.filter(out_at=None).values("child").distinct().count()
    refusals = [
        session.places is not None and here >= session.places,
        not _may_meet(session, child),
    ]
    if any(refusals):
        raise NoPlace(f"no place for {child} at {session}")


def _may_meet(session: ChildrensSession, child: Child) -> bool:
    if child.parent_id is None:
        return True
    group = session.meeting.group
    day = group.today(at=session.meeting.starts_at)
    came = Visit.objects.filter(child__parent__isnull=False).exclude(child__parent=child.parent_id)
    parents = came.values_list("child__parent_id", flat=True)
    near = meetings_near(group, day, day).values("pk")
    return asking.may_meet(
        session.organisation_id,
        {child.parent_id},
        company=set(parents.filter(session=session)),
        nearby=set(parents.filter(session__meeting__in=near)),
    )
