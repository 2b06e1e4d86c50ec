"""Who may bring and collect a child. A barred adult may not, whatever else is written down."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Answer(StrEnum):
    """Whether a child may go with an adult."""

    YES = "yes"
    NOT_LISTED = "not-listed"
    NOT_TODAY = "not-today"
    BARRED = "barred"


@dataclass(frozen=True, slots=True)
class Listed:
    """An adult on a child's list; ``until`` None is a standing one, else the last good day."""

    id: int
    name: str
    since: date
    until: date | None = None

    def is_good(self, *, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


def may_collect(
    name: str, listed: Iterable[Listed], barred: Iterable[str], *, on: date, chosen: bool = False
) -> Answer:
    """Whether the adult of this name may have the child on that day.

    A name that was typed is taken for a barred adult's as soon as all its words are in theirs,
    or theirs in it: rather once too careful. One that was ``chosen`` from the list is the
    barred adult only when the two are the same.

    >>> ana = Listed(1, "Ana", date(2026, 1, 1))
    >>> may_collect("ana", [ana], [], on=date(2026, 3, 4))
    <Answer.YES: 'yes'>
    >>> may_collect("Rick", [ana], ["Rick Stone"], on=date(2026, 3, 4))
    <Answer.BARRED: 'barred'>
    """
    words = words_of(name)
    if any(_is_meant(words, words_of(one), chosen=chosen) for one in barred):
        return Answer.BARRED
    mine = [one for one in listed if words_of(one.name) == words]
    if not mine:
        return Answer.NOT_LISTED
    return Answer.YES if any(one.is_good(on=on) for one in mine) else Answer.NOT_TODAY


def words_of(name: str) -> frozenset[str]:
    """A name as it is compared: without order, capitals, accents, dots and hyphens."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    kept = (letter if letter.isalnum() else " " for letter in plain if not _is_accent(letter))
    return frozenset("".join(kept).split())


def _is_accent(letter: str) -> bool:
    return unicodedata.combining(letter) != 0


def _is_meant(words: frozenset[str], barred: frozenset[str], *, chosen: bool) -> bool:
    if not words or not barred:
        return False
    return words == barred if chosen else words <= barred or barred <= words
