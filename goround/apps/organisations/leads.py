"""Safeguarding leads and their keys: made, opened, handed on, taken away; each act audited.

The pages and the app ``safeguarding`` call this; ``goround.apps.keys.lead_keys`` does the work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from goround.apps.accounts.guessing import guess
from goround.apps.accounts.hashers import a_place
from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.keys import lead_keys
from goround.apps.keys.models import LeadKey, RecoveryKey
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import Viewer, organisations_for
from goround.domain.privacy.guessing import Secret


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A lead who cannot open some of the sealed records yet."""

    key: LeadKey
    shown_as: str
    lacks: int


def own_key(viewer: Viewer, organisation: Organisation) -> LeadKey | None:
    """The viewer's key at the organisation, if they are a lead there and have made one."""
    if not _may(viewer, organisation):
        return None
    return LeadKey.objects.filter(organisation_id=organisation.pk, user_id=viewer.pk or 0).first()


def card_of(viewer: Viewer, organisation: Organisation) -> RecoveryKey | None:
    """The organisation's recovery card, for its leads."""
    if not _may(viewer, organisation):
        return None
    return RecoveryKey.objects.filter(organisation_id=organisation.pk).first()


def newcomers(viewer: Viewer, organisation: Organisation) -> list[Newcomer]:
    """The other leads who lack records, for a lead who may let them read."""
    if not _may(viewer, organisation):
        return []
    others = LeadKey.objects.filter(organisation_id=organisation.pk, proven_at__isnull=False)
    keys = list(others.exclude(user_id=viewer.pk or 0).order_by("pk"))
    people = User.objects.in_bulk([key.user_id for key in keys])
    found = [
        Newcomer(key, people[key.user_id].get_short_name(), lead_keys.lacking(key))
        for key in keys
        if key.user_id in people and _may(people[key.user_id], organisation)
    ]
    return [newcomer for newcomer in found if newcomer.lacks]


@transaction.atomic
def make_key(*, organisation: Organisation, by: User, at: datetime) -> str:
    """Make the lead's own key; answers with the phrase, which is kept nowhere.

    Raises ``LastReader`` when a new key in place of the old would leave records unreadable.
    """
    with a_place():
        key, phrase = lead_keys.make_lead_key(organisation_id=organisation.pk, user_id=by.pk, at=at)
    audit.record("lead_key.made", key, by=by, at=at)
    return phrase


def open_key(*, organisation: Organisation, phrase: str, by: User, at: datetime) -> bytes | None:
    """The lead's private key; None for a wrong phrase, or when they have made no key.

    Raises ``TooManyTries`` and ``HashingBusy``. Both outcomes are audited.
    """
    key = own_key(by, organisation)
    if key is None:
        return None
    private = guess(
        secret=Secret.SEALING_PHRASE,
        name=f"{organisation.pk} {by.handle}",
        at=at,
        check=lambda: _opened(key, phrase, at=at),
    )
    audit.record("lead_key.opened" if private else "lead_key.refused", key, by=by, at=at)
    return private


def _opened(key: LeadKey, phrase: str, *, at: datetime) -> bytes | None:
    try:
        with a_place():
            return lead_keys.open_lead_key(key, phrase, at=at)
    except lead_keys.WrongPhrase:
        return None


@transaction.atomic
def let_in(*, newcomer: Newcomer, private_key: bytes, by: User, at: datetime) -> int:
    """Let another lead read what the holder of the key can. How many records they lacked."""
    lacked = lead_keys.welcome(newcomer.key, private_key=private_key)
    audit.record("lead_key.let_in", newcomer.key, by=by, at=at, records=lacked)
    return lacked


@transaction.atomic
def make_card(
    *, organisation: Organisation, private_key: bytes, by: User, at: datetime
) -> tuple[str, ...]:
    """A new recovery card: its words, which are kept nowhere. An older card stops working."""
    key, words = lead_keys.make_recovery_key(
        organisation_id=organisation.pk, private_key=private_key, at=at
    )
    audit.record("recovery_key.made", key, by=by, at=at)
    return words


def try_card(*, organisation: Organisation, words: str, by: User, at: datetime) -> bool:
    """Whether these are the words of the card. Raises ``TooManyTries``."""
    card = card_of(by, organisation)
    if card is None:
        return False
    private = guess(
        secret=Secret.SEALING_CARD,
        name=str(organisation.pk),
        at=at,
        check=lambda: _card(organisation, words, at=at),
    )
    if private:
        audit.record("recovery_key.tried", card, by=by, at=at)
    return private is not None


def _card(organisation: Organisation, words: str, *, at: datetime) -> bytes | None:
    try:
        return lead_keys.open_recovery_key(organisation_id=organisation.pk, words=words, at=at)
    except (lead_keys.WordsWrong, lead_keys.NotTheCard):
        return None


@transaction.atomic
def drop_key(*, organisation: Organisation, user: User, by: User | None, at: datetime) -> None:
    """Take away the key of somebody who is a lead no longer. Raises ``LastReader``."""
    key = LeadKey.objects.filter(organisation_id=organisation.pk, user_id=user.pk).first()
    if key is not None:
        lead_keys.remove_lead_key(organisation_id=organisation.pk, user_id=user.pk)
        audit.record("lead_key.removed", key, by=by, at=at, user=user.pk)


def _may(viewer: Viewer, organisation: Organisation) -> bool:
    may = organisations_for(viewer, needs=Permission.OPEN_SEALED)
    return may.filter(pk=organisation.pk).exists()
