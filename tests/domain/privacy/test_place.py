"""Coarse places: near enough to plan with, too wide to find somebody."""

from math import inf, nan, pi

import h3
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from goround.domain.privacy import (
    PlaceError,
    cell_centre,
    coarse_cell,
    coarse_point,
    km_between,
)

PACOIMA = (34.2625, -118.4270)
EL_MONTE = (34.0686, -118.0276)
EARTH_KM = 6371.0088

lats = st.floats(-90, 90)
lons = st.floats(-180, 180)
points = st.tuples(lats, lons)


@given(points)
def test_centre_is_within_a_kilometre_of_everyone_in_the_cell(point):
    assert km_between(point, cell_centre(coarse_cell(*point))) < 1


@given(points)
def test_making_coarse_twice_changes_nothing_more(point):
    once = coarse_point(*point)

    assert coarse_point(*once) == once
    assert coarse_cell(*once) == coarse_cell(*point)


@given(points, st.floats(0, 1), st.integers(0, 5))
def test_everyone_in_a_cell_has_exactly_the_same_place(point, share, corner):
    """What is stored does not depend on where in the cell a home is, so it cannot tell."""
    cell = coarse_cell(*point)
    centre = cell_centre(cell)
    corners = h3.cell_to_boundary(cell)
    lat, lon = corners[corner % len(corners)]
    assume(abs(lon - centre[1]) < 1)
    neighbour = (
        centre[0] + 0.9 * share * (lat - centre[0]),
        centre[1] + 0.9 * share * (lon - centre[1]),
    )
    assume(coarse_cell(*neighbour) == cell)

    assert coarse_point(*neighbour) == coarse_point(*point)


@given(points)
def test_cell_is_wide_enough_to_hold_many_homes(point):
    assert 0.3 < h3.cell_area(coarse_cell(*point), unit="km^2") < 1.1


@pytest.mark.parametrize(
    ("point", "message"),
    [
        ((nan, 0.0), "latitude is nan; it must be a number from -90 to 90"),
        ((90.01, 0.0), "latitude is 90.01; it must be a number from -90 to 90"),
        ((0.0, -180.5), "longitude is -180.5; it must be a number from -180 to 180"),
        ((0.0, inf), "longitude is inf; it must be a number from -180 to 180"),
    ],
)
def test_place_not_on_earth_is_refused(point, message):
    with pytest.raises(PlaceError) as coarse:
        coarse_cell(*point)
    with pytest.raises(PlaceError) as far:
        km_between((0.0, 0.0), point)

    assert [str(coarse.value), str(far.value)] == [message, message]


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "Pacoima",
        h3.latlng_to_cell(*PACOIMA, 9),
        h3.latlng_to_cell(*PACOIMA, 15),
        "ffffffffffff",
    ],
)
def test_anything_but_a_coarse_cell_is_refused(cell):
    with pytest.raises(PlaceError, match="must be H3 of resolution 8"):
        cell_centre(cell)


@pytest.mark.parametrize(
    ("a", "b", "km"),
    [
        (PACOIMA, PACOIMA, 0),
        ((0.0, 0.0), (0.0, 180.0), pi * EARTH_KM),
        ((90.0, 0.0), (-90.0, 50.0), pi * EARTH_KM),
        ((0.0, 0.0), (1.0, 0.0), pi * EARTH_KM / 180),
        ((0.0, 179.5), (0.0, -179.5), pi * EARTH_KM / 180),
    ],
)
def test_distance_of_known_points(a, b, km):
    assert km_between(a, b) == pytest.approx(km, abs=1e-6)


@given(points, points)
def test_distance_agrees_with_another_reader_both_ways(a, b):
    theirs = h3.great_circle_distance(a, b, unit="km") / 6371.007180918475 * EARTH_KM

    assert km_between(a, b) == pytest.approx(theirs, rel=1e-6, abs=1e-3)
    assert km_between(a, b) == pytest.approx(km_between(b, a), rel=1e-9, abs=1e-9)


def test_distance_across_los_angeles():
    assert km_between(PACOIMA, EL_MONTE) == pytest.approx(42.6, abs=0.3)
