"""The one secret that must be kept as it is: what a code app counts from.

Encrypted under a key outside the database, so that a stolen dump makes no codes.
"""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.crypto import salted_hmac

NONCE = 12


def hide(secret: str, *, user_id: int) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(_key()).encrypt(nonce, secret.encode(), _bound_to(user_id))


def show(hidden: bytes, *, user_id: int) -> str:
    """Raises ``cryptography.exceptions.InvalidTag`` for another person's, or a changed one."""
    plain = AESGCM(_key()).decrypt(hidden[:NONCE], hidden[NONCE:], _bound_to(user_id))
    return plain.decode()


def _key() -> bytes:
    return salted_hmac("goround.code_app", "aes-256-gcm", algorithm="sha256").digest()


def _bound_to(user_id: int) -> bytes:
    return f"accounts.CodeApp.hidden_secret {user_id}".encode()
