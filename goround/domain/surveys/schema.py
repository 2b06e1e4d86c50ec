"""What an instrument is: items, scales, parts, rights, and how sure we are of each point."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")

MARK_LENGTH = 12

# By language code, such as {"en": "I take part in the talk."}. Empty: nobody entered it yet.
Words = Mapping[str, str]


class State(StrEnum):
    """How a point of a definition is known. Only what was read, or is the author's own, is sure."""

    READ = "read"
    OWN = "own"
    INFERRED = "inferred"
    REMEMBERED = "remembered"
    CONFLICTING = "conflicting"

    @property
    def is_sure(self) -> bool:
        return self in {State.READ, State.OWN}


@dataclass(frozen=True, slots=True)
class Mark:
    """How some points of the file are known: ``points`` are key paths, as ``items.8.reverse``."""

    state: State
    points: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Whole numbers from ``low`` to ``high``.

    ``labels`` holds for each language one word for every number, or one for each end.
    """

    key: str
    low: int
    high: int
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def numbers(self) -> range:
        return range(self.low, self.high + 1)

    def turned(self, answer: int) -> int:
        """The same distance from the other end. Turned twice it is the answer again."""
        return self.low + self.high - answer

    def labels_in(self, language: str) -> dict[int, str]:
        """Words by number; where only the ends have words, only they are in it."""
        words = in_language(self.labels, language) or ()
        if len(words) == len(self.numbers):
            return dict(zip(self.numbers, words, strict=True))
        return {self.low: words[0], self.high: words[-1]} if words else {}


@dataclass(frozen=True, slots=True)
class Item:
    """One question. With a ``scale`` it is a number, without one boxes to tick (``options``)."""

    key: str
    scale: str | None
    words: Words = field(default_factory=dict)
    reverse: bool = False
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # False: left out where "before" and "now" are asked in one sitting.
    looks_back: bool = True

    @property
    def is_ticks(self) -> bool:
        return self.scale is None


@dataclass(frozen=True, slots=True)
class Part:
    """Items that belong together: a subscale, or items that are only reported one by one."""

    key: str
    words: Words
    items: tuple[str, ...]
    # None: no mean is formed; each item stands by itself.
    at_least: int | None

    @property
    def is_subscale(self) -> bool:
        return self.at_least is not None


@dataclass(frozen=True, slots=True)
class Rights:
    credit: str
    terms: str
    # True: whoever holds the survey puts the wording in from a copy of their own.
    bring_wording: bool = False


@dataclass(frozen=True, slots=True)
class Instrument:
    """A set of questions and how answers are counted; nothing in it knows who answered."""

    key: str
    name: str
    describes: str
    minutes: int
    languages: tuple[str, ...]
    rights: Rights
    scales: tuple[Scale, ...]
    items: tuple[Item, ...]
    parts: tuple[Part, ...]
    marks: tuple[Mark, ...] = ()

    @property
    def subscales(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.is_subscale)

    def item(self, key: str) -> Item:
        return next(item for item in self.items if item.key == key)

    def scale_of(self, item: Item) -> Scale | None:
        return next((scale for scale in self.scales if scale.key == item.scale), None)

    @property
    def open_marks(self) -> tuple[Mark, ...]:
        """What somebody still has to compare with the source."""
        return tuple(mark for mark in self.marks if not mark.state.is_sure)

    def marks_of(self, path: str) -> tuple[Mark, ...]:
        """The unsure marks of a point, or of the table it stands in."""
        return tuple(
            mark
            for mark in self.open_marks
            if any(path == point or path.startswith(f"{point}.") for point in mark.points)
        )

    def ready_in(self, language: str) -> bool:
        return not missing_words(self, language)

    @property
    def ready_languages(self) -> tuple[str, ...]:
        return tuple(language for language in self.languages if self.ready_in(language))


def in_language(words: Mapping[str, T], language: str) -> T | None:
    """The words of that language, else of the same one elsewhere, else whatever there is first."""
    base = language.split("-", maxsplit=1)[0].lower()
    for code in (language, base):
        if code in words:
            return words[code]
    return next(iter(words.values()), None)


def missing_words(instrument: Instrument, language: str) -> tuple[str, ...]:
    """Key paths of all wording that this language still lacks. The survey waits for it."""
    missing = [
        f"scales.{scale.key}.labels" for scale in instrument.scales if language not in scale.labels
    ]
    for item in instrument.items:
        if language not in item.words:
            missing.append(f"items.{item.key}.words")
        if item.is_ticks and language not in item.options:
            missing.append(f"items.{item.key}.options")
    return tuple(missing)


def with_wording(
    instrument: Instrument,
    language: str,
    *,
    items: Mapping[str, str],
    labels: Mapping[str, tuple[str, ...]],
    options: Mapping[str, tuple[str, ...]],
) -> Instrument:
    """The same questions and rules with words in one language; empty words take them away."""
    return replace(
        instrument,
        languages=tuple(dict.fromkeys([*instrument.languages, language])),
        scales=tuple(
            replace(scale, labels=_put(scale.labels, language, labels.get(scale.key)))
            for scale in instrument.scales
        ),
        items=tuple(
            replace(
                item,
                words=_put(item.words, language, items.get(item.key)),
                options=_put(item.options, language, options.get(item.key)),
            )
            for item in instrument.items
        ),
    )


def _put(words: Mapping[str, T], language: str, new: T | None) -> dict[str, T]:
    kept = {code: told for code, told in words.items() if code != language}
    return kept | ({language: new} if new else {})


def counts_alike(one: Instrument, other: Instrument) -> bool:
    """Whether answers to both mean the same figures: only then may they be compared.

    The words may differ, as between languages or after a slip of the pen.
    """
    return _counting(one) == _counting(other)


def counting_mark(instrument: Instrument) -> str:
    """A short name that surveys share which count alike and are called by the same key.

    Two places that use the same survey can be added up by it, whatever their wording.
    """
    items, parts = _counting(instrument)
    told: list[object] = [instrument.key, sorted(items.items())]
    told.append(sorted((key, sorted(of), least) for key, (of, least) in parts.items()))
    return sha256(json.dumps(told).encode()).hexdigest()[:MARK_LENGTH]


def _counting(
    instrument: Instrument,
) -> tuple[
    dict[str, tuple[tuple[int, int] | None, bool]], dict[str, tuple[frozenset[str], int | None]]
]:
    scales = {scale.key: (scale.low, scale.high) for scale in instrument.scales}
    return (
        {item.key: (scales.get(item.scale or ""), item.reverse) for item in instrument.items},
        {part.key: (frozenset(part.items), part.at_least) for part in instrument.parts},
    )
