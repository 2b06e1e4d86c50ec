import pytest

from goround.apps.organisations.models import Venue
from goround.domain.privacy.place import cell_centre, coarse_cell, km_between
from goround.web.coordinator.rounds_map import RoundMap, draw, svg

HOMES = {
    "1": coarse_cell(34.05, -118.25),
    "2": coarse_cell(34.05, -118.25),
    "3": coarse_cell(34.15, -118.35),
    "4": coarse_cell(33.95, -118.15),
}
HALL = Venue(pk=7, name="Hall <3>", lat=34.0, lon=-118.2)
ONLINE = Venue(pk=8, name="Video", mode="online")


def drawn(**changes: object) -> RoundMap:
    asked: dict[str, object] = {
        "homes": HOMES,
        "venues": [HALL, ONLINE],
        "placed": ["1", "3"],
        "groups_at": {"7": 2},
    }
    found = draw(**asked | changes)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_north_is_up_and_east_is_right():
    found = drawn(homes={"3": HOMES["3"]})
    home, hall = found.homes[0], found.places[0]

    assert home.x < hall.x
    assert home.y < hall.y


def test_distances_on_the_map_are_those_of_the_scale():
    found = drawn(members=["1", "3", "4"], meets_at="7")
    points_per_km = found.scale.length / found.scale.km

    for way, parent in zip(sorted(found.ways, key=lambda w: w.y1), ["3", "1", "4"], strict=True):
        points = ((way.x1 - way.x2) ** 2 + (way.y1 - way.y2) ** 2) ** 0.5
        km = km_between(cell_centre(HOMES[parent]), (34.0, -118.2))
        assert points / points_per_km == pytest.approx(km, rel=0.01)


def test_homes_in_one_cell_are_one_larger_dot():
    found = drawn(placed=["1", "2"])

    sizes = {home.kind: home.r for home in found.homes}

    assert len(found.homes) == 3
    assert sizes["placed"] > sizes["unplaced"]


def test_only_venues_with_a_place_are_on_the_map():
    assert [place.pk for place in drawn().places] == [7]


def test_who_has_a_group_is_counted():
    found = drawn()

    assert (found.placed, found.unplaced) == (2, 2)


def test_without_a_place_there_is_no_map():
    assert draw(homes={}, venues=[ONLINE], placed=[], groups_at={}) is None


def test_one_point_alone_can_be_drawn():
    found = drawn(homes={}, venues=[HALL])

    assert 0 < found.places[0].x < found.width
    assert 0 < found.places[0].y < found.height


def test_a_home_far_out_is_drawn_at_the_edge():
    crowd = {str(n): coarse_cell(34.0 + n / 1000, -118.2) for n in range(100)}
    found = drawn(homes=crowd | {"far": coarse_cell(36.0, -118.2)})

    assert min(home.y for home in found.homes) >= 0
    assert found.height < 1000


def test_a_name_is_written_safely_and_only_where_the_group_meets():
    plain = svg(drawn(), label="Map", km="5 km")
    chosen = svg(drawn(members=["1"], meets_at="7"), label="Map", km="5 km")

    assert "<text" in chosen
    assert "Hall &lt;3&gt;" in chosen
    assert "Hall <3>" not in plain + chosen
    assert plain.count("<text") == 1
