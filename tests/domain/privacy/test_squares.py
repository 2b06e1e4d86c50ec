"""The map of squares: around all places, of equal squares, with words that are right."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from goround.domain.privacy.place import km_between
from goround.domain.privacy.squares import (
    MOST_ACROSS,
    MOST_DOWN,
    REACH_KM,
    Landmark,
    nearest,
    squares_around,
)

LIBRARY = Landmark("Library", 34.05, -118.25)


@st.composite
def towns(draw: st.DrawFn) -> list[tuple[float, float]]:
    """Up to eight places within some thirty kilometres, anywhere but near a pole."""
    lat, lon = draw(st.floats(-70, 70)), draw(st.floats(-180, 179.99))
    off = st.floats(-0.15, 0.15)
    return [
        (lat + draw(off), (lon + draw(off) + 180) % 360 - 180)
        for _place in range(draw(st.integers(1, 8)))
    ]


@given(points=towns())
def test_every_place_and_ten_kilometres_around_lie_in_the_squares(points) -> None:
    squares = squares_around(points)

    assert squares is not None
    assert squares.across <= MOST_ACROSS
    assert squares.down <= MOST_DOWN
    for point in points:
        assert squares.at(point) is not None
        right, below = squares.drawn_at(point)
        edges = min(right, below, squares.across - right, squares.down - below)
        assert edges * squares.side_km >= REACH_KM - 1e-6


@given(points=towns())
def test_the_centre_of_a_square_lies_in_that_square_alone(points) -> None:
    squares = squares_around(points)

    assert squares is not None
    for row, column, centre in squares.centres():
        assert squares.at(centre) == (row, column)


def test_squares_are_wider_when_places_lie_far_apart() -> None:
    near = squares_around([(34.05, -118.25)])
    far = squares_around([(34.05, -118.25), (35.0, -118.25)])

    assert near is not None
    assert far is not None
    assert far.side_km > near.side_km


def test_there_is_no_map_without_a_place_or_across_an_ocean() -> None:
    assert squares_around([]) is None
    assert squares_around([(34.05, -118.25), (53.8, -1.55)]) is None
    assert squares_around([(89.0, 0.0)]) is None


@given(north=st.floats(-0.1, 0.1), east=st.floats(-0.1, 0.1))
def test_a_bearing_tells_the_distance_and_the_directions(north: float, east: float) -> None:
    point = (LIBRARY.lat + north, LIBRARY.lon + east)

    seen = nearest(point, [LIBRARY, Landmark("Far away", 10.0, 10.0)])

    assert seen.landmark == LIBRARY
    assert abs(seen.km - km_between(point, LIBRARY.point)) < 0.01
    assert (seen.north_km >= 0) == (point[0] - LIBRARY.lat >= 0)
    assert (seen.east_km >= 0) == (point[1] - LIBRARY.lon >= 0)
