"""A parent's private receipt: six words, shown once, of which only a hash is kept.

Whoever says the words may see what is kept under them and withdraw it. The words come from
a secret that the page was sent out with, so sending it in twice gives the same receipt and,
through the hash, finds the same entry.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from random import Random

from goround.domain.privacy.alias import passphrase
from goround.domain.privacy.guessing import plain_words

SECRET_LENGTH = 32


def new_secret() -> str:
    """128 bits nobody can guess, for one page and one entry."""
    return secrets.token_hex(SECRET_LENGTH // 2)


def receipt_words(secret: str) -> str:
    """The receipt that belongs to the secret; the same secret gives the same words."""
    # Random is safe here, and only here, because its seed is a hash of 128 secret bits.
    return passphrase(Random(sha256(f"receipt {secret}".encode()).digest()))  # noqa: S311


def hash_of(words: str) -> str:
    """What is stored in place of the words. Case, spaces and hyphens do not matter."""
    return sha256(f"goround receipt {plain_words(words)}".encode()).hexdigest()
