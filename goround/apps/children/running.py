"""A children's session from its beginning until the last child has gone home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.children.models import (
    ChildrensSession,
    Shortness,
    Visit,
)
from goround.apps.children.programme import bands_of, can_begin
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.services import count_children
from goround.domain.children.ratios import Cover, cover, still_accepted


class NotNow(Exception):
    """The meeting has no children's session at this moment: too early, cancelled, or over."""


class SessionClosed(Exception):
    """Everybody went home and the session was closed."""


class StillHere(Exception):
    """Children are here, so the session cannot be closed."""

    def __init__(self, children: Sequence[str]) -> None:
        super().__init__(f"{len(children)} children are still here")
        self.children = tuple(children)


class TooFewAdults(Exception):
    """There are fewer adults than the ratios ask for, and nobody has said what is done."""


@transaction.atomic
def open_session(
    *, meeting: Meeting, adults: int, places: int | None, by: User, at: datetime
) -> ChildrensSession:
    """Begin the session beside a meeting; one that was begun before is left as it is.

    Raises ``NotNow``.
    """
    there = ChildrensSession.objects.filter(meeting=meeting).first()
    if there:
        return there
    if not can_begin(meeting, at=at):
        raise NotNow(f"{meeting} has no children's session at {at:%Y-%m-%d %H:%M}")
    session = ChildrensSession.objects.create(
        meeting=meeting, adults=adults, places=places, opened_at=at
    )
    audit.record("childrens_session.opened", session, by=by, at=at, adults=adults)
    return session


@transaction.atomic
def set_adults(*, session: ChildrensSession, adults: int, by: User, at: datetime) -> None:
    """So many adults are with the children now. Raises ``SessionClosed``."""
    held = hold(session)
    if held.adults == adults:
        return
    held.adults = adults
    held.save(update_fields=["adults"])
    audit.record("childrens_session.adults_changed", held, by=by, at=at, adults=adults)


@transaction.atomic
def accept_short(
    *, session: ChildrensSession, done: Shortness.Done, mark: UUID, by: User, at: datetime
) -> Shortness | None:
    """The leader says what is done about too few adults; None where there are enough.

    Raises ``SessionClosed``.
    """
    there = Shortness.objects.filter(session=session, mark=mark).first()
    if there:
        return there
    held = hold(session)
    return note_short(held, cover_of(held), done, mark=mark, by=by, at=at)


@transaction.atomic
def close_session(*, session: ChildrensSession, by: User, at: datetime) -> int:
    """All children have gone; how many there were. They go into the meeting's head-count.

    A head-count that somebody wrote down already is left as it is. Raises ``StillHere``.
    """
    held = ChildrensSession.objects.select_for_update(of=("self",), no_key=True).get(pk=session.pk)
    visits = Visit.objects.filter(session=held)
    came = visits.values("child").distinct().count()
    if held.closed_at:
        return came
    here = visits.filter(out_at=None).order_by("child__alias", "pk")
    if waiting := list(here.values_list("child__alias", flat=True)):
        raise StillHere(waiting)
    held.closed_at = at
    held.save(update_fields=["closed_at"])
    audit.record("childrens_session.closed", held, by=by, at=at, children=came)
    count_children(meeting=held.meeting, children=came, by=by, at=at)
    return came


def hold(session: ChildrensSession) -> ChildrensSession:
    """The session read afresh and locked. Raises ``SessionClosed``."""
    held = (
        ChildrensSession.objects.select_for_update(of=("self",), no_key=True)
        .select_related("meeting__group__programme", "organisation")
        .get(pk=session.pk)
    )
    if not held.is_open():
        raise SessionClosed(f"{held} was closed")
    return held


def here_by_band(session: ChildrensSession) -> Counter[str]:
    visits = Visit.objects.filter(session=session, out_at=None)
    return Counter(visits.values_list("child__band", flat=True))


def cover_of(session: ChildrensSession, *, coming: str = "") -> Cover:
    """How the adults stand against the ratios, with one more child of the band ``coming``."""
    here = here_by_band(session)
    if coming:
        here[coming] += 1
    return cover(bands_of(session.meeting.group), here, adults=session.adults)


def accepted_short(session: ChildrensSession) -> int | None:
    """How many missing adults the leader has accepted so far, with what is done about it."""
    return max((row.short for row in session.shortnesses.all()), default=None)


def note_short(
    session: ChildrensSession,
    found: Cover,
    done: Shortness.Done | None,
    *,
    mark: UUID,
    by: User,
    at: datetime,
) -> Shortness | None:
    """Record what is done; raises ``TooFewAdults`` where that is owed and was not said."""
    if found.needed is None or not found.short:
        return None
    if done is None:
        if still_accepted(found, accepted_short(session)):
            return None
        raise TooFewAdults(f"{session} is {found.short} adults short")
    noted = Shortness.objects.create(
        session=session,
        mark=mark,
        children=found.children,
        adults=found.adults,
        needed=found.needed,
        done=done,
        by=by,
        at=at,
    )
    audit.record(
        "shortness.accepted",
        noted,
        by=by,
        at=at,
        children=found.children,
        adults=found.adults,
        needed=found.needed,
        done=str(done),
    )
    return noted
