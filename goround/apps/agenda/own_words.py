"""What members wrote for themselves, locked and opened with their own keys.

The key is the parent's (``goround.apps.people.opening``). Once it was erased nothing was ever
written, as far as anybody can tell: such a row opens to nothing.
"""

from __future__ import annotations

from collections.abc import Collection

from goround.apps.agenda.models import OwnWords
from goround.apps.keys.holding import new_nonce
from goround.apps.keys.roots import KeyTrouble
from goround.apps.people.opening import held_keys, own_key
from goround.domain.privacy.envelope import Key, Spot, Unreadable, lock, unlock

# A locked value's length says only roughly how much was written.
PADDED_TO = 128


def lock_words(row: OwnWords, text: str) -> None:
    """Put the words into a row that has its number and will be saved again."""
    held = own_key(row.membership.parent)
    plain = text.encode()
    plain += b"\0" * (-len(plain) % PADDED_TO)
    row.locked = lock(plain, key=held.key, spot=_spot(row), nonce=new_nonce())
    row.data_key_id = held.row


def open_words(rows: Collection[OwnWords]) -> dict[int, str]:
    """The words of each row, by its number. One query for the keys; read rows with membership."""
    keys = held_keys({row.membership.parent_id for row in rows})
    return {
        row.pk: _open(row, keys[row.membership.parent_id].key)
        for row in rows
        if row.membership.parent_id in keys
    }


def _open(row: OwnWords, key: Key) -> str:
    try:
        return unlock(bytes(row.locked), key=key, spot=_spot(row)).rstrip(b"\0").decode()
    except Unreadable as error:
        raise KeyTrouble(f"A member's own words do not open: {error}.") from error


def _spot(row: OwnWords) -> Spot:
    return Spot(row._meta.db_table, "locked", row.pk, row.organisation_id)
