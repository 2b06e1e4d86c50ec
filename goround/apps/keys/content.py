"""What an organisation keeps that is nobody's in particular: uploaded lists, rounds, pairs.

    locked = lock_text("a list", organisation_id=7, table="people_listimport", column="text", row=3)
    text = unlock_text(locked, organisation_id=7, table="people_listimport", column="text", row=3)

Locking asks the database once; unlocking asks it for each organisation once in a process.
Reading what was locked for another row, column, table or organisation raises ``KeyTrouble``.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable

from django.db import IntegrityError, transaction

from goround.apps.keys.holding import (
    data_spot,
    new_key,
    new_nonce,
    open_data_key,
    open_organisation_key,
    organisation_key,
)
from goround.apps.keys.models import DataKey
from goround.apps.keys.roots import KeyTrouble
from goround.domain.privacy.envelope import Key, Spot, Unreadable, key_id_of, lock, unlock, wrap


def lock_text(text: str, *, organisation_id: int, table: str, column: str, row: int) -> bytes:
    """The text as it may be stored, in that row and nowhere else."""
    key = _content_key(organisation_id)
    spot = Spot(table, column, row, organisation_id)
    return lock(text.encode(), key=key, spot=spot, nonce=new_nonce())


def locker(organisation_id: int) -> Callable[[str, Spot], bytes]:
    """The same for many texts: one query, however many are then locked."""
    key = _content_key(organisation_id)
    return lambda text, spot: lock(text.encode(), key=key, spot=spot, nonce=new_nonce())


def unlock_text(
    locked: bytes | memoryview, *, organisation_id: int, table: str, column: str, row: int
) -> str:
    """Raises ``KeyTrouble`` for what was locked for another spot, changed, or has lost its key."""
    locked = bytes(locked)
    spot = Spot(table, column, row, organisation_id)
    try:
        key = _known_key(organisation_id, key_id_of(locked))
        return unlock(locked, key=key, spot=spot).decode()
    except Unreadable as error:
        raise KeyTrouble(f"Something stored does not open: {error}.") from error


def keyed_hash(text: str, *, organisation_id: int, purpose: str) -> str:
    """A hash that nobody can make without the organisation's key, not even of a short text.

    The same text has the same hash for one organisation and purpose, and another for each other.
    """
    key = _content_key(organisation_id)
    return hmac.new(key.secret, f"{purpose}\n{text}".encode(), "sha256").hexdigest()


def _content_key(organisation_id: int) -> Key:
    """From the database each time: what is locked must be locked with a key that is kept."""
    row = _kept(organisation_id)
    return _remember(open_data_key(row) if row else _new_content_key(organisation_id))


# By the key's own id, which is made from the key: never out of date.
_remembered: dict[bytes, Key] = {}
MOST_REMEMBERED = 1_000


def _remember(key: Key) -> Key:
    if len(_remembered) >= MOST_REMEMBERED:
        _remembered.clear()
    _remembered[key.id] = key
    return key


def _known_key(organisation_id: int, key_id: bytes) -> Key:
    if key_id in _remembered:
        return _remembered[key_id]
    row = _kept(organisation_id)
    key = open_data_key(row) if row else None
    if key is None or key.id != key_id:
        raise KeyTrouble(
            f"Data key {key_id.hex()} of organisation {organisation_id} is not there any more. "
            "Restore the key tables from a backup."
        )
    return _remember(key)


def _kept(organisation_id: int) -> DataKey | None:
    rows = DataKey.objects.select_related("organisation_key")
    return rows.filter(organisation_id=organisation_id, parent_id=None).first()


def _new_content_key(organisation_id: int) -> Key:
    upper, key = organisation_key(organisation_id), new_key()
    spot = data_spot(organisation_id, None)
    wrapped = wrap(key, under=open_organisation_key(upper), spot=spot, nonce=new_nonce())
    try:
        with transaction.atomic():
            DataKey.objects.create(
                organisation_id=organisation_id, wrapped=wrapped, organisation_key=upper
            )
    except IntegrityError:
        # Somebody else made it in the same moment.
        row = _kept(organisation_id)
        if row is None:
            raise
        return open_data_key(row)
    return key
