"""Several words beside each other, as each language writes it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

# Before the sound of "i" Spanish says "e": Ana e Inés; not before a diphthong: agua y hielo.
_SOUNDS_AS_I = re.compile(r"h?i(?!e)|ie(?=$)|y(?![aeiou])")

# After a Latin name Arabic needs to be told that it goes on from right to left: without that, a
# figure that comes next changes places with the name.
_GOES_ON = "\N{RIGHT-TO-LEFT MARK}"
_ARABIC_MARKS = {",": f"،{_GOES_ON}", ";": f"؛{_GOES_ON}", "·": f"·{_GOES_ON}", ":": f":{_GOES_ON}"}


def joined(words: Sequence[str], *, language: str, last: str) -> str:
    """The words with commas between them, and ``last``, the language's "and", before the last.

    >>> joined(["Ana", "Ben", "Cem"], language="en", last="and")
    'Ana, Ben and Cem'
    >>> joined(["Ana", "Inés"], language="es", last="y")
    'Ana e Inés'
    """
    if len(words) < 2:
        return "".join(words)
    spoken = language.partition("-")[0]
    return f"{side_by_side(words[:-1], language=spoken)} {_and(spoken, last, words[-1])}{words[-1]}"


def side_by_side(words: Iterable[str], *, language: str, by: str = ",") -> str:
    """The words with the language's comma between them, or with its semicolon.

    >>> side_by_side(["0.5", "3"], language="en", by=";")
    '0.5; 3'
    """
    return f"{mark(by, language=language)} ".join(words)


def mark(sign: str, *, language: str) -> str:
    """A comma, semicolon, colon or dot between two things as the language writes it."""
    return _ARABIC_MARKS[sign] if language.partition("-")[0] == "ar" else sign


def _and(language: str, last: str, word: str) -> str:
    if language == "ar":
        # It is written onto the word.
        return last
    if language == "es" and _SOUNDS_AS_I.match(_plain(word)):
        return "e "
    return f"{last} "


def _plain(word: str) -> str:
    """Small letters without accents."""
    parts = unicodedata.normalize("NFKD", word).casefold()
    return "".join(letter for letter in parts if unicodedata.category(letter) != "Mn")
