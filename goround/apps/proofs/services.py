"""A parent has a paper made for themselves, or takes one back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.organisations.models import Programme
from goround.apps.people.models import Parent
from goround.apps.proofs.codes import hash_of
from goround.apps.proofs.models import Proof
from goround.apps.proofs.selectors import days_there, programmes_to_prove

LONGEST_HOLDS = timedelta(days=366)


class NotTheirs(Exception):
    """Only the parent themselves has a paper made, and takes it back."""


class NothingToProve(Exception):
    """There is no day to put on a paper, or the programme gives none out."""


@transaction.atomic
def give_proof(
    *,
    parent: Parent,
    programme: Programme,
    first: date | None,
    last: date | None,
    names_programme: bool,
    holds: timedelta,
    code: str,
    by: User,
    at: datetime,
) -> Proof:
    """Keep what the paper says. Its code is the caller's to print: here is only a hash of it.

    Raises ``NotTheirs`` and ``NothingToProve``.
    """
    if parent.user_id != by.pk:
        raise NotTheirs(f"{by} is not {parent}")
    days = days_there(by, parent, programme, first=first, last=last)
    if not days or programme not in programmes_to_prove(by, parent):
        raise NothingToProve(f"{parent} has no day to prove in {programme}")
    here = parent.organisation
    today = here.local(at).date()
    proof = Proof.objects.create(
        parent=parent,
        code_hash=hash_of(code),
        issuer=here.name,
        programme=programme.name if names_programme else "",
        dates=[day.isoformat() for day in days],
        issued_on=today,
        until_on=today + min(holds, LONGEST_HOLDS),
    )
    audit.record("proof.given", proof, by=by, at=at, days=len(days))
    return proof


@transaction.atomic
def take_proof_back(*, proof: Proof, by: User, at: datetime) -> None:
    """From now on a check says what it says of a paper that never was. Raises ``NotTheirs``."""
    held = (
        Proof.objects.select_for_update(of=("self",), no_key=True)
        .select_related("parent")
        .get(pk=proof.pk)
    )
    if held.parent.user_id != by.pk:
        raise NotTheirs(f"{by} did not ask for {held}")
    if held.taken_back_at is None:
        held.taken_back_at = at
        held.save(update_fields=["taken_back_at"])
        audit.record("proof.taken_back", held, by=by, at=at)
