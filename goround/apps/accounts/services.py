from datetime import datetime
from random import SystemRandom

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.accounts.selectors import free_handle
from goround.apps.accounts.sessions import end_sessions
from goround.apps.audit import services as audit


@transaction.atomic
def create_user(
    *,
    handle: str,
    passphrase: str | None,
    by: User | None,
    at: datetime,
    shown_as: str = "",
    language: str = "",
) -> User:
    """A new account. Without a passphrase nobody can sign in to it until one is set.

    Raises ``ValidationError`` for a handle or passphrase that will not do.
    """
    user = User(handle=handle.strip().lower(), shown_as=shown_as, language=language, created_at=at)
    if passphrase is None:
        user.set_unusable_password()
    else:
        validate_password(passphrase, user)
        user.set_password(passphrase)
    user.full_clean(exclude=["password"])
    user.save()
    audit.record("user.created", user, by=by, at=at)
    return user


@transaction.atomic
def invite_user(*, by: User | None, at: datetime, shown_as: str = "") -> User:
    """An account that waits for its owner, under a handle that tells nothing."""
    handle = free_handle(AnonymousUser(), rng=SystemRandom())
    return create_user(handle=handle, passphrase=None, shown_as=shown_as, by=by, at=at)


@transaction.atomic
def rename_invited(*, user: User, by: User | None, at: datetime) -> str:
    """Another suggested handle for somebody who has not signed up yet.

    Handles are suggested and not made up, so that nobody can ask which ones are taken.
    """
    user.handle = free_handle(AnonymousUser(), rng=SystemRandom())
    user.save(update_fields=["handle"])
    audit.record("user.renamed", user, by=by, at=at)
    return user.handle


@transaction.atomic
def choose_language(*, user: User, language: str, by: User, at: datetime) -> None:
    """Pages and messages speak it to them, on every device they sign in on."""
    if user.language == language:
        return
    user.language = language
    user.save(update_fields=["language"])
    audit.record("user.language_chosen", user, by=by, at=at)


@transaction.atomic
def change_passphrase(*, user: User, passphrase: str, by: User, at: datetime) -> None:
    """Every session ends with the old passphrase. Raises ``ValidationError``."""
    validate_password(passphrase, user)
    user.set_password(passphrase)
    user.save(update_fields=["password"])
    end_sessions(user=user)
    audit.record("user.passphrase_changed", user, by=by, at=at)
