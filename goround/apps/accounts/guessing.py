"""The one way to look whether a secret is right: counted before it is looked at.

The count is one conditional UPDATE, so that guesses made at the same moment cannot pass
together; and it is keyed by a hash, so that the table tells nobody's handle.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.db.models import Case, F, Q, Value, When
from django.utils.crypto import salted_hmac

from goround.apps.accounts.models import Tries
from goround.domain.privacy.guessing import BOUNDS, Secret

Found = TypeVar("Found")


class TooManyTries(Exception):
    """The budget of wrong tries is spent; after ``until`` there are new ones."""

    def __init__(self, *, secret: Secret, until: datetime) -> None:
        super().__init__(f"too many wrong tries at a {secret}")
        self.secret, self.until = secret, until


def guess(
    *, secret: Secret, name: str, at: datetime, check: Callable[[], Found | None]
) -> Found | None:
    """What ``check`` finds; None, and one try less, when it was wrong.

    ``name`` is a handle or the first word of the secret, whether there is such a one or not.
    Raises ``TooManyTries`` without calling ``check`` once the budget is spent. Only wrong tries
    are counted: a right one, and one that could not be looked at, is given back.
    """
    row = {"secret": secret.value, "name_hash": _hash(secret, name)}
    _take(secret, row, at)
    try:
        found = check()
    except BaseException:
        _give_back(row)
        raise
    if found is not None:
        _give_back(row)
    return found


def forget_old_tries(*, at: datetime) -> int:
    """Remove the counts that no longer hold anybody back."""
    return Tries.objects.filter(until__lte=at).delete()[0]


def _take(secret: Secret, row: dict[str, str], at: datetime) -> None:
    until = at + BOUNDS[secret].within
    if _counted(secret, row, at, until):
        return
    Tries.objects.bulk_create([Tries(tried=0, until=until, **row)], ignore_conflicts=True)
    if not _counted(secret, row, at, until):
        held = Tries.objects.filter(**row).values_list("until", flat=True).first()
        raise TooManyTries(secret=secret, until=held or until)


def _counted(secret: Secret, row: dict[str, str], at: datetime, until: datetime) -> bool:
    """One more try, in one statement: the database looks at the bound and adds at once."""
    is_over = Q(until__lte=at)
    free = Tries.objects.filter(is_over | Q(tried__lt=BOUNDS[secret].tries), **row)
    changed = free.update(
        tried=Case(When(is_over, then=Value(1)), default=F("tried") + 1),
        until=Case(When(is_over, then=Value(until)), default=F("until")),
    )
    return bool(changed)


def _give_back(row: dict[str, str]) -> None:
    Tries.objects.filter(tried__gt=0, **row).update(tried=F("tried") - 1)


def _hash(secret: Secret, name: str) -> str:
    value = f"{secret} {name.strip().lower()}"
    return salted_hmac("goround.tries", value, algorithm="sha256").hexdigest()
