from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from goround.apps.audit.models import Event
from goround.apps.organisations.roles import Role
from goround.apps.people.models import Facilitator, Postcode, Training
from goround.domain.privacy.place import coarse_cell
from tests.make import (
    TODAY,
    make_coordinator,
    make_facilitator,
    make_organisation,
    make_programme,
    make_user,
)
from tests.web.venues.test_venues import rows_of

pytestmark = pytest.mark.django_db

KIND = "circle-facilitator"


@pytest.fixture
def here():
    organisation = make_organisation()
    make_programme(organisation)
    return organisation


@pytest.fixture
def ana(client, here):
    user = make_coordinator(here)
    client.force_login(user)
    return user


def o(here, tail="facilitators/"):
    return f"/o/{here.slug}/{tail}"


def trainings(*rows, initial=0):
    data = {"trainings-TOTAL_FORMS": str(len(rows)), "trainings-INITIAL_FORMS": str(initial)}
    for number, (kind, day) in enumerate(rows):
        data |= {f"trainings-{number}-kind": kind, f"trainings-{number}-completed_on": day}
    return data


def maria(**more):
    usual = {
        "shown_as": "María",
        "languages": ["es", "en"],
        "groups_at_most": "2",
        "interests": ["men"],
        "max_km": "20",
        "in_service": "on",
    }
    return usual | rows_of(("mon", "17:30", "20:30")) | trainings() | more


def said(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_new_facilitator_is_saved_with_hours_place_and_training(client, here, ana):
    data = maria(
        is_parent="on",
        another_language="fi",
        lat="34.05",
        lon="-118.25",
        background_check_until="2027-01-31",
    ) | trainings((KIND, "2026-02-03"), ("", ""))

    answer = client.post(o(here, "facilitators/new/"), data, follow=True)

    person = Facilitator.objects.get()
    assert "María was saved." in answer.text
    assert (person.shown_as, person.reference, person.is_parent) == ("María", "by-hand-1", True)
    assert (person.languages, person.available) == (("es", "en", "fi"), ("mon 17:30-20:30",))
    assert (person.interests, person.max_km, person.groups_at_most) == (("men",), 20.0, 2)
    assert person.home_cell == coarse_cell(34.05, -118.25)
    assert str(person.background_check_until) == "2027-01-31"
    assert [(row.kind, str(row.completed_on)) for row in person.trainings.all()] == [
        (KIND, "2026-02-03")
    ]
    assert [(event.kind, event.by_id) for event in Event.objects.order_by("pk")] == [
        ("facilitator.added", ana.pk),
        ("facilitator.trainings_changed", ana.pk),
    ]


def test_facilitator_page_shows_what_is_stored(client, here, ana):
    person = make_facilitator(
        here, shown_as="Rosa", languages=("qu",), available=("sun 09:00-10:00",)
    )
    Training.objects.create(facilitator=person, kind="older-course", completed_on=TODAY)

    page = client.get(o(here, f"facilitators/{person.pk}/")).text

    assert 'value="Rosa"' in page
    assert re.search(r'value="qu"[^>]*checked', page)
    assert '<option value="older-course" selected>' in page
    assert 'value="2026-03-04"' in page
    assert page.count('type="time"') == 2 * (1 + 3)


def test_facilitator_saved_unchanged_leaves_no_trace(client, here, ana):
    client.post(o(here, "facilitators/new/"), maria() | trainings((KIND, "2026-02-03")))
    person, before = Facilitator.objects.get(), Event.objects.count()

    client.post(o(here, f"facilitators/{person.pk}/"), maria() | trainings((KIND, "2026-02-03")))

    assert list(Event.objects.values_list("kind", "facts"))[before:] == []


def test_facilitator_keeps_the_place_when_none_is_written(client, here, ana):
    person = make_facilitator(here, shown_as="María", home_cell="8829a1d743fffff")

    client.post(o(here, f"facilitators/{person.pk}/"), maria())
    person.refresh_from_db()
    assert person.home_cell == "8829a1d743fffff"

    Postcode.objects.create(network=here.network, code="90001", cell="8829a1d5c3fffff")
    client.post(o(here, f"facilitators/{person.pk}/"), maria(postcode="90001"))
    person.refresh_from_db()
    assert person.home_cell == "8829a1d5c3fffff"


def test_training_taken_out_is_gone_and_in_the_trail(client, here, ana):
    person = make_facilitator(here, shown_as="María")
    Training.objects.create(facilitator=person, kind=KIND, completed_on=TODAY)

    client.post(o(here, f"facilitators/{person.pk}/"), maria() | trainings(("", ""), initial=1))

    assert Training.objects.count() == 0
    assert Event.objects.get(kind="facilitator.trainings_changed").facts == {
        "added": 0,
        "removed": 1,
    }


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (maria(shown_as=""), "This field is required"),
        (maria(shown_as="rosa"), "Somebody is shown as rosa already"),
        (maria(postcode="nowhere"), "We do not know this place"),
        (maria(groups_at_most="-1"), "greater than or equal to 0"),
        (maria() | trainings((KIND, "")), "Fill in both the training and its day"),
        (maria() | trainings((KIND, "yesterday")), "Enter a valid date"),
        (maria() | rows_of(("mon", "20:00", "18:00")), "The end must be later"),
    ],
)
def test_facilitator_answers_bad_input_in_words_and_loses_nothing(client, here, ana, data, says):
    make_facilitator(here, shown_as="Rosa")

    answer = client.post(o(here, "facilitators/new/"), data | {"max_km": "17.5"})

    assert says in said(answer.text)
    assert 'value="17.5"' in answer.text
    assert Facilitator.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_facilitators_page_costs_the_same(client, here, ana, rows, django_assert_num_queries):
    for number in range(rows):
        make_facilitator(here, shown_as=f"Rosa {number}", interests=("men",))
    make_facilitator(make_organisation(), shown_as="Hidden Hugo")
    client.get(o(here))

    with django_assert_num_queries(8):
        page = client.get(o(here)).text

    assert page.count("Rosa") == rows
    assert "Hidden Hugo" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_training_table_says_who_completed_what(client, here, ana, rows, django_assert_num_queries):
    for number in range(rows):
        person = make_facilitator(here, shown_as=f"Rosa {number}")
        Training.objects.create(facilitator=person, kind=KIND, completed_on=TODAY)
    client.get(o(here, "training/"))

    with django_assert_num_queries(8):
        page = said(client.get(o(here, "training/")).text)

    assert "Three-day facilitator training" in page
    assert page.count("4 Mar 2026 not recorded") == rows


@pytest.mark.parametrize(("days", "says"), [(0, "good until"), (30, "good until"), (-2, "ran out")])
def test_training_table_tells_a_check_that_ran_out(client, here, ana, days, says):
    today = here.local(timezone.now()).date()
    make_facilitator(here, background_check_until=today + timedelta(days=days))

    assert says in said(client.get(o(here, "training/")).text)


def test_training_table_opens_to_supervisors_who_change_nothing(client, here):
    person = make_facilitator(here, shown_as="Rosa")
    client.force_login(make_user(role=Role.SUPERVISOR, organisation=here))

    page = client.get(o(here, "training/"))

    assert (page.status_code, "Rosa" in page.text) == (200, True)
    assert f"facilitators/{person.pk}/" not in page.text
    assert client.get(o(here)).status_code == 404
    assert client.get(o(here, f"facilitators/{person.pk}/")).status_code == 404


def test_facilitators_of_somebody_else_are_not_there(client, here, ana):
    other = make_facilitator(make_organisation())

    assert client.get(o(here, f"facilitators/{other.pk}/")).status_code == 404
    assert client.post(o(here, f"facilitators/{other.pk}/"), maria()).status_code == 404
    assert client.get(o(other.organisation, "training/")).status_code == 404
