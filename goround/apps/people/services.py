"""Parents come in, wait and leave; facilitators are kept up to date."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from itertools import count
from typing import Any

from django.db import IntegrityError, transaction

from goround.apps.accounts.models import User
from goround.apps.audit import chains
from goround.apps.audit import services as audit
from goround.apps.organisations.models import Organisation, Programme
from goround.apps.people import receipts
from goround.apps.people.consents.models import Consent
from goround.apps.people.consents.services import give
from goround.apps.people.facts import ParentFacts
from goround.apps.people.models import Facilitator, Parent, Referral, Training
from goround.apps.people.opening import keep_details


class DoorClosed(Exception):
    """The programme takes no parents who come by themselves."""


class NoLongerWaiting(Exception):
    """The referral ended before: the parent was placed, or withdrew."""


class StillWaiting(Exception):
    """The parent waits for this programme already, or was placed in it."""


def refer_self(
    *,
    programme: Programme,
    alias: str,
    facts: ParentFacts,
    secret: str,
    by: User | None,
    at: datetime,
) -> Referral:
    """A parent puts themselves on the waiting list; ``by`` is nobody for a visitor.

    The same secret sent in again gives the entry that is there already, unchanged. Raises
    ``DoorClosed``.
    """
    if not programme.takes_self_referrals:
        raise DoorClosed(f"{programme} takes no self-referrals")
    referral = Referral(door=Referral.Door.SELF)
    return _refer(referral, programme, alias, facts, secret, by=by, at=at)


def refer_by_agency(
    *,
    programme: Programme,
    alias: str,
    facts: ParentFacts,
    source: str,
    agency: str,
    agreed_on: date,
    secret: str,
    by: User,
    at: datetime,
) -> Referral:
    """A coordinator adds a parent whom an agency referred and who agreed to it that day.

    The same secret sent in again gives the entry that is there already, unchanged.
    """
    referral = Referral(
        door=Referral.Door.AGENCY, source=source, agency=agency, agreed_on=agreed_on
    )
    return _refer(referral, programme, alias, facts, secret, by=by, at=at)


def _refer(
    referral: Referral,
    programme: Programme,
    alias: str,
    facts: ParentFacts,
    secret: str,
    *,
    by: User | None,
    at: datetime,
) -> Referral:
    parent = Parent(organisation=programme.organisation, alias=alias, created_at=at)
    facts.put_on(parent, at=at)
    referral.organisation, referral.programme = programme.organisation, programme
    referral.receipt_hash = receipts.hash_of(receipts.receipt_words(secret))
    referral.waiting_since = at
    try:
        return _enter_once(referral, parent, by=by, at=at)
    except IntegrityError:
        # The other of two taps in the same moment was first.
        return Referral.objects.get(receipt_hash=referral.receipt_hash)


@transaction.atomic
def _enter_once(referral: Referral, parent: Parent, *, by: User | None, at: datetime) -> Referral:
    there = Referral.objects.filter(receipt_hash=referral.receipt_hash).first()
    if there:
        return there
    parent.save()
    keep_details([parent], new=True)
    referral.parent = parent
    referral.save()
    if parent.safe_email:
        came_alone = referral.door == Referral.Door.SELF
        how = Consent.How.OWN_PAGE if came_alone else Consent.How.IN_WORDS
        give(parent=parent, purpose=Consent.Purpose.MESSAGES, how=how, by=by, at=at)
    audit.record("parent.added", parent, by=by, at=at)
    audit.record("referral.made", referral, by=by, at=at, door=str(referral.door))
    return referral


@transaction.atomic
def withdraw(*, referral: Referral, by: User | None, at: datetime, because: str = "") -> Referral:
    """Take a parent off the waiting list and keep that they were on it.

    ``by`` is nobody when the parent did it with their receipt. Withdrawing twice is once.
    Raises ``NoLongerWaiting`` for a parent who was placed meanwhile.
    """
    # Before the row: whoever places somebody holds the chain when they come to their referral.
    chains.hold(referral.organisation_id)
    referral = Referral.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.pk)
    if referral.status == Referral.Status.WITHDRAWN:
        return referral
    if referral.status != Referral.Status.WAITING:
        raise NoLongerWaiting(f"{referral} is {referral.status}")
    referral.status, referral.ended_at = Referral.Status.WITHDRAWN, at
    referral.withdrawn_because = because
    referral.save(update_fields=["status", "ended_at", "withdrawn_because"])
    audit.record("referral.withdrawn", referral, by=by, at=at, because=because)
    return referral


@transaction.atomic
def put_back(*, referral: Referral, by: User, at: datetime) -> Referral:
    """Let a parent who had withdrawn wait again, from now on. Their first entry stays as it is.

    Their receipt goes with them. Raises ``StillWaiting`` when they wait already.
    """
    chains.hold(referral.organisation_id)
    before = Referral.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.pk)
    same = Referral.objects.filter(programme=before.programme, parent=before.parent)
    if same.exclude(status=Referral.Status.WITHDRAWN).exists():
        raise StillWaiting(f"parent #{before.parent_id} waits already or was placed")
    receipt_hash, before.receipt_hash = before.receipt_hash, None
    before.save(update_fields=["receipt_hash"])
    again = Referral.objects.create(
        organisation=before.organisation,
        programme=before.programme,
        parent=before.parent,
        door=before.door,
        source=before.source,
        agency=before.agency,
        agreed_on=before.agreed_on,
        priority=before.priority,
        receipt_hash=receipt_hash,
        waiting_since=at,
    )
    audit.record("referral.made", again, by=by, at=at, door=str(again.door), after=before.pk)
    return again


@transaction.atomic
def save_facilitator(
    *, facilitator: Facilitator, by: User, at: datetime, **changes: Any
) -> Facilitator:
    """Add a facilitator, or change one; nothing is written when nothing differs."""
    changed = sorted(n for n, value in changes.items() if getattr(facilitator, n) != value)
    if facilitator.pk and not changed:
        return facilitator
    for name in changed:
        setattr(facilitator, name, changes[name])
    is_new = facilitator.pk is None
    if not facilitator.reference:
        facilitator.reference = _free_reference(facilitator.organisation)
    facilitator.full_clean()
    facilitator.save(update_fields=None if is_new else changed)
    kind = "facilitator.added" if is_new else "facilitator.changed"
    audit.record(kind, facilitator, by=by, at=at, fields=changed)
    return facilitator


def _free_reference(organisation: Organisation) -> str:
    """An id for lists, for somebody who was added by hand."""
    there = Facilitator.objects.filter(organisation=organisation)
    numbers = count(there.count() + 1)
    names = (f"by-hand-{number}" for number in numbers)
    return next(name for name in names if not there.filter(reference=name).exists())


@transaction.atomic
def set_trainings(
    *, facilitator: Facilitator, trainings: Collection[tuple[str, date]], by: User, at: datetime
) -> None:
    """Make ``trainings`` (kind, day completed) the whole list of what somebody completed."""
    there = {(row.kind, row.completed_on): row for row in facilitator.trainings.all()}
    wanted = set(trainings)
    gone = [row.pk for key, row in there.items() if key not in wanted]
    new = sorted(wanted - set(there))
    if not gone and not new:
        return
    facilitator.trainings.filter(pk__in=gone).delete()
    Training.objects.bulk_create(
        Training(facilitator=facilitator, kind=kind, completed_on=day) for kind, day in new
    )
    audit.record(
        "facilitator.trainings_changed",
        facilitator,
        by=by,
        at=at,
        added=len(new),
        removed=len(gone),
    )
