"""One transaction a request: what it opened is shut again, and what failed is undone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from goround.apps.organisations.roles import Role
from goround.apps.people.facts import ParentFacts
from goround.apps.people.models import Parent
from goround.apps.people.receipts import receipt_words
from goround.apps.people.services import refer_self
from goround.apps.walls import places
from goround.web.middleware import WallMiddleware
from tests.make import (
    NOON,
    make_coordinator,
    make_network,
    make_organisation,
    make_parent,
    make_programme,
    make_referral,
    make_user,
)
from tests.wall import as_the_program

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite has no row-level security"
    ),
]


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_what_a_request_opened_does_not_reach_the_next_on_the_same_connection():
    programme = make_programme()
    parent = make_parent(programme.organisation, alias="Ana")
    make_referral(parent, programme)
    ana = signed_in(make_coordinator(programme.organisation))
    before = connection.connection

    page = ana.get(f"/o/{programme.organisation.slug}/waiting/")

    assert "Ana" in page.text
    assert connection.connection is before
    with as_the_program():
        assert not Parent.objects.exists()
        assert Client().get("/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('goround.organisations', true)")
        assert not cursor.fetchone()[0]


def test_the_wall_costs_a_page_one_query():
    programme = make_programme()
    ana = signed_in(make_coordinator(programme.organisation))

    with CaptureQueriesContext(connection) as captured:
        ana.get(f"/o/{programme.organisation.slug}/venues/")

    said = [query["sql"] for query in captured.captured_queries]
    assert len([sql for sql in said if sql.startswith("SELECT set_config")]) == 1
    assert (said.count("BEGIN"), said.count("COMMIT")) == (1, 1)


@pytest.mark.parametrize(("status", "kept"), [(200, 1), (403, 1), (500, 0), (503, 0)])
def test_a_request_that_failed_leaves_nothing_written(status: int, kept: int):
    organisation = make_organisation()
    request = RequestFactory().get("/")
    request.user = make_coordinator(organisation)

    def answer(request: HttpRequest) -> HttpResponse:
        make_parent(organisation)
        return HttpResponse(status=status)

    WallMiddleware(answer)(request)

    assert Parent.objects.count() == kept


def test_a_view_that_breaks_off_leaves_nothing_written():
    organisation = make_organisation()
    request = RequestFactory().get("/")
    request.user = make_coordinator(organisation)

    def answer(request: HttpRequest) -> HttpResponse:
        make_parent(organisation)
        wall.process_exception(request, Http404())
        return HttpResponse(status=404)

    wall = WallMiddleware(answer)
    wall(request)

    assert not Parent.objects.exists()


def test_a_door_opens_its_own_organisation_only():
    programme, other = make_programme(door="welcome"), make_programme()
    make_parent(programme.organisation), make_parent(other.organisation)

    page = Client().get("/join/welcome/")

    assert page.status_code == 200
    assert programme.organisation.name in page.text
    assert other.organisation.name not in page.text


def test_a_receipt_opens_the_one_entry_it_belongs_to():
    programme = make_programme()
    secret = "0" * 32
    with places.working_for(programme.organisation_id):
        refer_self(
            programme=programme, alias="Ana", facts=ParentFacts(), secret=secret, by=None, at=NOON
        )

    page = Client().post("/join/receipt/", {"words": receipt_words(secret)})

    assert "Ana" in page.text


def test_a_network_office_gets_sums_over_its_own_organisations():
    network = make_network()
    make_organisation(network=network, name="Own host")
    make_organisation(name="Foreign host")
    officer = signed_in(make_user(role=Role.NETWORK_OFFICER, network=network))

    page = officer.get(f"/n/{network.slug}/month/")

    assert page.status_code == 200
    assert "Own host" in page.text
    assert "Foreign host" not in page.text
