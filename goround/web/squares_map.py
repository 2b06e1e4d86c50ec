"""The map of squares a parent can tap: drawn without tiles, chosen from without JavaScript.

Each square is a radio button that says in words where it lies. The drawing of venues above the
squares is a decoration, so it never takes a tap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from goround.domain.privacy.place import Point, coarse_cell
from goround.domain.privacy.squares import Bearing, Landmark, Squares, nearest, squares_around

# The drawing's own units: about a pixel of a small phone.
WIDTH = 328
MOST_NAMES = 5
LONGEST_NAME = 20
NAME_HEIGHT, LETTER_WIDTH, FROM_DOT = 17.0, 7.6, 7.0


@dataclass(frozen=True, slots=True)
class SquareChoice:
    """``value`` is the coarse cell of the square's centre, so it outlives a change of the map."""

    value: str
    label: str
    centre: Point


@dataclass(frozen=True, slots=True)
class SquaresMap:
    rows: list[list[SquareChoice]]
    side_km: int
    drawing: SafeString
    scale: SafeString

    def choices(self) -> Iterator[SquareChoice]:
        for row in self.rows:
            yield from row


@dataclass(frozen=True, slots=True)
class _Name:
    x: float
    y: float
    text: str
    anchor: str

    @property
    def left(self) -> float:
        return self.x - self.width if self.anchor == "end" else self.x

    @property
    def width(self) -> float:
        return len(self.text) * LETTER_WIDTH

    def meets(self, other: _Name) -> bool:
        apart = self.left > other.left + other.width or other.left > self.left + self.width
        return not apart and abs(self.y - other.y) < NAME_HEIGHT


def squares_map(landmarks: Sequence[Landmark]) -> SquaresMap | None:
    """None where there is no landmark, or they are too far apart for one map."""
    squares = squares_around([landmark.point for landmark in landmarks])
    if squares is None:
        return None
    rows: list[list[SquareChoice]] = [[] for _row in range(squares.down)]
    for row, _column, centre in squares.centres():
        label = where_in_words(nearest(centre, landmarks), side_km=squares.side_km)
        rows[row].append(SquareChoice(coarse_cell(*centre), label, centre))
    return SquaresMap(rows, squares.side_km, _drawing(squares, landmarks), _scale(squares))


def where_in_words(seen: Bearing, *, side_km: int) -> str:
    """Where a square lies, such as "about 6 km north and 3 km west of Pacoima library".

    Both ways are told, so that no two squares near one venue sound the same.
    """
    ways = {
        "place": seen.landmark.name,
        "north": round(abs(seen.north_km)),
        "east": round(abs(seen.east_km)),
    }
    if max(abs(seen.north_km), abs(seen.east_km)) <= side_km / 2:
        return _("around %(place)s") % ways
    up = "" if not ways["north"] else "n" if seen.north_km > 0 else "s"
    right = "" if not ways["east"] else "e" if seen.east_km > 0 else "w"
    return _sentences()[up + right] % ways


def _sentences() -> dict[str, str]:
    return {
        "n": _("about %(north)s km north of %(place)s"),
        "s": _("about %(north)s km south of %(place)s"),
        "e": _("about %(east)s km east of %(place)s"),
        "w": _("about %(east)s km west of %(place)s"),
        "ne": _("about %(north)s km north and %(east)s km east of %(place)s"),
        "nw": _("about %(north)s km north and %(east)s km west of %(place)s"),
        "se": _("about %(north)s km south and %(east)s km east of %(place)s"),
        "sw": _("about %(north)s km south and %(east)s km west of %(place)s"),
    }


def _drawing(squares: Squares, landmarks: Sequence[Landmark]) -> SafeString:
    side = WIDTH / squares.across
    dots = [_scaled(squares.drawn_at(landmark.point), side) for landmark in landmarks]
    names = _names(squares, landmarks, side)
    return format_html(
        '<svg class="squares-places" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">'
        "{}{}</svg>",
        WIDTH,
        _number(side * squares.down),
        format_html_join("", '<circle cx="{}" cy="{}" r="4"/>', _numbers(sorted(set(dots)))),
        format_html_join(
            "",
            '<text x="{}" y="{}" text-anchor="{}">{}</text>',
            ((_number(one.x), _number(one.y), one.anchor, one.text) for one in names),
        ),
    )


def _names(squares: Squares, landmarks: Sequence[Landmark], side: float) -> list[_Name]:
    """One name for each of the squares with most venues, as long as names do not meet."""
    together: dict[object, list[Landmark]] = defaultdict(list)
    for landmark in landmarks:
        together[squares.at(landmark.point)].append(landmark)
    names: list[_Name] = []
    for here in sorted(together.values(), key=len, reverse=True):
        name = _name(here[0].name, _scaled(squares.drawn_at(here[0].point), side))
        if len(names) < MOST_NAMES and not any(name.meets(other) for other in names):
            names.append(name)
    return names


def _name(name: str, at: tuple[float, float]) -> _Name:
    """Written towards the side of the map with more room, at its dot's height."""
    x, y = at
    text = name.split(",", maxsplit=1)[0].strip()
    if len(text) > LONGEST_NAME:
        text = text[: LONGEST_NAME - 1].rstrip() + "…"
    if x > WIDTH / 2:
        return _Name(x - FROM_DOT, y + 4.5, text, "end")
    return _Name(x + FROM_DOT, y + 4.5, text, "start")


def _scale(squares: Squares) -> SafeString:
    """A bar as long as a square is wide, with its length, and which way is up."""
    side = WIDTH / squares.across
    return format_html(
        '<svg class="squares-scale" viewBox="0 0 {0} 26" aria-hidden="true" focusable="false">'
        '<path d="M1 8v8M1 12H{1}M{1} 8v8"/><text x="{2}" y="17">{3}</text>'
        '<path d="M{4} 21V5l-5 6m5-6l5 6"/><text x="{5}" y="17" text-anchor="end">{6}</text></svg>',
        WIDTH,
        _number(side),
        _number(side + 7),
        _("%(km)s km") % {"km": squares.side_km},
        WIDTH - 7,
        WIDTH - 17,
        _("north"),
    )


def _scaled(at: tuple[float, float], side: float) -> tuple[float, float]:
    return round(at[0] * side, 1), round(at[1] * side, 1)


def _number(value: float) -> str:
    """Written the same in every language, as a drawing needs it."""
    return f"{value:.1f}"


def _numbers(points: Iterable[tuple[float, float]]) -> Iterator[tuple[str, str]]:
    for x, y in points:
        yield _number(x), _number(y)
