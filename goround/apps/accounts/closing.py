"""Closing an account at once, and opening it again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from goround.apps.accounts.models import User, WayIn
from goround.apps.accounts.sessions import end_sessions
from goround.apps.audit import services as audit


@transaction.atomic
def close_user(
    *, user: User, by: User | None, at: datetime, organisation_id: int | None = None
) -> None:
    """Nobody signs in to it from now on, and whoever is in is out at their next page.

    Roles, records and the recovery card stay. Invitations and codes that were not used are
    void for good, so that opening the account again opens nothing else. Once is enough.
    """
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        return
    user.is_active = False
    end_sessions(user=user)
    waiting = WayIn.objects.filter(user=user, used_at=None, good_until__gt=at)
    waiting.update(good_until=at)
    audit.record("user.closed", user, by=by, at=at, organisation_id=organisation_id)


@transaction.atomic
def reopen_user(
    *, user: User, by: User | None, at: datetime, organisation_id: int | None = None
) -> None:
    """They sign in as before: passphrase, second factor and roles are what they were."""
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        return
    user.is_active = True
    audit.record("user.reopened", user, by=by, at=at, organisation_id=organisation_id)
