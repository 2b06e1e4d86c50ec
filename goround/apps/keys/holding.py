"""Organisation keys and data keys: made when first needed, unwrapped when used.

For the app that stores a parent's facts:

    keys = new_parent_keys(organisation_id, parent_ids)     # {parent id: HeldKey}
    value = lock(plain, key=keys[pk].key, spot=..., nonce=new_nonce())
    ...
    key = open_data_key(data_key)                           # with its organisation_key loaded
    erase(parent_id=...)                                    # nothing of theirs opens again

For what an organisation keeps besides, ``goround.apps.keys.content``.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import NamedTuple

from django.db import IntegrityError, transaction

from goround.apps.keys.models import DataKey, OrganisationKey, Sentinel
from goround.apps.keys.roots import KeyTrouble, root_keys
from goround.domain.privacy.envelope import (
    NONCE_BYTES,
    SECRET_BYTES,
    Key,
    Spot,
    Unreadable,
    key_id_of,
    lock,
    unlock,
    unwrap,
    wrap,
)

SENTINEL = b"Goround can read this."


class HeldKey(NamedTuple):
    """A data key in the open, with the id of the row that keeps it."""

    row: int
    key: Key


def new_nonce() -> bytes:
    return secrets.token_bytes(NONCE_BYTES)


def new_key() -> Key:
    return Key.of(secrets.token_bytes(SECRET_BYTES))


def organisation_key(organisation_id: int) -> OrganisationKey:
    """The organisation's current key, wrapped; made when there is none yet."""
    kept = OrganisationKey.objects.filter(organisation_id=organisation_id, is_current=True)
    return kept.first() or new_organisation_key(organisation_id)


def new_organisation_key(organisation_id: int) -> OrganisationKey:
    root = root_keys().newest
    check_root_key()
    wrapped = wrap(
        new_key(), under=root, spot=organisation_spot(organisation_id), nonce=new_nonce()
    )
    try:
        with transaction.atomic():
            return OrganisationKey.objects.create(
                organisation_id=organisation_id, wrapped=wrapped, root_id=root.id.hex()
            )
    except IntegrityError:
        # Somebody else made it in the same moment.
        return OrganisationKey.objects.get(organisation_id=organisation_id, is_current=True)


def open_organisation_key(row: OrganisationKey) -> Key:
    """Raises ``KeyTrouble``, naming the root key that is needed."""
    return open_wrapped_organisation_key(bytes(row.wrapped), row.organisation_id)


@lru_cache(maxsize=1024)
def open_wrapped_organisation_key(wrapped: bytes, organisation_id: int) -> Key:
    """The same from plain values. Remembered by what is stored, and so never out of date."""
    root = root_for(wrapped)
    try:
        return unwrap(wrapped, under=root, spot=organisation_spot(organisation_id))
    except Unreadable as error:
        raise KeyTrouble(
            f"The key of organisation {organisation_id} does not open: {error}. Restore the "
            "table of organisation keys from a backup."
        ) from error


def root_for(wrapped: bytes) -> Key:
    """The root key that a value was locked with. Raises ``KeyTrouble`` when it is not there."""
    key_id, ring = key_id_of(wrapped), root_keys()
    root = ring.root(key_id)
    if root is None:
        raise KeyTrouble(
            f"The data was locked with root key {key_id.hex()}, and the key file holds "
            f"{', '.join(ring.names())}. Put back the copy of the key file that you keep. "
            "Nothing was changed."
        )
    return root


def new_parent_keys(organisation_id: int, parent_ids: Collection[int]) -> dict[int, HeldKey]:
    """A new data key for each of these parents, who have none. Two queries."""
    if not parent_ids:
        return {}
    upper = organisation_key(organisation_id)
    under = open_organisation_key(upper)
    keys = {parent_id: new_key() for parent_id in parent_ids}
    rows = DataKey.objects.bulk_create(
        DataKey(
            organisation_id=organisation_id,
            parent_id=parent_id,
            organisation_key=upper,
            wrapped=wrap(
                key, under=under, spot=data_spot(organisation_id, parent_id), nonce=new_nonce()
            ),
        )
        for parent_id, key in keys.items()
    )
    return {
        row.parent_id: HeldKey(row.pk, keys[row.parent_id])
        for row in rows
        if row.parent_id is not None
    }


def open_data_key(row: DataKey) -> Key:
    """Raises ``KeyTrouble`` when the keys above it do not open, or it was tampered with."""
    return open_wrapped(
        organisation_id=row.organisation_id,
        parent_id=row.parent_id,
        wrapped=bytes(row.wrapped),
        upper=open_organisation_key(row.organisation_key),
    )


def open_wrapped(*, organisation_id: int, parent_id: int | None, wrapped: bytes, upper: Key) -> Key:
    """The same from plain values, for those who open ten thousand at once."""
    try:
        return unwrap(wrapped, under=upper, spot=data_spot(organisation_id, parent_id))
    except Unreadable as error:
        raise KeyTrouble(f"A data key does not open: {error}.") from error


def erase(*, parent_ids: Iterable[int]) -> int:
    """Destroy these parents' keys: what they locked opens nowhere again. How many there were.

    The caller has the transaction, writes the audit entry, and deletes the locked values.
    """
    deleted, _ = DataKey.objects.filter(parent_id__in=list(parent_ids)).delete()
    return deleted


def organisation_spot(organisation_id: int) -> Spot:
    return Spot("keys_organisationkey", "wrapped", organisation_id, organisation_id)


def data_spot(organisation_id: int, parent_id: int | None) -> Spot:
    return Spot("keys_datakey", "wrapped", parent_id or 0, organisation_id)


def check_root_key() -> None:
    """See that the key file is the one this database was locked with.

    The first time, remember it. Raises ``KeyTrouble``, naming the root key that is needed.
    """
    ring = root_keys()
    kept = list(Sentinel.objects.all())
    for sentinel in kept:
        _open_sentinel(sentinel)
    newest = ring.newest.id.hex()
    if newest not in {sentinel.root_id for sentinel in kept}:
        locked = lock(SENTINEL, key=ring.newest, spot=_SENTINEL_SPOT, nonce=new_nonce())
        Sentinel.objects.get_or_create(root_id=newest, defaults={"locked": locked})


_SENTINEL_SPOT = Spot("keys_sentinel", "locked", 0, 0)


def _open_sentinel(sentinel: Sentinel) -> None:
    root = root_for(bytes(sentinel.locked))
    try:
        unlock(bytes(sentinel.locked), key=root, spot=_SENTINEL_SPOT)
    except Unreadable as error:
        raise KeyTrouble(f"The keys do not fit this database: {error}.") from error
