"""Several words beside each other, as the reader's language writes them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from goround.domain.wording import joined, mark, side_by_side


def readers_language() -> str:
    """The tag of the language that is spoken now; English where none is."""
    return get_language() or "en"


def in_rules(text: str) -> str:
    """What a playbook or duties that come with Goround say; others stay as they were written."""
    return pgettext("rules", text) if text else text


def enumerated(words: Iterable[str]) -> str:
    """Several words as one enumeration: with commas, and an "and" before the last."""
    return joined(list(words), language=readers_language(), last=_("and"))


def listed(words: Iterable[str]) -> str:
    """Several words with commas between them."""
    return side_by_side(words, language=readers_language())


def listed_apart(words: Iterable[str]) -> str:
    """Several words that may hold commas, with semicolons between them."""
    return side_by_side(words, language=readers_language(), by=";")


def dotted(words: Iterable[str]) -> str:
    """Short facts on one line with dots between them."""
    return f" {sign('·')} ".join(words)


def sign(wanted: str) -> str:
    """A comma, semicolon, colon or dot as the reader's language writes it."""
    return mark(wanted, language=readers_language())
