"""Who somebody is, by what they know. Nothing here begins a session."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import authenticate

from goround.apps.accounts.guessing import guess
from goround.apps.accounts.models import User
from goround.domain.privacy.guessing import Secret


def user_by_passphrase(*, handle: str, passphrase: str, at: datetime) -> User | None:
    """The account they belong to; None for a wrong passphrase and for nobody of that handle.

    Both cost one hash and one try. Raises ``TooManyTries`` and ``HashingBusy``.
    """
    return guess(
        secret=Secret.PASSPHRASE,
        name=handle,
        at=at,
        check=lambda: _authenticated(handle, passphrase),
    )


def proves_passphrase(*, user: User, passphrase: str, at: datetime) -> bool:
    """Whether somebody signed in can say their passphrase again. Raises ``TooManyTries``."""
    found = guess(
        secret=Secret.PASSPHRASE_AGAIN,
        name=user.handle,
        at=at,
        check=lambda: _authenticated(user.handle, passphrase),
    )
    return found is not None


def _authenticated(handle: str, passphrase: str) -> User | None:
    user = authenticate(username=handle, password=passphrase)
    return user if isinstance(user, User) else None


def user_numbered(user_id: int) -> User | None:
    """Somebody whose session half began; None when they may no longer sign in."""
    return User.objects.filter(pk=user_id, is_active=True).first()
