"""A map of squares to tap: so wide that a square is no address, near enough to plan with.

The squares lie around known places, north up, in an equirectangular drawing that is true at the
middle latitude.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, hypot, radians

from goround.domain.privacy.place import EARTH_RADIUS_KM, Point

KM_PER_DEGREE = radians(1) * EARTH_RADIUS_KM
REACH_KM = 10.0
"""How far the squares reach beyond the outermost places, at least."""

MOST_ACROSS, MOST_DOWN = 8, 10
SIDES_KM = (3, 4, 5, 6, 8, 10, 15, 20, 30, 40, 50)
FARTHEST_LATITUDE = 75.0


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that people know, to find one's own square by."""

    name: str
    lat: float
    lon: float

    @property
    def point(self) -> Point:
        return self.lat, self.lon


@dataclass(frozen=True, slots=True)
class Squares:
    """Equal squares in rows from the north-western corner: east is right, north is up."""

    north: float
    west: float
    # A degree of longitude is this much shorter than one of latitude.
    squeeze: float
    side_km: int
    across: int
    down: int

    def centre(self, row: int, column: int) -> Point:
        lat = self.north - (row + 0.5) * self.side_km / KM_PER_DEGREE
        lon = self.west + (column + 0.5) * self.side_km / (KM_PER_DEGREE * self.squeeze)
        return lat, _wrapped(lon)

    def drawn_at(self, point: Point) -> tuple[float, float]:
        """Sides to the right and down from the north-western corner; whole numbers are edges."""
        lat, lon = point
        right = (lon - self.west) % 360 * KM_PER_DEGREE * self.squeeze
        return right / self.side_km, (self.north - lat) * KM_PER_DEGREE / self.side_km

    def at(self, point: Point) -> tuple[int, int] | None:
        """Row and column of the square that a point lies in; None outside of all."""
        right, below = self.drawn_at(point)
        row, column = floor(below), floor(right)
        return (row, column) if 0 <= row < self.down and 0 <= column < self.across else None

    def centres(self) -> Iterator[tuple[int, int, Point]]:
        """Row, column and centre of each square, row by row from the north."""
        for row in range(self.down):
            for column in range(self.across):
                yield row, column, self.centre(row, column)


@dataclass(frozen=True, slots=True)
class Bearing:
    """Where something lies, seen from a landmark. Negative is south, or west."""

    landmark: Landmark
    north_km: float
    east_km: float

    @property
    def km(self) -> float:
        return hypot(self.north_km, self.east_km)


def squares_around(points: Sequence[Point]) -> Squares | None:
    """Squares that hold every point and reach ten kilometres beyond, of a few kilometres each.

    Points far apart get wider squares. None without a point, for points so far apart that a
    square would say nothing, and close to a pole, where no square would be square.
    """
    if not points:
        return None
    lats = [lat for lat, _ in points]
    lons = [_wrapped(lon - points[0][1]) for _, lon in points]
    if max(map(abs, lats)) > FARTHEST_LATITUDE:
        return None
    middle = (max(lats) + min(lats)) / 2, points[0][1] + (max(lons) + min(lons)) / 2
    squeeze = cos(radians(middle[0]))
    wide = (max(lons) - min(lons)) * KM_PER_DEGREE * squeeze + 2 * REACH_KM
    high = (max(lats) - min(lats)) * KM_PER_DEGREE + 2 * REACH_KM
    for side in SIDES_KM:
        across, down = ceil(wide / side), ceil(high / side)
        if across <= MOST_ACROSS and down <= MOST_DOWN:
            return _centred(middle, squeeze, side, across, down)
    return None


def _centred(middle: Point, squeeze: float, side: int, across: int, down: int) -> Squares:
    return Squares(
        north=middle[0] + down * side / 2 / KM_PER_DEGREE,
        west=_wrapped(middle[1] - across * side / 2 / (KM_PER_DEGREE * squeeze)),
        squeeze=squeeze,
        side_km=side,
        across=across,
        down=down,
    )


def nearest(point: Point, landmarks: Sequence[Landmark]) -> Bearing:
    """The point as seen from the landmark nearest to it. Needs at least one landmark."""
    return min((_bearing(point, landmark) for landmark in landmarks), key=lambda seen: seen.km)


def _bearing(point: Point, landmark: Landmark) -> Bearing:
    lat, lon = point
    squeeze = cos(radians((lat + landmark.lat) / 2))
    return Bearing(
        landmark,
        north_km=(lat - landmark.lat) * KM_PER_DEGREE,
        east_km=_wrapped(lon - landmark.lon) * KM_PER_DEGREE * squeeze,
    )


def _wrapped(lon: float) -> float:
    """The same longitude or difference of longitudes, from -180 up to 180."""
    return (lon + 180) % 360 - 180
