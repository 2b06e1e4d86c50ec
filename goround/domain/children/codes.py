"""The pick-up code on a slip of paper or a telephone: worked out each time, stored nowhere.

The same family has the same code for the whole session, so a slip that was lost is printed again
as it was. Another family, another session or a new number gives another code.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

# Nothing that looks like something else: no 0 and O, 1, I and L, 5 and S, 2 and Z, U and V.
LETTERS = "346789ABCDEFGHJKMNPQRTWXY"
LENGTH = 5


def pick_up_code(key: bytes, *, session: int, family: str, number: int) -> str:
    """Five letters, about 23 bits: with bounded guesses, enough for one evening."""
    said = f"pick-up {session} {family} {number}".encode()
    value = int.from_bytes(hmac.new(key, said, sha256).digest())
    letters = []
    for _ in range(LENGTH):
        value, place = divmod(value, len(LETTERS))
        letters.append(LETTERS[place])
    return "".join(letters)


def is_code(typed: str, code: str) -> bool:
    """Whether this is what was typed, small letters, spaces and hyphens apart."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum())
    return hmac.compare_digest(plain.encode(), code.encode())
