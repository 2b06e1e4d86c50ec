"""Each part of a report with its words and its drawings, for the screen and for paper."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from goround.apps.evidence.pictures import Line
from goround.web.evidence.drawing import Strip, moved_bar, strip
from goround.web.evidence.wording import Part, between, moved_words, number, parts


@dataclass(frozen=True)
class Drawn:
    """``strip_words`` and ``moved_words`` say in words what the drawings show."""

    part: Part
    strip: SafeString
    strip_words: str
    moved: SafeString
    moved_words: str


def drawn(lines: list[Line], language: str, *, first: int = 0, moves: bool = True) -> list[Drawn]:
    """``first`` keeps the marks of two lists on one page apart.

    Without ``moves`` nobody is counted as better or worse: the group is so small that a number
    could point at somebody.
    """
    return [
        Drawn(part, *_strip(part), *_moved(part, key=str(place), moves=moves))
        for place, part in enumerate(parts(lines, language), start=first)
    ]


def _strip(part: Part) -> tuple[SafeString, str]:
    outcome, line = part.outcome, part.line
    if outcome.change is None or outcome.before is None or outcome.after is None:
        return SafeString(""), ""
    interval = outcome.change.interval
    words = _("%(before)s before, %(after)s after; change %(change)s") % {
        "before": number(outcome.before),
        "after": number(outcome.after),
        "change": part.change,
    }
    if interval is not None:
        words = f"{words} ({between(interval)})"
    figures = Strip(
        line.low,
        line.high,
        outcome.before,
        outcome.after,
        interval.low if interval else None,
        interval.high if interval else None,
    )
    return strip(figures, words=words, number=number), words


def _moved(part: Part, *, key: str, moves: bool) -> tuple[SafeString, str]:
    moved = part.outcome.any_move
    if moved is None or not moves:
        return SafeString(""), ""
    words = moved_words(part.outcome)
    return moved_bar(moved, key=key, words=words), words
