from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Protocol

from django.db import models, transaction

from goround.apps.audit.chains import append
from goround.apps.audit.models import Event

# The organisation whose entries are kept together until the end, and those so far.
_stretch: ContextVar[tuple[int, list[Event]] | None] = ContextVar("stretch", default=None)


class Actor(Protocol):
    """Whoever acts: anything with a primary key, None for a visitor who is nobody yet."""

    @property
    def pk(self) -> int | None: ...


@transaction.atomic(savepoint=False)
def record(
    kind: str,
    subject: models.Model,
    *,
    by: Actor | None,
    at: datetime,
    organisation_id: int | None = None,
    **facts: object,
) -> Event:
    """Append one entry to its organisation's chain, inside the caller's transaction.

    Until that transaction ends nobody else can write to the same chain, so record last.

    ``kind`` is noun.past_verb. ``facts`` hold ids, counts and dates, never personal data.
    ``by`` is None for the programme itself and for a visitor without an account. Name the
    organisation where the subject's own row does not carry it.
    """
    if organisation_id is None:
        organisation_id = getattr(subject, "organisation_id", None)
    event = Event(
        kind=kind,
        subject=subject._meta.model_name or "",
        subject_id=subject.pk,
        organisation_id=organisation_id,
        by_id=by.pk if by else None,
        at=at,
        facts=facts,
    )
    _append(organisation_id, [event])
    return event


@transaction.atomic(savepoint=False)
def record_each(
    *,
    kind: str,
    subjects: Sequence[models.Model],
    organisation_id: int,
    by: Actor | None,
    at: datetime,
    **facts: object,
) -> None:
    """One entry for each of several rows of one organisation, as one stretch of its chain."""
    events = [
        Event(
            kind=kind,
            subject=subject._meta.model_name or "",
            subject_id=subject.pk,
            organisation_id=organisation_id,
            by_id=by.pk if by else None,
            at=at,
            facts=facts,
        )
        for subject in subjects
    ]
    _append(organisation_id, events)


@contextmanager
def in_one_stretch(organisation_id: int) -> Iterator[None]:
    """Write all entries of this organisation recorded within at the end, in three statements.

    For one act made of many in one transaction. An error must end the whole act: caught within,
    it would undo a part whose entry is written all the same. Stretches are not nested.
    """
    kept: list[Event] = []
    before = _stretch.set((organisation_id, kept))
    try:
        yield
    finally:
        _stretch.reset(before)
    append(organisation_id, kept)


def _append(organisation_id: int | None, events: Sequence[Event]) -> None:
    stretch = _stretch.get()
    if stretch is not None and stretch[0] == organisation_id:
        stretch[1].extend(events)
    else:
        append(organisation_id, events)
