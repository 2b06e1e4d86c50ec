"""How a parent may be reached: what they called safe, for as long as they call it so."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.people.consents.models import Consent
from goround.apps.people.consents.selectors import said_yes
from goround.apps.people.consents.services import give, withdraw
from goround.apps.people.details import NOTHING_SAID
from goround.apps.people.models import Parent
from goround.apps.people.opening import details_of, keep_details


def address_of(parent_id: int, *, at: datetime) -> str:
    """Where the parent may be written to at this moment, read afresh; empty: nowhere.

    There must be both: an address that they called safe, and a consent that still holds.
    """
    if not said_yes(None, [parent_id], Consent.Purpose.MESSAGES, at=at):
        return ""
    return details_of([parent_id]).get(parent_id, NOTHING_SAID).safe_email


def who_may_be_written_to(parent_ids: Collection[int], *, at: datetime) -> set[int]:
    """Those of the parents who agreed to it and have an address. Two queries."""
    agreed = said_yes(None, parent_ids, Consent.Purpose.MESSAGES, at=at)
    return {pk for pk, told in details_of(agreed).items() if told.safe_email}


@transaction.atomic
def set_reach(
    *,
    parent: Parent,
    safe_contact: str,
    safe_email: str,
    how: Consent.How,
    by: User,
    at: datetime,
) -> None:
    """Write down what the parent calls safe, and how they said so.

    An address is the consent to write to it; taking it out is the end of that consent.
    """
    parent = Parent.objects.select_for_update(of=("self",), no_key=True).get(pk=parent.pk)
    if (parent.safe_contact, parent.safe_email) != (safe_contact, safe_email):
        parent.safe_contact, parent.safe_email = safe_contact, safe_email
        keep_details([parent])
        audit.record("parent.reach_changed", parent, by=by, at=at, by_email=bool(safe_email))
    if safe_email:
        give(parent=parent, purpose=Consent.Purpose.MESSAGES, how=how, by=by, at=at)
    else:
        withdraw(parent=parent, purpose=Consent.Purpose.MESSAGES, by=by, at=at)


@transaction.atomic
def stop_writing(*, parent: Parent, by: User | None, at: datetime) -> None:
    """The address goes, at the parent's own word: ``by`` is nobody when a link said so."""
    parent = Parent.objects.select_for_update(of=("self",), no_key=True).get(pk=parent.pk)
    withdraw(parent=parent, purpose=Consent.Purpose.MESSAGES, by=by, at=at)
    if not parent.safe_email:
        return
    parent.safe_email = ""
    keep_details([parent])
    audit.record("parent.writing_stopped", parent, by=by, at=at)
