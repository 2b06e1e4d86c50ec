"""The map of a round: venues, coarse homes and one group's ways, drawn without any tiles.

Equirectangular around the middle latitude, which is true enough for one town or county.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from goround.apps.organisations.models import Venue
from goround.domain.privacy.place import EARTH_RADIUS_KM, cell_centre

WIDTH = 640.0
MARGIN = 28.0
LEAST_HEIGHT, MOST_HEIGHT = 320.0, 760.0
KM_PER_DEGREE = radians(1) * EARTH_RADIUS_KM
# Homes further out than all but two in a hundred are drawn at the edge.
OUTLIERS = 0.02
SCALE_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)

# What is drawn later lies above.
KINDS = ("placed", "unplaced", "chosen")

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Home:
    x: float
    y: float
    r: float
    kind: str


@dataclass(frozen=True, slots=True)
class Place:
    """A venue on the map; ``chosen`` where the shown group meets."""

    x: float
    y: float
    pk: int
    name: str
    groups: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Way:
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Scale:
    length: float
    km: float


@dataclass(frozen=True, slots=True)
class RoundMap:
    height: float
    homes: list[Home]
    places: list[Place]
    ways: list[Way]
    across: list[float]
    down: list[float]
    scale: Scale
    placed: int
    unplaced: int
    width: float = WIDTH


@dataclass(frozen=True, slots=True)
class _Frame:
    """Turns degrees into points of the drawing; kilometres per point is the same both ways."""

    west: float
    north: float
    squeeze: float
    points_per_degree: float
    height: float

    def __call__(self, lat: float, lon: float) -> Point:
        x = MARGIN + (lon - self.west) * self.squeeze * self.points_per_degree
        y = MARGIN + (self.north - lat) * self.points_per_degree
        return _inside(x, WIDTH), _inside(y, self.height)


def draw(
    *,
    homes: Mapping[str, str],
    venues: Sequence[Venue],
    placed: Iterable[str],
    groups_at: Mapping[str, int],
    members: Iterable[str] = (),
    meets_at: str | None = None,
) -> RoundMap | None:
    """The map, with the ways of ``members`` to where they meet; None without any place.

    ``homes`` gives each parent's coarse cell. Several in one cell are one larger dot.
    """
    centres = {cell: cell_centre(cell) for cell in set(homes.values())}
    there = [(v, (v.lat, v.lon)) for v in venues if v.lat is not None and v.lon is not None]
    if not centres and not there:
        return None
    at = _frame([point for _, point in there], [centres[cell] for cell in homes.values()])
    chosen, with_group = set(members), set(placed)
    places = [
        Place(
            *at(*point),
            pk=venue.pk,
            name=venue.name,
            groups=groups_at.get(str(venue.pk), 0),
            chosen=str(venue.pk) == meets_at,
        )
        for venue, point in there
    ]
    return RoundMap(
        height=at.height,
        homes=_homes(at, homes, centres, with_group, chosen),
        places=places,
        ways=_ways(at, places, [centres[homes[name]] for name in chosen if name in homes]),
        across=_lines(MARGIN, WIDTH),
        down=_lines(MARGIN, at.height),
        scale=_scale(at),
        placed=len(with_group & set(homes)),
        unplaced=len(set(homes) - with_group),
    )


def _frame(venues: Sequence[Point], homes: Sequence[Point]) -> _Frame:
    lats = [lat for lat, _ in venues] + _middle([lat for lat, _ in homes])
    lons = [lon for _, lon in venues] + _middle([lon for _, lon in homes])
    squeeze = cos(radians((max(lats) + min(lats)) / 2))
    # At least a kilometre or so, so that one point is not infinitely large.
    high = max(max(lats) - min(lats), 0.01)
    wide = max((max(lons) - min(lons)) * squeeze, 0.01)
    scale = min((WIDTH - 2 * MARGIN) / wide, (MOST_HEIGHT - 2 * MARGIN) / high)
    height = max(LEAST_HEIGHT, high * scale + 2 * MARGIN)
    spare_x = (WIDTH - 2 * MARGIN) / scale - wide
    spare_y = (height - 2 * MARGIN) / scale - high
    return _Frame(
        west=min(lons) - spare_x / 2 / squeeze,
        north=max(lats) + spare_y / 2,
        squeeze=squeeze,
        points_per_degree=scale,
        height=round(height, 1),
    )


def _middle(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    cut = int(len(ordered) * OUTLIERS)
    return [ordered[cut], ordered[-1 - cut]] if ordered else []


def _inside(value: float, size: float) -> float:
    return round(min(max(value, MARGIN / 2), size - MARGIN / 2), 1)


def _homes(
    at: _Frame,
    homes: Mapping[str, str],
    centres: Mapping[str, Point],
    placed: set[str],
    chosen: set[str],
) -> list[Home]:
    def kind(parent: str) -> str:
        if parent in chosen:
            return "chosen"
        return "placed" if parent in placed else "unplaced"

    dots = Counter((kind(parent), cell) for parent, cell in homes.items())
    return [
        Home(*at(*centres[cell]), r=round(3.2 * sqrt(count), 1), kind=what)
        for (what, cell), count in sorted(dots.items(), key=lambda dot: KINDS.index(dot[0][0]))
    ]


def _ways(at: _Frame, places: Sequence[Place], homes: Sequence[Point]) -> list[Way]:
    for place in places:
        if place.chosen:
            return [Way(*at(*home), place.x, place.y) for home in homes]
    return []


def _lines(start: float, size: float) -> list[float]:
    """A few faint lines, so that the eye has something to hold on to."""
    step = (WIDTH - 2 * MARGIN) / 5
    return [round(start + step * n, 1) for n in range(int((size - start) / step) + 1)]


def _scale(at: _Frame) -> Scale:
    """A bar of a round number of kilometres, about a quarter of the width."""
    points_per_km = at.points_per_degree / KM_PER_DEGREE
    fitting = [km for km in SCALE_STEPS if km * points_per_km <= WIDTH / 4]
    km = fitting[-1] if fitting else SCALE_STEPS[0]
    return Scale(length=round(km * points_per_km, 1), km=km)


def _together(shapes: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((shape,) for shape in shapes))


def svg(drawn: RoundMap, *, label: str, km: str) -> SafeString:
    """The drawing. ``km`` is the length of the scale's bar in words."""
    names = [
        format_html(
            '<text x="{}" y="{}">{}</text>', str(place.x + 11), str(place.y + 4), place.name
        )
        for place in drawn.places
        if place.chosen
    ]
    layers = (
        ("map-grid", [_path(f"M{x} 0V{drawn.height}") for x in drawn.across]),
        ("map-grid", [_path(f"M0 {y}H{WIDTH:g}") for y in drawn.down]),
        ("map-ways", [_path(f"M{way.x1} {way.y1}L{way.x2} {way.y2}") for way in drawn.ways]),
        *((f"map-{kind}", _dots(drawn.homes, kind)) for kind in KINDS),
        ("map-venues", [_venue(place) for place in drawn.places]),
        ("map-names", names),
        ("map-scale", _bar(drawn, km)),
    )
    groups = format_html_join(
        "", '<g class="{}">{}</g>', ((name, _together(shapes)) for name, shapes in layers)
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        f"{WIDTH:g}",
        str(drawn.height),
        label,
        groups,
    )


def _path(line: str) -> SafeString:
    """``line`` is made of numbers alone, so there is nothing to escape."""
    return SafeString(f'<path d="{line}"/>')


def _dots(homes: Sequence[Home], kind: str) -> list[SafeString]:
    return [
        SafeString(f'<circle cx="{dot.x}" cy="{dot.y}" r="{dot.r}"/>')
        for dot in homes
        if dot.kind == kind
    ]


def _venue(place: Place) -> SafeString:
    """A diamond, so that it is told from a home without colour; larger with more groups."""
    size = 5 + 1.5 * sqrt(place.groups)
    kind = "map-here" if place.chosen else "map-used" if place.groups else "map-unused"
    top = f"M{place.x} {place.y - size:.1f}"
    shape = f"{top}l{size:.1f} {size:.1f}l-{size:.1f} {size:.1f}l-{size:.1f} -{size:.1f}z"
    return format_html('<path class="{}" d="{}"><title>{}</title></path>', kind, shape, place.name)


def _bar(drawn: RoundMap, km: str) -> list[SafeString]:
    x, y = MARGIN / 2, drawn.height - MARGIN / 2
    length = drawn.scale.length
    return [
        _path(f"M{x} {y}h{length}M{x} {y - 4}v8M{x + length} {y - 4}v8"),
        format_html('<text x="{}" y="{}">{}</text>', str(x + length + 6), str(y + 4), km),
    ]
