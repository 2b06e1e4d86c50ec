"""Places made coarse before anything stores them.

A home is kept as an H3 cell of resolution 8: a hexagon of about 0.7 km². Everyone in a cell has
the same place, so an address cannot be worked out from what is stored.
"""

from math import asin, cos, isfinite, radians, sin, sqrt
from typing import TypeAlias

import h3

Point: TypeAlias = tuple[float, float]
"""Latitude and longitude in WGS84 degrees, in this order."""

RESOLUTION = 8
EARTH_RADIUS_KM = 6371.0088


class PlaceError(ValueError):
    """No place on Earth, or no coarse cell. The message names the value and the rule."""


def coarse_cell(lat: float, lon: float) -> str:
    """The coarse cell a point lies in: the only form in which a home place may be stored.

    Raises ``PlaceError`` when the latitude or longitude is no number or out of range.
    """
    _check(lat, lon)
    return str(h3.latlng_to_cell(lat, lon, RESOLUTION))


def cell_centre(cell: str) -> Point:
    """The middle of a coarse cell, at most 1 km from every point in it.

    Raises ``PlaceError`` for anything but a cell that ``coarse_cell`` could have given, so a finer
    cell never slips in unnoticed.
    """
    if not h3.is_valid_cell(cell) or h3.get_resolution(cell) != RESOLUTION:
        raise PlaceError(f"{cell!r} is not a coarse cell; it must be H3 of resolution {RESOLUTION}")
    lat, lon = h3.cell_to_latlng(cell)
    return float(lat), float(lon)


def coarse_point(lat: float, lon: float) -> Point:
    """The centre of the cell that the point lies in. Doing it twice changes nothing more."""
    return cell_centre(coarse_cell(lat, lon))


def km_between(a: Point, b: Point) -> float:
    """Great-circle distance in kilometres on a sphere of radius 6371.0088 km."""
    _check(*a)
    _check(*b)
    lat_a, lon_a, lat_b, lon_b = map(radians, (*a, *b))
    half = sin((lat_b - lat_a) / 2) ** 2
    half += cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))


def _check(lat: float, lon: float) -> None:
    for name, value, most in (("latitude", lat, 90), ("longitude", lon, 180)):
        if not isfinite(value) or abs(value) > most:
            raise PlaceError(f"{name} is {value}; it must be a number from -{most} to {most}")
