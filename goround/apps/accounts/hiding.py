"""The one secret that must be kept as it is: what a code app counts from.

Encrypted under a key of the key file, outside the database and its backups, so that a stolen
dump makes no codes.
"""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from goround.apps.keys.roots import derived

NONCE = 12


def hide(secret: str, *, user_id: int) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(_key()).encrypt(nonce, secret.encode(), _bound_to(user_id))


def show(hidden: bytes, *, user_id: int) -> str:
    """Raises ``cryptography.exceptions.InvalidTag`` for another person's, or a changed one."""
    plain = AESGCM(_key()).decrypt(hidden[:NONCE], hidden[NONCE:], _bound_to(user_id))
    return plain.decode()


def _key() -> bytes:
    return derived("code apps")


def _bound_to(user_id: int) -> bytes:
    return f"accounts.CodeApp.hidden_secret {user_id}".encode()
