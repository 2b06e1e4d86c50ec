"""A parent says yes, and takes it back. Nothing else changes by either."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.people.consents.models import Consent
from goround.apps.people.consents.notices import NOTICES
from goround.apps.people.models import Parent


class NobodyNamed(Exception):
    """Nobody was named who would get what is shared."""


@transaction.atomic
def give(
    *,
    parent: Parent,
    purpose: Consent.Purpose,
    how: Consent.How,
    by: User | None,
    at: datetime,
    recipient: str = "",
) -> Consent:
    """Write down a yes to the notice that stands now; the same yes twice is once.

    ``by`` is nobody for a parent without an account who says so on a public page.

    Raises ``NobodyNamed`` when it is about others and none is named.
    """
    recipient = " ".join(recipient.split())
    if purpose in {Consent.Purpose.REFERRAL, Consent.Purpose.SHARING} and not recipient:
        raise NobodyNamed(f"a consent to {purpose} names who it is for")
    notice = NOTICES[purpose]
    open_one = _held(parent, purpose, recipient)
    if open_one and open_one.is_live(at=at) and open_one.notice_version == notice.version:
        return open_one
    if open_one:
        _end(open_one, Consent.Because.RENEWED, at)
    given = Consent.objects.create(
        organisation_id=parent.organisation_id,
        parent=parent,
        purpose=purpose,
        recipient=recipient,
        notice_version=notice.version,
        how=how,
        given_at=at,
        written_by=by,
        expires_at=at + notice.lasts,
    )
    audit.record("consent.given", given, by=by, at=at, parent=parent.pk, purpose=str(purpose))
    return given


@transaction.atomic
def withdraw(
    *, parent: Parent, purpose: Consent.Purpose, by: User | None, at: datetime, recipient: str = ""
) -> None:
    """Take a yes back, from this moment on. Where there is none, nothing happens."""
    open_one = _held(parent, purpose, recipient)
    if open_one is None:
        return
    _end(open_one, Consent.Because.WITHDRAWN, at)
    audit.record(
        "consent.withdrawn", open_one, by=by, at=at, parent=parent.pk, purpose=str(purpose)
    )


def _held(parent: Parent, purpose: Consent.Purpose, recipient: str) -> Consent | None:
    """The open yes, with the parent's row held so that no second one is written meanwhile."""
    Parent.objects.select_for_update(of=("self",), no_key=True).get(pk=parent.pk)
    open_ones = Consent.objects.filter(parent=parent, purpose=purpose, ended_at=None)
    return open_ones.filter(recipient=recipient).first()


def _end(consent: Consent, because: Consent.Because, at: datetime) -> None:
    consent.ended_at, consent.ended_because = at, because
    consent.save(update_fields=["ended_at", "ended_because"])
