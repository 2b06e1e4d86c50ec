"""Somebody's language goes with their account; the device remembers it for a visitor."""

from __future__ import annotations

import pytest
from django.test import Client

from goround.apps.audit.models import Event
from tests.web.accounts.people import sign_in, somebody

pytestmark = pytest.mark.django_db


def speaks(client: Client, path: str = "/crisis/") -> str:
    return client.get(path).headers["Content-Language"]


def test_visitor_reads_in_the_language_they_choose():
    client = Client()
    assert speaks(client) == "en"

    went = client.post("/language/", {"language": "es", "next": "/crisis/"})

    assert (went.status_code, went.headers["Location"]) == (302, "/crisis/")
    assert speaks(client) == "es"
    assert not Event.objects.exists()


def test_language_goes_with_the_account_to_another_device():
    user = somebody()
    here, there = Client(), Client()
    sign_in(here)
    here.post("/language/", {"language": "es"})
    user.refresh_from_db()
    assert user.language == "es"

    there.post("/language/", {"language": "en"})
    assert speaks(there) == "en"
    sign_in(there)
    assert speaks(there) == "es"


def test_choosing_the_same_again_leaves_no_second_entry():
    somebody()
    client = Client()
    sign_in(client)
    for _ in range(2):
        client.post("/language/", {"language": "es"})
    assert Event.objects.filter(kind="user.language_chosen").count() == 1


def test_language_that_nobody_translated_changes_nothing():
    user = somebody()
    client = Client()
    sign_in(client)
    client.post("/language/", {"language": "de"})
    user.refresh_from_db()
    assert (user.language, speaks(client)) == ("", "en")


def test_language_leads_to_no_other_site():
    went = Client().post("/language/", {"language": "es", "next": "https://elsewhere.example/"})
    assert went.headers["Location"] == "/"
