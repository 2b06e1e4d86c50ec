"""The parents' own front door: an alias is enough, one entry, a private receipt."""

from __future__ import annotations

import logging
import re

import pytest
from django.contrib.sessions.models import Session

from goround.apps.audit.models import Event
from goround.apps.people.models import Parent, Referral
from goround.domain.privacy.place import coarse_cell
from tests.make import make_parent, make_programme, make_referral

pytestmark = pytest.mark.django_db

SECRET = "fedcba9876543210" * 2
WORDS = re.compile(r'class="receipt"[^>]*><strong>([a-z ]+)<')


@pytest.fixture
def programme():
    return make_programme(name="Parent circles", door="welcome")


def join(client, **more):
    return client.post("/join/welcome/", {"secret": SECRET, "alias": "Calm River"} | more)


def said(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_join_page_opens_to_anybody_and_says_who_sees_what_before_the_button(client, programme):
    page = client.get("/join/welcome/")

    text = said(page.text)
    assert page.status_code == 200
    assert text.index("Who will see this") < text.index("Put me on the list")
    assert f"Coordinators at {programme.organisation.name}" in text
    assert "The network office and funders" in text


def test_join_page_is_light_and_asks_no_script_or_storage(client, programme):
    page = client.get("/join/welcome/")

    assert len(page.content) < 40_000
    assert "htmx" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "<title>Goround</title>" in page.text


def test_join_with_an_alias_alone_is_enough(client, programme):
    answer = join(client)

    parent = Parent.objects.get()
    referral = Referral.objects.get()
    assert "You are on the list, Calm River" in said(answer.text)
    assert (parent.alias, parent.home_cell, parent.languages) == ("Calm River", "", ())
    assert (referral.programme, referral.door) == (programme, "self")
    assert "You gave no way to reach you." in said(answer.text)


def test_join_makes_the_place_coarse_before_it_is_stored(client, programme):
    join(client, lat="34.26219", lon="-118.42173", safe_contact="text me")

    parent = Parent.objects.get()
    assert parent.home_cell == coarse_cell(34.26219, -118.42173)
    told = parent.details.as_bytes()
    stored = f"{list(Event.objects.values())} {list(Session.objects.all())} {told!r}"
    assert "34.26" not in stored
    assert "118.4" not in stored


def test_join_tapped_twice_makes_one_entry_and_shows_the_same_receipt(client, programme):
    first, again = join(client).text, join(client).text

    assert WORDS.findall(first) == WORDS.findall(again)
    assert Referral.objects.count() == 1


def test_join_puts_nothing_told_into_an_address_a_cookie_or_a_log(client, programme, caplog):
    caplog.set_level(logging.DEBUG)

    answer = join(client, safe_contact="text 555 0100", children="3", postcode="91331")
    answer = join(client, safe_contact="text 555 0100", children="3")

    words = WORDS.findall(answer.text)[0]
    assert answer.status_code == 200
    kept = f"{dict(answer.headers)} {client.cookies} {answer.request['QUERY_STRING']}"
    for private in ("Calm River", "555", "91331", words, SECRET):
        assert private not in kept
    logged = " ".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("django.db")
    )
    for private in ("Calm", "555", "91331", words, SECRET):
        assert private not in logged


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"alias": " "}, "Choose any name we can call you by"),
        ({"children": "three"}, "is no age"),
        ({"lat": "95", "lon": "0"}, "This is no place on Earth"),
        ({"postcode": "91331"}, "We do not know this postcode"),
        ({"alias": "x" * 61}, "at most 60"),
        ({"free": ["someday"]}, "Select a valid choice"),
    ],
)
def test_join_answers_bad_input_in_words_and_loses_nothing(client, programme, wrong, says):
    answer = join(client, **({"safe_contact": "text me", "free": ["sun-morning"]} | wrong))

    assert says in said(answer.text)
    assert 'value="text me"' in answer.text
    assert f'value="{SECRET}"' in answer.text
    assert Parent.objects.count() == 0


def test_join_at_an_unknown_or_shut_door_is_not_there(client, programme):
    make_programme(programme.organisation, "safe-project", door="shut", takes_self_referrals=False)

    unknown, shut = client.get("/join/nowhere/"), client.get("/join/shut/")

    assert (unknown.status_code, unknown.text) == (shut.status_code, shut.text)
    assert unknown.status_code == 404
    assert client.post("/join/shut/", {"secret": SECRET, "alias": "A"}).status_code == 404
    assert Parent.objects.count() == 0


def test_join_sends_a_stale_page_out_again_with_all_that_was_written(client, programme):
    answer = join(client, secret="", safe_contact="text me")

    assert "This page was open too long" in said(answer.text)
    assert 'value="text me"' in answer.text
    (secret,) = re.findall(r'name="secret" value="([0-9a-f]{32})"', answer.text)
    assert "You are on the list" in said(join(client, secret=secret).text)


@pytest.mark.parametrize("rows", [1, 3])
def test_join_costs_the_same_however_many_wait(client, programme, rows, django_assert_num_queries):
    for _ in range(rows):
        make_referral(make_parent(programme.organisation), programme)

    with django_assert_num_queries(4):
        client.get("/join/welcome/")


def receipt_of(client):
    return WORDS.findall(join(client, safe_contact="text me").text)[0]


def test_receipt_shows_what_is_kept(client, programme):
    words = receipt_of(client)

    page = said(client.post("/join/receipt/", {"words": words.upper()}).text)

    assert "Calm River" in page
    assert "text me" in page
    assert "Languages not said" in page


def test_receipt_lets_a_parent_leave_and_keeps_a_trace(client, programme):
    words = receipt_of(client)

    for _ in range(2):
        page = client.post("/join/receipt/", {"words": words, "withdraw": "yes"}).text

    assert "You left the list on" in said(page)
    assert "Yes, take me off" not in page
    assert Referral.objects.get().status == "withdrawn"
    event = Event.objects.get(kind="referral.withdrawn")
    assert (event.by_id, event.facts) == (None, {"because": ""})


def test_receipt_of_a_placed_parent_says_whom_to_ask(client, programme):
    words = receipt_of(client)
    Referral.objects.update(status="placed", ended_at="2026-03-04T12:00Z")

    page = client.post("/join/receipt/", {"words": words, "withdraw": "yes"}).text

    assert "There is a place for you in a group." in said(page)
    assert Referral.objects.get().status == "placed"


def test_wrong_and_unknown_receipts_get_the_same_answer(client, programme):
    words = receipt_of(client)
    wrong = " ".join(reversed(words.split()))

    answers = [
        client.post("/join/receipt/", {"words": guess, "withdraw": "yes"})
        for guess in (wrong, "no such words")
    ]

    pages = {answer.text.replace(wrong, "…").replace("no such words", "…") for answer in answers}
    pages = {re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page) for page in pages}
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(pages) == 1
    assert "There is nothing under these words." in said(pages.pop())
    assert Referral.objects.get().status == "waiting"


def test_receipt_without_words_asks_for_them(client):
    assert client.get("/join/receipt/").status_code == 200
    assert "Write the six words." in said(client.post("/join/receipt/", {}).text)


def test_join_asks_about_a_disability_in_ones_own_words_and_keeps_what_was_told(client, programme):
    assert "A child of mine does" in client.get(f"/join/{programme.door}/").text

    join(client, disabilities=["parent", "child"])

    assert Parent.objects.get().disabilities == ("parent", "child")
