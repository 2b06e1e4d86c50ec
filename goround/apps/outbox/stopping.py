"""The link in every message that stops them: it reveals nothing and signs nobody in.

The address holds the ids of parent and organisation, encrypted: nobody can read, guess or change
them, and nothing is stored for it. It works for as long as the installation keeps its secret.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from struct import pack, unpack

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.crypto import salted_hmac

PURPOSE = b"goround stop these messages"
NONCE = 12


def stop_word(*, organisation_id: int, parent_id: int) -> str:
    """The last part of the link. Each call gives another one that says the same."""
    nonce = secrets.token_bytes(NONCE)
    told = _box(settings.SECRET_KEY).encrypt(
        nonce, pack(">QQ", organisation_id, parent_id), PURPOSE
    )
    return urlsafe_b64encode(nonce + told).decode().rstrip("=")


def read_stop_word(word: str) -> tuple[int, int] | None:
    """Organisation and parent, or None for what is no word of ours."""
    try:
        raw = urlsafe_b64decode(word + "=" * (-len(word) % 4))
    except ValueError:
        return None
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            told = _box(secret).decrypt(raw[:NONCE], raw[NONCE:], PURPOSE)
        except (InvalidTag, ValueError):
            continue
        return unpack(">QQ", told)
    return None


def _box(secret: str | bytes) -> AESGCM:
    return AESGCM(salted_hmac("goround.outbox.stop", "key", secret, algorithm="sha256").digest())
