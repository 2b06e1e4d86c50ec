from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from goround.apps.accounts.models import User
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
