"""What changed between two texts, in pieces that a person can read.

Lines are compared first, then the words of those that belong together, so that a sentence moved
by one added above it does not light up as new.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# Below this share of common words two lines are two lines, and not one that was changed.
RELATED = 0.4
# A word with the space behind it; a sign of a script without spaces is a word of its own.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]\s*|[^\s\u3040-\u30ff\u3400-\u9fff]+\s*")


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of both texts, or of one: the pieces of each, what was removed before its successor.

    The pieces that are not added make the line as it was, those not removed as it is.
    """

    pieces: tuple[Piece, ...]

    @property
    def is_same(self) -> bool:
        return all(piece.change is Change.SAME for piece in self.pieces)


def tidy(text: str) -> str:
    """The same text without what nobody sees: spaces at the ends, empty lines but single ones.

    >>> tidy("  One  \\r\\n\\n\\n two ")
    'One\\n\\ntwo'
    """
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def lines_of(text: str) -> list[str]:
    """The lines that say something."""
    return [line for line in tidy(text).splitlines() if line]


def differences(before: str, after: str) -> tuple[Line, ...]:
    """Every line of both, in order, with what was added and removed in it."""
    old, new = lines_of(before), lines_of(after)
    return tuple(_compared(old, new))


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    for tag, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (_whole(Change.SAME, line) for line in old[i:i_end])
        else:
            yield from _paired(old[i:i_end], new[j:j_end])


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """The pair that is most alike is one changed line; so are those before and behind it."""
    best = max(
        ((_alike(a, b), -i, -j) for i, a in enumerate(old) for j, b in enumerate(new)),
        default=(0.0, 0, 0),
    )
    if best[0] < RELATED:
        yield from (_whole(Change.REMOVED, line) for line in old)
        yield from (_whole(Change.ADDED, line) for line in new)
        return
    i, j = -best[1], -best[2]
    yield from _paired(old[:i], new[:j])
    yield Line(tuple(_readable(_words(old[i], new[j]))))
    yield from _paired(old[i + 1 :], new[j + 1 :])


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, _bare(one), _bare(other), autojunk=False).ratio()


def _bare(line: str) -> list[str]:
    return [word.strip() for word in _WORD.findall(line)]


def _words(old: str, new: str) -> Iterator[Piece]:
    was, now = _WORD.findall(old), _WORD.findall(new)
    for tag, i, i_end, j, j_end in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(Change.SAME, "".join(was[i:i_end]))
            continue
        if i < i_end:
            yield Piece(Change.REMOVED, "".join(was[i:i_end]))
        if j < j_end:
            yield Piece(Change.ADDED, "".join(now[j:j_end]))


def _readable(pieces: Iterator[Piece]) -> list[Piece]:
    """Changes with only a word between them are one change: nobody reads confetti."""
    left, shown = list(pieces), list[Piece]()
    while left:
        run = _run(left)
        shown += _joined(left[:run]) if run else left[:1]
        del left[: run or 1]
    return shown


def _run(pieces: Sequence[Piece]) -> int:
    """How many pieces at the front are one stretch of changes."""
    end = 0
    for at, piece in enumerate(pieces):
        if piece.change is not Change.SAME:
            end = at + 1
        elif at == 0 or len(_WORD.findall(piece.text)) > 1:
            break
    return end


def _joined(run: Sequence[Piece]) -> list[Piece]:
    removed = "".join(piece.text for piece in run if piece.change is not Change.ADDED)
    added = "".join(piece.text for piece in run if piece.change is not Change.REMOVED)
    both = (Piece(Change.REMOVED, removed), Piece(Change.ADDED, added))
    return [piece for piece in both if piece.text]


def _whole(change: Change, line: str) -> Line:
    return Line((Piece(change, line),))
