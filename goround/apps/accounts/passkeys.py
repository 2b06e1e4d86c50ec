"""Passkeys: a device proves by a signature whose it is, so nothing can be guessed or lent.

What is asked of the browser and what it must answer to travels between two requests as
``options`` (to the page) and ``state`` (in the session).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from goround.apps.accounts.models import Passkey, User
from goround.apps.audit import services as audit
from goround.apps.keys.roots import derived

SITE = "Goround"
Options = dict[str, Any]
State = dict[str, Any]


class PasskeyRefused(Exception):
    """The answer is not from a passkey of this account for this site, or it is an old one."""


def ask_for_new(user: User, *, host: str) -> tuple[Options, State]:
    """What a browser needs to make a passkey that can sign in by itself."""
    options, state = _server(host).register_begin(
        PublicKeyCredentialUserEntity(
            id=_user_id(user), name=user.handle, display_name=user.handle
        ),
        _credentials(user),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), state


@transaction.atomic
def add_passkey(
    *, user: User, name: str, host: str, state: State, answer: str, by: User, at: datetime
) -> Passkey:
    """Keep the passkey a browser just made. Raises ``PasskeyRefused``."""
    try:
        made = _server(host).register_complete(state, _read(answer))
    except (ValueError, KeyError, TypeError) as error:
        raise PasskeyRefused from error
    credential = made.credential_data
    if credential is None or Passkey.objects.filter(credential_hash=_hash(credential)).exists():
        raise PasskeyRefused
    passkey = Passkey.objects.create(
        user=user,
        name=name,
        credential_hash=_hash(credential),
        credential=bytes(credential),
        counter=made.counter,
        added_at=at,
    )
    audit.record("passkey.added", passkey, by=by, at=at, user=user.pk)
    return passkey


def ask_for_one(*, host: str, user: User | None = None) -> tuple[Options, State]:
    """What a browser needs to show a passkey: any for this site, or one of ``user``."""
    options, state = _server(host).authenticate_begin(
        _credentials(user) if user else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), state


@transaction.atomic
def user_by_passkey(*, host: str, state: State, answer: str, at: datetime) -> User:
    """Whose passkey answered. Raises ``PasskeyRefused``, also for a copied authenticator."""
    try:
        response = AuthenticationResponse.from_dict(_read(answer))
        passkey = _passkey(response.raw_id)
        credential = AttestedCredentialData(bytes(passkey.credential))
        _server(host).authenticate_complete(state, [credential], response)
    except (ValueError, KeyError, TypeError, Passkey.DoesNotExist) as error:
        raise PasskeyRefused from error
    counter = response.response.authenticator_data.counter
    # Authenticators that count must count up; those of phones always say 0.
    newer = Q(counter__lt=counter) if counter else Q(counter=0)
    noted = Passkey.objects.filter(newer, pk=passkey.pk)
    if not noted.update(counter=counter, last_used_at=at):
        raise PasskeyRefused
    return passkey.user


@transaction.atomic
def remove_passkey(*, passkey: Passkey, by: User, at: datetime) -> None:
    audit.record("passkey.removed", passkey, by=by, at=at, user=passkey.user_id)
    passkey.delete()


def _server(host: str) -> Fido2Server:
    return Fido2Server(PublicKeyCredentialRpEntity(id=host, name=SITE))


def _read(answer: str) -> Mapping[str, Any]:
    read = json.loads(answer)
    if not isinstance(read, dict):
        raise TypeError
    return read


def _passkey(credential_id: bytes) -> Passkey:
    digest = sha256(credential_id).hexdigest()
    return Passkey.objects.select_related("user").get(credential_hash=digest, user__is_active=True)


def _credentials(user: User) -> list[AttestedCredentialData]:
    kept = Passkey.objects.filter(user=user).order_by("pk")
    return [AttestedCredentialData(bytes(passkey.credential)) for passkey in kept]


def _hash(credential: AttestedCredentialData) -> str:
    return sha256(credential.credential_id).hexdigest()


def _user_id(user: User) -> bytes:
    """The same for all passkeys of one account, and no handle or number."""
    key = derived("passkeys")
    return salted_hmac("goround.passkey", str(user.pk), secret=key, algorithm="sha256").digest()
