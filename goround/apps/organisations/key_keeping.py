"""What whoever keeps the server does with keys, by hand and audited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.keys import lead_keys, rotating
from goround.apps.keys.models import LeadKey, OrganisationKey, Sentinel
from goround.apps.keys.roots import root_keys
from goround.apps.organisations.models import Organisation


class NoKeyYet(Exception):
    """The lead who is to read has made no key of their own, or never opened it."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """The newest root key by name, and what was wrapped under it now."""

    name: str
    organisations: int


def change_root_key(*, by: User | None, at: datetime) -> Rotated:
    """Add a root key and wrap every organisation's key under it. Old ones stay in the file."""
    name = rotating.add_root_key(at=at)
    with transaction.atomic():
        wrapped = rotating.wrap_anew()
        sentinel = Sentinel.objects.get(root_id=root_keys().newest.id.hex())
        audit.record("root_key.changed", sentinel, by=by, at=at, organisations=wrapped)
    return Rotated(name, wrapped)


def change_organisation_key(*, organisation: Organisation, by: User | None, at: datetime) -> int:
    """Give one organisation a new key and wrap its data keys under it; how many those were.

    Killed in between, everything still opens, and it is begun again.
    """
    rotating.renew_organisation_key(organisation.pk)
    with transaction.atomic():
        wrapped = rotating.wrap_data_keys_anew(organisation.pk)
        key = OrganisationKey.objects.get(organisation_id=organisation.pk, is_current=True)
        audit.record("organisation_key.changed", key, by=by, at=at, data_keys=wrapped)
    return wrapped


def forget_old_root_keys(*, by: User | None, at: datetime) -> int:
    """Take older root keys out of the key file. Raises ``KeyTrouble`` while one is needed."""
    with transaction.atomic():
        sentinel = Sentinel.objects.get(root_id=root_keys().newest.id.hex())
        audit.record("root_key.old_forgotten", sentinel, by=by, at=at)
        return rotating.forget_old_root_keys()


@transaction.atomic
def read_by_card(
    *, organisation: Organisation, words: str, reader: User, by: User | None, at: datetime
) -> int:
    """Let a lead read what the recovery card opens; how many records they lacked.

    Raises ``NoKeyYet``, ``WordsWrong`` and ``NotTheCard``.
    """
    keys = LeadKey.objects.filter(organisation_id=organisation.pk, proven_at__isnull=False)
    key = keys.filter(user_id=reader.pk).first()
    if key is None:
        raise NoKeyYet(f"user #{reader.pk} has no proven key at {organisation}")
    private = lead_keys.open_recovery_key(organisation_id=organisation.pk, words=words, at=at)
    lacked = lead_keys.welcome(key, private_key=private)
    audit.record("recovery_key.used", key, by=by, at=at, records=lacked)
    return lacked
