"""Values locked with AES-256-GCM, each tied to the one spot in the database it belongs to.

A locked value is ``version (1 byte) | key id (8) | nonce (12) | ciphertext and tag``. The
header and the spot are authenticated with it: a changed byte, or a value put into another
row, column, table or organisation, does not open. Nonces come from the caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
SECRET_BYTES, KEY_ID_BYTES, NONCE_BYTES, TAG_BYTES = 32, 8, 12, 16

_HEADER = 1 + KEY_ID_BYTES
_LEAST = _HEADER + NONCE_BYTES + TAG_BYTES


class Unreadable(Exception):
    """A locked value that this key does not open at this spot. Never says what it held."""


class Key(NamedTuple):
    """A secret and its id. The id is made from the secret, so a wrong key is told by its id."""

    id: bytes
    secret: bytes

    @classmethod
    def of(cls, secret: bytes) -> Key:
        if len(secret) != SECRET_BYTES:
            raise ValueError(f"a key has {SECRET_BYTES} bytes, this one {len(secret)}")
        return cls(
            blake2b(secret, digest_size=KEY_ID_BYTES, person=b"goround key id").digest(), secret
        )

    def __repr__(self) -> str:
        return f"Key({self.id.hex()})"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value belongs. ``organisation`` is 0 for what belongs to the installation."""

    table: str
    column: str
    row: int
    organisation: int

    def as_bytes(self) -> bytes:
        # No part can run into the next: names hold no line break, numbers only digits.
        return f"{self.table}\n{self.column}\n{self.row}\n{self.organisation}".encode()


def lock(plain: bytes, *, key: Key, spot: Spot, nonce: bytes) -> bytes:
    """The value as it may be stored. ``nonce`` is random and never used with this key again."""
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a nonce has {NONCE_BYTES} bytes, this one {len(nonce)}")
    header = VERSION + key.id
    return header + nonce + AESGCM(key.secret).encrypt(nonce, plain, header + spot.as_bytes())


def unlock(locked: bytes, *, key: Key, spot: Spot) -> bytes:
    """What was locked. Raises ``Unreadable`` for anything but that value at that spot."""
    if len(locked) < _LEAST or locked[:1] != VERSION:
        raise Unreadable(f"the value at {spot} is no locked value of version 1")
    header, nonce = locked[:_HEADER], locked[_HEADER : _HEADER + NONCE_BYTES]
    try:
        return AESGCM(key.secret).decrypt(
            nonce, locked[_HEADER + NONCE_BYTES :], header + spot.as_bytes()
        )
    except InvalidTag:
        raise Unreadable(
            f"the value at {spot} was locked with key {header[1:].hex()} and does not open "
            f"with key {key.id.hex()}, or it was changed or moved"
        ) from None


def key_id_of(locked: bytes) -> bytes:
    """Which key a value was locked with. Raises ``Unreadable`` for what is no locked value."""
    if len(locked) < _LEAST or locked[:1] != VERSION:
        raise Unreadable("this is no locked value of version 1")
    return locked[1:_HEADER]


def wrap(inner: Key, *, under: Key, spot: Spot, nonce: bytes) -> bytes:
    """A key locked under another key."""
    return lock(inner.secret, key=under, spot=spot, nonce=nonce)


def unwrap(wrapped: bytes, *, under: Key, spot: Spot) -> Key:
    """Raises ``Unreadable`` unless ``wrapped`` holds a key that ``under`` opens at this spot."""
    return Key.of(unlock(wrapped, key=under, spot=spot))
