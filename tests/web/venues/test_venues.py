from __future__ import annotations

import re

import pytest

from goround.apps.audit.models import Event
from goround.apps.organisations.models import Venue
from goround.apps.organisations.roles import Role
from tests.make import make_coordinator, make_organisation, make_user, make_venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return make_organisation()


@pytest.fixture
def ana(client, here):
    user = make_coordinator(here)
    client.force_login(user)
    return user


def o(here, tail=""):
    return f"/o/{here.slug}/venues/{tail}"


def rows_of(*rows, initial=0):
    data = {"hours-TOTAL_FORMS": str(len(rows)), "hours-INITIAL_FORMS": str(initial)}
    for number, (day, begins, ends) in enumerate(rows):
        data |= {
            f"hours-{number}-day": day,
            f"hours-{number}-begins": begins,
            f"hours-{number}-ends": ends,
        }
    return data


def hall(*hours, **more):
    usual = {
        "name": "Hall",
        "mode": "in-person",
        "lat": "34.05",
        "lon": "-118.25",
        "rooms": "2",
        "capacity": "12",
        "features": ["step-free"],
        "in_use": "on",
    }
    return usual | more | rows_of(*hours)


def said(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_new_venue_is_saved_with_its_hours(client, here, ana):
    hours = [("thu", "09:30", "11:30"), ("mon", "18:00", "20:00"), ("", "", "")]

    answer = client.post(o(here, "new/"), hall(*hours), follow=True)

    venue = Venue.objects.get()
    assert "Hall was saved." in answer.text
    assert venue.slots == ("mon 18:00-20:00", "thu 09:30-11:30")
    assert (venue.rooms, venue.capacity, venue.features) == (2, 12, ("step-free",))
    assert [(event.kind, event.by_id) for event in Event.objects.all()] == [("venue.added", ana.pk)]


def test_venue_page_has_rows_to_spare(client, here, ana):
    venue = make_venue(here, slots=("mon 18:00-20:00", "sat 09:00-10:30"))

    page = client.get(o(here, f"{venue.pk}/")).text

    assert page.count('type="time"') == 2 * (2 + 3)
    assert 'value="18:00"' in page
    assert '<option value="sat" selected>' in page


def test_venue_changed_by_emptying_a_row(client, here, ana):
    venue = make_venue(here, name="Hall", slots=("mon 18:00-20:00", "sat 09:00-10:30"))
    data = hall() | rows_of(("", "", ""), ("sat", "09:00", "10:30"), initial=2)

    client.post(o(here, f"{venue.pk}/"), data)

    venue.refresh_from_db()
    assert venue.slots == ("sat 09:00-10:30",)


def test_venue_online_needs_no_point(client, here, ana):
    client.post(o(here, "new/"), hall(mode="online", lat="", lon=""))

    assert Venue.objects.get().lat is None


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (hall(lat=""), "Say where it is"),
        (hall(lat="95"), "less than or equal to 90"),
        (hall(rooms="0"), "greater than or equal to 1"),
        (hall(name=""), "This field is required"),
        (hall(name="TAKEN"), "There is a venue of this name already"),
        (hall(("mon", "20:00", "18:00")), "The end must be later"),
        (hall(("mon", "18:00", "")), "Fill in the day, from and to"),
        (hall(("", "18:00", "20:00")), "Fill in the day, from and to"),
        (hall(("mon", "soon", "later")), "The end must be later"),
    ],
)
def test_venue_answers_bad_input_in_words_and_loses_nothing(client, here, ana, data, says):
    make_venue(here, name="Taken")

    answer = client.post(o(here, "new/"), data | {"address": "Main Street 1"})

    assert says in said(answer.text)
    assert 'value="Main Street 1"' in answer.text
    assert Venue.objects.count() == 1


def test_venue_that_was_not_changed_leaves_no_trace(client, here, ana):
    venue = make_venue(here, name="Hall", rooms=2, capacity=12, features=("step-free",))

    client.post(o(here, f"{venue.pk}/"), hall(("mon", "18:00", "20:00")))

    assert list(Event.objects.values_list("kind", "facts")) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_venues_page_costs_the_same(client, here, ana, rows, django_assert_num_queries):
    for number in range(rows):
        make_venue(here, name=f"Hall {number}", features=("childcare", "own-piano"))
    make_venue(make_organisation(), name="Hidden Hall")
    client.get(o(here))

    with django_assert_num_queries(6):
        page = client.get(o(here)).text

    assert page.count('class="card"') == rows
    assert "Monday 18:00–20:00" in page
    assert "Childcare, own piano" in page
    assert "Hidden Hall" not in page


def test_venues_page_without_any_says_what_to_do(client, here, ana):
    assert "No venues yet." in client.get(o(here)).text


def test_venue_of_somebody_else_is_not_there(client, here, ana):
    other = make_venue(make_organisation())

    assert client.get(o(here, f"{other.pk}/")).status_code == 404
    assert client.post(o(here, f"{other.pk}/"), hall()).status_code == 404
    assert client.get(o(other.organisation)).status_code == 404


def test_venues_are_not_there_for_facilitators(client, here):
    client.force_login(make_user(role=Role.FACILITATOR, organisation=here))

    assert client.get(o(here)).status_code == 404
    assert client.get(o(here, "new/")).status_code == 404
