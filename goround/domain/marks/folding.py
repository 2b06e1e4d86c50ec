"""From a heap of marks to who was there: the same answer whatever order they came in.

A mark is one tap. What a device says about somebody is its last tap about them, by the device's
own numbering and never by its clock. Where all who said something agree, that is settled; where
they do not, a person is asked. What was written on the page by hand is one more voice, unless the
device had seen it when it left: then its word is the newer one. So is it newer than another
device's mark that it had seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

# Somebody was there or not; how many were counted; None takes a number back.
Word = bool | int | None
BY_HAND = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One tap about one thing: a seat, somebody new, or a number of heads.

    ``withdraws`` names another mark of the same device that its owner deleted before knowing
    whether it had arrived; such a mark says nothing else.
    """

    id: str
    device: str
    number: int
    about: str = ""
    said: Word = None
    withdraws: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote on the page by hand; nothing at all where nobody has yet.

    A list written by hand is complete: whoever is not on it was not there. ``decided`` is what a
    person answered about single things since, and stands above it.
    """

    present: frozenset[str] = frozenset()
    counts: Mapping[str, int | None] = field(default_factory=dict)
    nothing: bool = False
    decided: Mapping[str, Word] = field(default_factory=dict)

    def about(self, key: str) -> Word:
        """None is "nothing was said about this"."""
        if key in self.decided:
            return self.decided[key]
        if self.nothing:
            return None
        return self.counts.get(key, key in self.present)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a device knew when it left: the page as it was, and marks that had come in before."""

    written: Written
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Side:
    """One voice in a disagreement: the device, or nobody's device for what is on the page."""

    device: str
    said: Word
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Folded:
    """What is settled, and what a person must decide, with every side of it."""

    settled: Mapping[str, Word]
    asked: Mapping[str, frozenset[Side]]


def fold(
    marks: Iterable[Mark], *, by_hand: Written, seen: Mapping[str, Seen] | None = None
) -> Folded:
    """Lay marks together. Each counts once, however often and in whatever order it came."""
    once = {mark.id: mark for mark in marks}
    taken_back = {(mark.device, mark.withdraws) for mark in once.values() if mark.withdraws}
    standing = [
        mark
        for mark in once.values()
        if not mark.withdraws and (mark.device, mark.id) not in taken_back
    ]
    settled: dict[str, Word] = {}
    asked: dict[str, frozenset[Side]] = {}
    for about, last in _last_words(standing).items():
        sides = _sides(about, last, by_hand, seen or {})
        words = {_plain(side.said) for side in sides}
        if len(words) == 1:
            settled[about] = next(iter(sides)).said
        else:
            asked[about] = sides
    return Folded(settled, asked)


def _last_words(marks: Collection[Mark]) -> dict[str, dict[str, Mark]]:
    """The last tap of each device about each thing."""
    last: dict[str, dict[str, Mark]] = defaultdict(dict)
    for mark in sorted(marks, key=lambda mark: (mark.number, mark.id)):
        last[mark.about][mark.device] = mark
    return last


def _sides(
    about: str, last: Mapping[str, Mark], by_hand: Written, seen: Mapping[str, Seen]
) -> frozenset[Side]:
    nothing = Seen(Written(nothing=True))
    known = {device: seen.get(device, nothing) for device in last}
    older = {mark_id for device in last for mark_id in known[device].marks}
    sides = {Side(mark.device, mark.said, mark.id) for mark in last.values()}
    sides = {side for side in sides if side.mark not in older} or sides
    written = by_hand.about(about)
    if written is not None:
        knew = all(_same(known[side.device].written.about(about), written) for side in sides)
        if not knew:
            sides.add(Side(BY_HAND, written))
    return frozenset(sides)


def _plain(word: Word) -> tuple[type, Word]:
    """True is not 1: one is somebody there, the other one head counted."""
    return type(word), word


def _same(one: Word, other: Word) -> bool:
    return _plain(one) == _plain(other)
