"""The code on a paper: what is printed, what is typed, and what is kept of it."""

from __future__ import annotations

from hashlib import sha256
from random import Random

# Nothing that looks like something else on a copy of a copy.
LETTERS = "346789ABCDEFGHJKMNPQRTWXY"
LENGTH = 12
GROUP = 4


def new_code(rng: Random) -> str:
    """Twelve letters, about 55 bits: nobody guesses one in the lifetime of a paper."""
    return "".join(rng.choice(LETTERS) for _letter in range(LENGTH))


def as_printed(code: str) -> str:
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def tidy_code(typed: str) -> str:
    """The code without the spaces, hyphens and small letters that people type."""
    return "".join(letter for letter in typed.upper() if letter in LETTERS)


def hash_of(code: str) -> str:
    return sha256(f"goround proof {tidy_code(code)}".encode()).hexdigest()
