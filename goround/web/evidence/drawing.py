"""Charts as SVG, drawn once for the screen and for paper.

Colours stand in attributes for paper; on screen the classes take them from the look, so dark mode
comes free. Nothing is told by colour alone: before is hollow, after filled, got worse hatched.
Where words run from right to left the scale does too: low, and what got better, begin at the
right.
The figures themselves stay as they are. Each chart is told in words beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi

from goround.domain.change import Moved

WIDTH, HEIGHT = 320, 58
LEFT, RIGHT = 12, 308
AXIS, LINE = 44, 22
BAR_HEIGHT = 26
ACCENT, BAND, INK, MUTED, PAPER = "#0f5753", "#b9d6d0", "#2b2420", "#83776a", "#fffdf9"
SAME, WORSE = "#e2d8c8", "#c8643a"
FONTS = "Noto Sans, DejaVu Sans, Libertinus Serif, sans-serif"


class Number(Protocol):
    def __call__(self, value: float, places: int = 1) -> str: ...


@dataclass(frozen=True)
class Strip:
    """One subscale: two means on the scale of the answers, and how sure the change is."""

    low: float
    high: float
    before: float
    after: float
    sure_from: float | None = None
    sure_to: float | None = None


def strip(drawn: Strip, *, words: str, number: Number) -> SafeString:
    """From where to where on the whole scale, with the interval of the change as a band."""

    def x(value: float) -> float:
        share = (value - drawn.low) / (drawn.high - drawn.low)
        return _across(round(LEFT + min(max(share, 0), 1) * (RIGHT - LEFT), 1))

    first, last = ("end", "start") if get_language_bidi() else ("start", "end")
    ticks = [drawn.low + step for step in range(int(drawn.high - drawn.low) + 1)]
    parts = [
        _line("axis", (LEFT, AXIS), (RIGHT, AXIS)),
        format_html_join(
            "", "{}", ((_line("axis", (x(t), AXIS), (x(t), AXIS + 4)),) for t in ticks)
        ),
        _text(_across(LEFT), AXIS + 13, first, number(drawn.low, 0)),
        _text(_across(RIGHT), AXIS + 13, last, number(drawn.high, 0)),
    ]
    if drawn.sure_from is not None and drawn.sure_to is not None:
        begin, end = sorted((x(drawn.before + drawn.sure_from), x(drawn.before + drawn.sure_to)))
        parts.append(_box("band", (begin, LINE - 8), (max(round(end - begin, 1), 1.5), 16), BAND))
    parts += [
        _line("way", (x(drawn.before), LINE), (x(drawn.after), LINE), INK, 2),
        _dot("before", x(drawn.before), PAPER, INK),
        _dot("after", x(drawn.after), ACCENT, ACCENT),
        _text(x(drawn.before), AXIS + 13, "middle", number(drawn.before))
        if _apart(x(drawn.before), x(drawn.after))
        else SafeString(""),
        _text(x(drawn.after), AXIS + 13, "middle", number(drawn.after), "after-text"),
    ]
    return _svg("chart strip", WIDTH, HEIGHT, words, parts)


def moved_bar(moved: Moved, *, key: str, words: str, tells_same: bool = True) -> SafeString:
    """Everybody in one bar: got better, stayed, got worse. Bars of one page differ in ``key``.

    Without ``tells_same`` the middle is what is left over, and has no number.
    """
    hatch = f"worse-{key}"
    begin, parts = float(LEFT), [_hatch(hatch)]
    for name, part, fill in (
        ("improved", moved.improved, ACCENT),
        ("same", moved.same, SAME),
        ("worse", moved.worse, f"url(#{hatch})"),
    ):
        wide = (RIGHT - LEFT) * part / max(moved.people, 1)
        if wide:
            left = min(_across(begin), _across(begin + wide))
            parts.append(_box(name, (round(left, 1), 3), (round(wide, 1), 20), fill))
            if wide >= 18 and (tells_same or name != "same"):
                parts.append(_counted(_across(begin + wide / 2), str(part), name))
        begin += wide
    return _svg("chart moved", WIDTH, BAR_HEIGHT, words, parts)


def _across(x: float) -> float:
    """Where it stands on the page of the reader: mirrored where words run from right to left."""
    return round(WIDTH - x, 1) if get_language_bidi() else x


def _apart(one: float, other: float) -> bool:
    """Whether two figures under the axis have room beside each other and the ends."""
    return abs(one - other) >= 30


def _svg(kind: str, width: int, height: int, words: str, parts: list[SafeString]) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="{}" viewBox="0 0 {} {}" width="{}"'
        ' height="{}" role="img" aria-label="{}" direction="ltr">{}</svg>',
        kind,
        width,
        height,
        width,
        height,
        words,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _line(
    kind: str, begin: tuple[float, float], end: tuple[float, float], ink: str = MUTED, wide: int = 1
) -> SafeString:
    return format_html(
        '<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"/>',
        *(kind, *begin, *end, ink, wide),
    )


def _box(
    kind: str, corner: tuple[float, float], size: tuple[float, float], fill: str
) -> SafeString:
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
        *(kind, *corner, *size, fill),
    )


def _dot(kind: str, x: float, fill: str, edge: str) -> SafeString:
    return format_html(
        '<circle class="{}" cx="{}" cy="{}" r="5" fill="{}" stroke="{}" stroke-width="2"/>',
        *(kind, x, LINE, fill, edge),
    )


def _text(x: float, y: float, anchor: str, text: str, kind: str = "tick") -> SafeString:
    ink = INK if kind == "after-text" else MUTED
    return format_html(
        '<text class="{}" x="{}" y="{}" text-anchor="{}" font-size="11" font-family="{}"'
        ' fill="{}">{}</text>',
        *(kind, x, y, anchor, FONTS, ink, text),
    )


def _counted(x: float, text: str, name: str) -> SafeString:
    """A count inside its part, on a ground of its own where that is hatched."""
    wide = 8 + 7 * len(text)
    ground = _box("count-ground", (round(x - wide / 2, 1), 5), (wide, 16), PAPER)
    return format_html(
        '{}<text class="count-{}" x="{}" y="17" text-anchor="middle" font-size="12"'
        ' font-family="{}" font-weight="bold" fill="{}">{}</text>',
        ground if name == "worse" else "",
        *(name, round(x, 1), FONTS, PAPER if name == "improved" else INK, text),
    )


def _hatch(name: str) -> SafeString:
    return format_html(
        '<defs><pattern id="{}" width="6" height="6" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6" fill="{}"/>'
        '<rect class="hatch" width="2" height="6" fill="{}"/></pattern></defs>',
        *(name, "#f3d9cb", WORSE),
    )
