from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.db import models, transaction

from goround.apps.audit.models import Event
from goround.apps.audit.stretches import append_in_turn


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
    append_in_turn(organisation_id, [event])
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
    append_in_turn(organisation_id, events)
