"""What lets a device in: a short code for people to type, and a long one only devices know."""

from __future__ import annotations

import secrets
from hashlib import sha256
from random import Random
from string import ascii_lowercase

# Nothing that looks like something else: no 0 and O, 1, I and L, 5 and S, 2 and Z, U and V.
LETTERS = "346789ABCDEFGHJKMNPQRTWXY"
LENGTH = 8
ROOM_LENGTH = 22


def new_code(rng: Random) -> str:
    """Eight letters, about 37 bits: with bounded guesses, safe for the hours it is good for."""
    return "".join(rng.choice(LETTERS) for _ in range(LENGTH))


def tidy_code(typed: str) -> str:
    """The code without the spaces, hyphens and small letters that people type."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def new_room(rng: Random) -> str:
    """The name of a video room that nobody can guess and that tells nobody anything."""
    return "".join(rng.choice(ascii_lowercase) for _ in range(ROOM_LENGTH))


def new_token() -> str:
    """What a device keeps in its cookie: 128 bits."""
    return secrets.token_hex(16)


def hash_of(token: str) -> str:
    return sha256(f"goround circle {token}".encode()).hexdigest()
