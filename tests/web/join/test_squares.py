"""Showing one's home on the map of squares, at the front door and when an agency refers."""

from __future__ import annotations

import re

import h3
import pytest

from goround.apps.people.models import Parent
from goround.domain.privacy.place import coarse_cell
from tests.make import make_coordinator, make_programme, make_venue

pytestmark = pytest.mark.django_db

SECRET = "fedcba9876543210" * 2
SQUARE = re.compile(r'name="square" value="([0-9a-f]+)"')


@pytest.fixture
def programme():
    programme = make_programme(name="Parent circles", door="welcome")
    make_venue(programme.organisation, name="Pacoima library", lat=34.26, lon=-118.42)
    make_venue(programme.organisation, name="Shut hall", lat=34.27, lon=-118.43, in_use=False)
    return programme


def join(client, **more):
    return client.post("/join/welcome/", {"secret": SECRET, "alias": "Calm River"} | more)


def test_join_shows_squares_around_the_venues_in_use(client, programme):
    page = client.get("/join/welcome/").text

    assert len(set(SQUARE.findall(page))) >= 36
    assert "Pacoima library" in page
    assert "Shut hall" not in page


def test_join_with_a_square_keeps_a_coarse_cell_and_nothing_finer(client, programme):
    square = SQUARE.findall(client.get("/join/welcome/").text)[10]

    join(client, square=square)

    cell = Parent.objects.get().home_cell
    assert (cell, h3.get_resolution(cell)) == (square, 8)


def test_join_believes_a_point_before_a_square(client, programme):
    square = SQUARE.findall(client.get("/join/welcome/").text)[10]

    join(client, square=square, lat="34.2601", lon="-118.4202")

    assert Parent.objects.get().home_cell == coarse_cell(34.2601, -118.4202)


def test_join_answers_an_unknown_square_in_words_and_loses_nothing(client, programme):
    page = join(client, square="88fffffffffffff", safe_contact="text me").text

    assert "The map has changed" in page
    assert 'value="Calm River"' in page
    assert "text me" in page
    assert not Parent.objects.exists()


def test_join_has_no_map_without_a_venue(client):
    make_programme(door="bare")

    assert not SQUARE.findall(client.get("/join/bare/").text)


def test_agency_referral_may_use_a_square_too(client, programme):
    client.force_login(make_coordinator(programme.organisation))

    page = client.get(f"/o/{programme.organisation.slug}/waiting/refer/").text

    assert "Which square do they live in?" in page
