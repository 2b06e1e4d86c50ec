"""A key written as words, for a card that is kept on paper.

24 of the 2,048 common words hold 264 bits: the 32 bytes of the key and one byte that shows a
slip of the pen.
"""

from __future__ import annotations

from hashlib import sha256

from goround.domain.privacy.words_list import COMMON_WORDS

WORDS = 24
_KEY_BYTES = 32
_BITS = 11
_NUMBER_OF = {word: number for number, word in enumerate(COMMON_WORDS)}


class WordsWrong(Exception):
    """The words are no written key. The text says which to look at again, if it is known."""


def key_in_words(key: bytes) -> tuple[str, ...]:
    number = int.from_bytes(key + _check_byte(key))
    return tuple(COMMON_WORDS[number >> _BITS * place & 2047] for place in range(WORDS)[::-1])


def key_from_words(text: str) -> bytes:
    """The key that was written down. Case, line breaks, hyphens and spaces do not matter.

    Raises ``WordsWrong``.
    """
    words = text.replace("-", " ").lower().split()
    unknown = [place for place, word in enumerate(words, start=1) if word not in _NUMBER_OF]
    if unknown:
        places = ", ".join(map(str, unknown))
        raise WordsWrong(f"not among Goround's words: number {places}")
    if len(words) != WORDS:
        raise WordsWrong(f"{WORDS} words are needed, and these are {len(words)}")
    number = 0
    for word in words:
        number = number << _BITS | _NUMBER_OF[word]
    told = number.to_bytes(_KEY_BYTES + 1)
    if _check_byte(told[:-1]) != told[-1:]:
        raise WordsWrong("each word exists, but together they are no key: one was mistaken")
    return told[:-1]


def _check_byte(key: bytes) -> bytes:
    return sha256(b"goround written key" + key).digest()[:1]
