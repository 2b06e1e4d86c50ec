"""Lists of venues, facilitators and postcodes."""

from __future__ import annotations

import pytest

from goround.apps.audit.models import Event
from goround.apps.organisations.models import Venue
from goround.apps.people.imports.files import ListUnusable
from goround.apps.people.models import Facilitator, ListImport, Parent, Postcode
from goround.domain.privacy.place import coarse_cell
from tests.make import make_programme
from tests.make_lists import counts, make_list, row, save

pytestmark = pytest.mark.django_db

HALL = {
    "id": "v1",
    "name": "Hall",
    "mode": "in-person",
    "lat": "34.262",
    "lon": "-118.421",
    "slots": "thu 09:30-11:30;mon 18:00-20:00",
    "rooms": "2",
    "capacity": "8",
    "features": "step-free;childcare",
}
ROOM = {"id": "v2", "mode": "online", "slots": "mon 18:00-20:00"}
MARIA = {
    "id": "f1",
    "name": "María",
    "languages": "es;en",
    "available": "mon 17:30-20:30",
    "lat": "34.063",
    "lon": "-118.029",
    "max_km": "40",
    "interests": "new-baby",
    "groups": "3",
}


def venues(programme, *rows):
    return make_list(programme, rows, kind=ListImport.Kind.VENUES)


def facilitators(programme, *rows):
    return make_list(programme, rows, kind=ListImport.Kind.FACILITATORS)


def postcodes(programme, *rows):
    lines = ["postcode,lat,lon", *rows]
    return make_list(programme, "\n".join(lines).encode(), kind=ListImport.Kind.POSTCODES)


def test_venues_are_saved_with_every_column():
    programme = make_programme()

    listed = save(venues(programme, HALL, ROOM))

    hall, room = Venue.objects.order_by("reference")
    assert (listed.status, listed.programme, counts(listed)) == ("saved", None, (2, 0, 0, 0))
    assert (hall.name, hall.mode, hall.lat, hall.lon) == ("Hall", "in-person", 34.262, -118.421)
    assert hall.slots == ("mon 18:00-20:00", "thu 09:30-11:30")
    assert (hall.rooms, hall.capacity, hall.features) == (2, 8, ("childcare", "step-free"))
    assert (room.name, room.mode, room.lat, room.capacity) == ("v2", "online", None, None)
    assert Event.objects.filter(kind="venue.added").count() == 2


def test_venues_again_change_only_what_differs():
    programme = make_programme()
    save(venues(programme, HALL, ROOM))

    listed = save(venues(programme, HALL | {"rooms": "3"}, ROOM))

    assert counts(listed) == (0, 1, 1, 0)
    assert Event.objects.get(kind="venue.changed").facts == {"fields": ["rooms"]}
    assert counts(venues(programme, HALL | {"rooms": "3"}, ROOM)) == (0, 0, 2, 0)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"rooms": "0"}, "rooms"),
        ({"rooms": "99999"}, "rooms"),
        ({"capacity": "99999"}, "capacity"),
        ({"name": "x" * 121}, "name"),
        ({"lat": ""}, "lat"),
        ({"mode": "by pigeon"}, "mode"),
    ],
)
def test_bad_venue_is_named_and_left_out(cells, column):
    listed = venues(make_programme(), HALL | cells, ROOM)

    assert counts(listed) == (1, 0, 0, 1)
    assert [(bad.line, bad.column) for bad in listed.rejected.all()] == [(2, column)]


def test_facilitators_are_saved_with_every_column():
    programme = make_programme()

    save(facilitators(programme, MARIA, MARIA | {"id": "f2", "name": "", "max_km": ""}))

    maria, other = Facilitator.objects.order_by("reference")
    assert (maria.shown_as, maria.languages) == ("María", ("en", "es"))
    assert (maria.available, maria.interests) == (("mon 17:30-20:30",), ("new-baby",))
    assert (maria.max_km, maria.groups_at_most) == (40.0, 3)
    assert maria.home_cell == coarse_cell(34.063, -118.029)
    assert (other.shown_as, other.max_km) == ("f2", None)


def test_facilitators_again_change_nothing():
    programme = make_programme()
    save(facilitators(programme, MARIA))

    again = facilitators(programme, MARIA)

    assert (again.status, counts(again)) == ("saved", (0, 0, 1, 0))


@pytest.mark.parametrize(
    ("cells", "column"), [({"name": "x" * 81}, "name"), ({"groups": "99999"}, "groups")]
)
def test_bad_facilitator_is_named_and_left_out(cells, column):
    listed = facilitators(make_programme(), MARIA | cells, MARIA | {"id": "f2"})

    assert [(bad.line, bad.column) for bad in listed.rejected.all()] == [(2, column)]


def test_postcodes_are_kept_as_coarse_cells_of_the_network():
    programme = make_programme()

    listed = save(postcodes(programme, "913 31,34.26,-118.42", "90001,33.97,-118.25"))

    assert counts(listed) == (2, 0, 0, 0)
    table = dict(Postcode.objects.values_list("code", "cell"))
    assert table == {"91331": coarse_cell(34.26, -118.42), "90001": coarse_cell(33.97, -118.25)}
    assert {code.network for code in Postcode.objects.all()} == {programme.organisation.network}


def test_postcodes_again_change_only_those_that_moved():
    programme = make_programme()
    save(postcodes(programme, "91331,34.26,-118.42", "90001,33.97,-118.25"))

    listed = save(postcodes(programme, "91331,34.26,-118.42", "90001,33.00,-118.25"))

    assert (counts(listed), Postcode.objects.count()) == ((0, 1, 1, 0), 2)


@pytest.mark.parametrize("line", ["91331,95,-118", "91331,,", "x" * 13 + ",1,1", ",1,1"])
def test_postcodes_with_one_bad_line_are_refused_whole(line):
    with pytest.raises(ListUnusable, match=r"postcodes\.csv"):
        postcodes(make_programme(), "90001,33.97,-118.25", line)


def test_parents_are_found_by_postcode():
    programme = make_programme()
    save(postcodes(programme, "91331,34.26,-118.42"))
    by_code = row("p1", lat="", lon="", postcode="91331")

    listed = save(make_list(programme, [by_code, by_code | {"id": "p2", "postcode": "1"}]))

    assert counts(listed) == (1, 0, 0, 1)
    assert Parent.objects.get().home_cell == coarse_cell(34.26, -118.42)


def test_postcodes_of_another_network_do_not_count():
    save(postcodes(make_programme(), "91331,34.26,-118.42"))

    listed = make_list(make_programme(), [row("p1", lat="", lon="", postcode="91331")])

    assert (listed.status, listed.bad_rows) == ("refused", 1)
