"""How often a secret may be guessed at, and whose guesses count together.

Guesses are counted by what is guessed at, never by where they come from: parents behind one
address (a shelter, a library) must not lock each other out, and an address is not kept. What is
guessed at is a handle or, where a secret consists of words alone, its first word: nobody can
close that door for everyone without 2,048 times the trouble.

Each kind of secret has a budget of its own, so whoever is locked out at one door by the guesses
of others can still come in by another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Secret(StrEnum):
    """What somebody may try to guess."""

    PASSPHRASE = "passphrase"  # noqa: S105
    PASSPHRASE_AGAIN = "passphrase-again"  # noqa: S105 (asked once more, before what is grave)
    SECOND_FACTOR = "second-factor"
    CARD = "card"
    CODE = "code"
    SIGN_UP = "sign-up"
    RECEIPT = "receipt"
    SEALING_PHRASE = "sealing-phrase"
    SEALING_CARD = "sealing-card"
    CIRCLE = "circle"
    PICK_UP = "pick-up"
    PROOF = "proof"
    SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class Bound:
    """So many wrong tries within so long a time, beginning with the first of them."""

    tries: int
    within: timedelta


BOUNDS: dict[Secret, Bound] = {
    Secret.PASSPHRASE: Bound(10, timedelta(minutes=15)),
    Secret.PASSPHRASE_AGAIN: Bound(5, timedelta(minutes=15)),
    Secret.SECOND_FACTOR: Bound(5, timedelta(minutes=15)),
    Secret.CARD: Bound(10, timedelta(minutes=15)),
    Secret.CODE: Bound(10, timedelta(minutes=20)),
    Secret.SIGN_UP: Bound(10, timedelta(minutes=15)),
    Secret.RECEIPT: Bound(10, timedelta(minutes=15)),
    Secret.SEALING_PHRASE: Bound(5, timedelta(minutes=15)),
    Secret.SEALING_CARD: Bound(10, timedelta(minutes=15)),
    Secret.CIRCLE: Bound(10, timedelta(minutes=15)),
    Secret.PICK_UP: Bound(5, timedelta(minutes=15)),
    Secret.PROOF: Bound(10, timedelta(minutes=15)),
    Secret.SURVEY: Bound(10, timedelta(minutes=15)),
}


def plain_words(words: str) -> str:
    """The words as they are compared: case, spaces and hyphens do not matter."""
    return " ".join(words.replace("-", " ").lower().split())


def first_word(words: str) -> str:
    """What the guesses at a secret made of words are counted by."""
    return plain_words(words).partition(" ")[0]
