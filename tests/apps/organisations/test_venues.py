from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from goround.apps.audit.models import Event
from goround.apps.organisations.models import Programme, RoleAssignment, Venue
from goround.apps.organisations.roles import Role
from goround.apps.organisations.selectors import (
    names_of_venues,
    open_door,
    programmes_for,
    venues_for,
)
from goround.apps.organisations.services import give_role, save_venue
from tests.make import (
    NOON,
    make_coordinator,
    make_network,
    make_organisation,
    make_programme,
    make_user,
    make_venue,
)

pytestmark = pytest.mark.django_db

HALL = {"name": "Hall", "lat": 34.05, "lon": -118.25, "slots": ("mon 18:00-20:00",)}


@pytest.fixture
def here():
    return make_organisation()


@pytest.fixture
def ana(here):
    return make_coordinator(here)


def add(here, by, **changes):
    return save_venue(venue=Venue(organisation=here), by=by, at=NOON, **HALL | changes)


def test_save_venue_adds_one_with_an_id_for_lists(here, ana):
    venue = add(here, ana)

    assert (venue.reference, venue.name, venue.slots) == ("by-hand-1", "Hall", HALL["slots"])
    event = Event.objects.get()
    assert (event.kind, event.subject_id, event.by_id) == ("venue.added", venue.pk, ana.pk)
    assert event.facts == {"fields": ["lat", "lon", "name", "slots"]}


def test_save_venue_finds_an_id_that_is_free(here, ana):
    make_venue(here, reference="by-hand-2")

    assert add(here, ana).reference == "by-hand-3"


def test_save_venue_writes_what_differs_and_nothing_else(here, ana):
    venue = add(here, ana)

    save_venue(venue=venue, by=ana, at=NOON, name="Hall", rooms=3)
    save_venue(venue=venue, by=ana, at=NOON, name="Hall", rooms=3)

    assert Venue.objects.get().rooms == 3
    changes = Event.objects.filter(kind="venue.changed")
    assert [event.facts for event in changes] == [{"fields": ["rooms"]}]


def test_save_venue_refuses_a_place_without_a_point(here, ana):
    with pytest.raises(ValidationError):
        add(here, ana, lat=None)

    assert (Venue.objects.count(), Event.objects.count()) == (0, 0)


def test_database_refuses_two_venues_of_one_id(here):
    make_venue(here, reference="v1")

    with pytest.raises(IntegrityError):
        make_venue(here, reference="v1")


def test_venues_and_programmes_are_absent_for_a_stranger(here, ana):
    venue, programme = make_venue(here, name="Hall"), make_programme(here)
    stranger = make_coordinator(make_organisation())

    assert list(venues_for(ana, here)) == [venue]
    assert list(programmes_for(ana, here)) == [programme]
    assert names_of_venues(ana, here) == {"hall"}
    assert list(venues_for(stranger, here)) == []
    assert list(programmes_for(stranger, here)) == []
    assert names_of_venues(stranger, here) == frozenset()


def test_open_door_leads_to_programmes_that_take_parents(here):
    programme = make_programme(here, door="welcome")
    make_programme(here, "safe-project", door="shut", takes_self_referrals=False)
    visitor = make_user()

    assert open_door(visitor, "welcome") == programme
    assert open_door(visitor, "shut") is None
    assert open_door(visitor, "nowhere") is None


def test_database_refuses_one_door_of_two_programmes(here):
    make_programme(here, door="welcome")

    with pytest.raises(IntegrityError):
        make_programme(here, "safe-project", door="welcome")


def test_give_role_twice_gives_it_once(here):
    user = make_user()

    for _ in range(2):
        give_role(user=user, role=Role.COORDINATOR, organisation=here, by=None, at=NOON)

    assert RoleAssignment.objects.count() == 1
    assert [event.facts["role"] for event in Event.objects.all()] == ["coordinator"]


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.NETWORK_OFFICER])
def test_database_refuses_a_role_in_the_wrong_place(here, role):
    wrong = {"organisation": here} if role == Role.NETWORK_OFFICER else {"network": make_network()}

    with pytest.raises(IntegrityError):
        RoleAssignment.objects.create(user=make_user(), role=role, **wrong)


def test_organisation_refuses_an_unknown_time_zone(here):
    here.time_zone = "America/Nowhere"

    with pytest.raises(ValidationError, match="is no time zone"):
        here.full_clean()


def test_programmes_keep_one_playbook_once(here):
    make_programme(here)

    with pytest.raises(IntegrityError):
        make_programme(here)

    assert Programme._meta.get_field("door").unique
