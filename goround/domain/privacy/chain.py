"""A chain of entries: each link holds to the one before it, so nothing leaves unseen.

A link is an HMAC-SHA256 over what the entry says and the link before it. Without the key
nobody can make a link, and with the key an entry that was changed, taken out, put in or moved
shows at the first link that does not fit. What the last link should be is sealed in the head.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

# Where a chain begins that nothing was ever taken off.
NOTHING_BEFORE = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """What one entry of the trail says. ``facts`` are plain JSON without fractions."""

    chain: int | None
    number: int
    kind: str
    subject: str
    subject_id: int | None
    by_id: int | None
    at: datetime
    facts: Any


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends, and behind which entry it begins once old ones were let go."""

    chain: int | None
    length: int
    link: str
    base_number: int = 0
    base_link: str = NOTHING_BEFORE


class Fault(StrEnum):
    ALTERED = "altered"
    MISSING = "missing"
    OUT_OF_PLACE = "out of place"
    CUT_SHORT = "cut short"
    BEYOND_THE_HEAD = "beyond the head"
    HEAD_MISSING = "head missing"
    HEAD_FORGED = "head forged"
    NOT_AS_EXPECTED = "not as expected"


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a chain does not hold, by the number of the entry."""

    fault: Fault
    number: int


def link(key: bytes, entry: Entry, *, before: str) -> str:
    """The entry's link to the one before it."""
    said = [
        entry.chain,
        entry.number,
        entry.kind,
        entry.subject,
        entry.subject_id,
        entry.by_id,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.facts,
    ]
    return _mac(key, "goround trail entry 1", before, said)


def seal(key: bytes, head: Head) -> str:
    """Proof that the head was written by who holds the key."""
    said = [head.chain, head.length, head.link, head.base_number, head.base_link]
    return _mac(key, "goround trail head 1", "", said)


def same(one: str, other: str) -> bool:
    """Whether two links are the same, in a time that tells nothing about how near they were."""
    return hmac.compare_digest(one.encode(), other.encode())


class Walk:
    """Follows a chain entry by entry, keeping nothing but the last link."""

    def __init__(self, key: bytes, head: Head) -> None:
        self._key, self._head = key, head
        self.number, self.link = head.base_number, head.base_link

    def step(self, entry: Entry, stored: str) -> Break | None:
        """Go one entry further; the break, if it is here."""
        expected = self.number + 1
        if entry.number > expected:
            return Break(Fault.MISSING, expected)
        if entry.number < expected:
            return Break(Fault.OUT_OF_PLACE, entry.number)
        self.number, self.link = expected, link(self._key, entry, before=self.link)
        return None if same(self.link, stored) else Break(Fault.ALTERED, expected)

    def end(self) -> Break | None:
        """Whether the chain ends where its head says."""
        if self.number < self._head.length:
            return Break(Fault.CUT_SHORT, self.number + 1)
        if self.number > self._head.length:
            return Break(Fault.BEYOND_THE_HEAD, self._head.length + 1)
        return None if same(self.link, self._head.link) else Break(Fault.HEAD_FORGED, self.number)


def first_break(key: bytes, head: Head, entries: Iterable[tuple[Entry, str]]) -> Break | None:
    """Follow the whole chain; each entry comes with the link stored beside it."""
    walk = Walk(key, head)
    for entry, stored in entries:
        if found := walk.step(entry, stored):
            return found
    return walk.end()


def plain(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as any database gives them back, so that they can be checked later.

    Raises ``TypeError`` for a fraction: databases write those differently.
    """
    said: dict[str, Any] = json.loads(
        json.dumps(facts), parse_float=_no_fraction, parse_constant=_no_fraction
    )
    return said


def _no_fraction(text: str) -> None:
    raise TypeError(f"a fact of the trail is {text}; it must be a whole number, a word or a date")


def _mac(key: bytes, purpose: str, before: str, said: list[Any]) -> str:
    text = json.dumps([purpose, before, *said], sort_keys=True, separators=(",", ":"))
    return hmac.digest(key, text.encode(), "sha256").hex()
