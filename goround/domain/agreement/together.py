"""Two people changed the same text at once: one text with both, where they do not collide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from goround.domain.agreement.differences import tidy


@dataclass(frozen=True, slots=True)
class _Edit:
    """Lines ``start`` to ``end`` of the first text became ``lines``."""

    start: int
    end: int
    lines: tuple[str, ...]


def put_together(first: str, mine: str, theirs: str) -> str | None:
    """``first`` with what both changed, or None where they touched the same lines or neighbours.

    A change that both made alike is made once.
    """
    was = _lines(first)
    ours, others = (list(_edits(was, _lines(text))) for text in (mine, theirs))
    others = [edit for edit in others if edit not in ours]
    if any(_collide(one, other) for one in ours for other in others):
        return None
    text = list(was)
    for edit in sorted([*ours, *others], key=lambda edit: edit.start, reverse=True):
        text[edit.start : edit.end] = edit.lines
    return tidy("\n".join(text))


def _lines(text: str) -> list[str]:
    return tidy(text).split("\n")


def _edits(was: Sequence[str], now: Sequence[str]) -> Iterator[_Edit]:
    for tag, i, i_end, j, j_end in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag != "equal":
            yield _Edit(i, i_end, tuple(now[j:j_end]))


def _collide(one: _Edit, other: _Edit) -> bool:
    return one.start <= other.end and other.start <= one.end
