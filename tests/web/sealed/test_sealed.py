from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from goround.apps.accounts.models import User
from goround.apps.audit.models import Event
from goround.apps.keys import lead_keys, sealing
from goround.apps.keys.models import LeadKey, RecoveryKey
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.roles import Role
from goround.web.sealed import opened, views
from tests.make import make_coordinator, make_organisation, make_user

pytestmark = pytest.mark.django_db

PHRASE = re.compile(r'<p class="receipt" translate="no"><strong>([a-z ]+)</strong></p>')
CARD_WORD = re.compile(r"<li>([a-z]+)</li>")


@pytest.fixture
def host() -> Organisation:
    return make_organisation(slug="here")


@pytest.fixture
def ruth(host) -> User:
    return make_user(role=Role.SAFEGUARDING_LEAD, organisation=host, shown_as="Ruth")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def make_key(client: Client) -> str:
    return PHRASE.findall(client.post("/o/here/sealed/key/").text)[0]


def open_records(client: Client, phrase: str, **more: str):
    return client.post("/o/here/sealed/", {"phrase": phrase} | more)


def is_open(client: Client) -> bool:
    return "Sealed records are open" in client.get("/o/here/sealed/").text


def make_open(user: User) -> Client:
    client = client_of(user)
    open_records(client, make_key(client))
    return client


def test_a_lead_makes_a_key_and_opens_the_records_with_its_phrase(ruth):
    client = client_of(ruth)
    phrase = make_key(client)

    answer = open_records(client, phrase)

    assert len(phrase.split()) == 6
    assert (answer.status_code, answer.headers["Location"]) == (302, "/o/here/sealed/")
    assert is_open(client)
    assert LeadKey.objects.get().user_id == ruth.pk
    assert [event.kind for event in Event.objects.order_by("pk")] == [
        "lead_key.made",
        "lead_key.opened",
    ]


def test_the_phrase_is_shown_once_and_kept_nowhere(ruth):
    client = client_of(ruth)
    phrase = make_key(client)

    assert phrase not in client.get("/o/here/sealed/").text
    assert phrase not in str(dict(client.session))
    assert phrase not in str(list(Event.objects.values()))


def test_a_wrong_phrase_opens_nothing_and_is_audited(ruth):
    client = client_of(ruth)
    make_key(client)

    answer = open_records(client, "not the right words at all")

    assert "These words do not open the sealed records" in answer.text
    assert opened.COOKIE not in answer.cookies
    assert not is_open(client)
    assert Event.objects.latest("pk").kind == "lead_key.refused"


def test_guesses_at_a_phrase_are_bounded_and_the_right_one_waits_too(ruth):
    client = client_of(ruth)
    phrase = make_key(client)

    answers = [open_records(client, "wrong").status_code for _ in range(7)]

    assert answers == [200] * 5 + [429] * 2
    assert open_records(client, phrase).status_code == 429
    assert not is_open(client)


def test_the_cookie_is_out_of_reach_and_goes_to_this_organisation_only(ruth, settings):
    settings.SESSION_COOKIE_SECURE = True
    client = client_of(ruth)
    cookie = open_records(client, make_key(client)).cookies[opened.COOKIE]

    assert cookie["httponly"]
    assert cookie["secure"]
    assert (cookie["path"], cookie["samesite"]) == ("/o/here/", "Strict")
    assert cookie["max-age"] == 15 * 60


def test_session_and_cookie_open_nothing_one_without_the_other(ruth):
    client = make_open(ruth)
    cookie = client.cookies[opened.COOKIE].value

    del client.cookies[opened.COOKIE]
    assert not is_open(client)

    elsewhere = client_of(ruth)
    elsewhere.cookies[opened.COOKIE] = cookie
    assert not is_open(elsewhere)


def test_records_close_by_themselves_after_fifteen_minutes(ruth, monkeypatch):
    client = make_open(ruth)
    now = opened.timezone.now()

    monkeypatch.setattr(opened.timezone, "now", lambda: now + timedelta(minutes=14))
    assert is_open(client)
    monkeypatch.setattr(opened.timezone, "now", lambda: now + timedelta(minutes=16))
    assert not is_open(client)


@pytest.mark.parametrize("how", ["/o/here/sealed/close/", "/sign-out/"])
def test_records_close_when_told_to(ruth, how):
    client = make_open(ruth)

    client.post(how)
    client.force_login(ruth)

    assert not is_open(client)


def test_opening_leads_back_where_the_lead_came_from_and_nowhere_else(ruth):
    client = client_of(ruth)
    phrase = make_key(client)

    back = open_records(client, phrase, next="/o/here/sealed/card/")
    client.post("/o/here/sealed/close/")
    away = open_records(client, phrase, next="https://elsewhere.example/")

    assert back.headers["Location"] == "/o/here/sealed/card/"
    assert away.headers["Location"] == "/o/here/sealed/"


def test_a_card_is_asked_for_shown_once_and_tried(ruth):
    client = make_open(ruth)
    asked = client.get("/o/here/sealed/card/")
    shown = client.post("/o/here/sealed/card/")
    words = CARD_WORD.findall(shown.text)

    wrong = client.post("/o/here/sealed/card/try/", {"words": " ".join(words[::-1])})
    right = client.post("/o/here/sealed/card/try/", {"words": "\n".join(words)})

    assert RecoveryKey.objects.count() == 1
    assert len(words) == 24
    assert CARD_WORD.findall(asked.text) == []
    assert "<svg" in shown.text
    assert "These are not the words" in wrong.text
    assert right.status_code == 302
    assert RecoveryKey.objects.get().proven_at is not None


def test_a_card_is_not_made_while_the_records_are_closed(ruth):
    client = client_of(ruth)
    make_key(client)

    answer = client.post("/o/here/sealed/card/")

    assert answer.headers["Location"] == "/o/here/sealed/?next=%2Fo%2Fhere%2Fsealed%2Fcard%2F"
    assert not RecoveryKey.objects.exists()


def test_a_lead_lets_another_read_what_was_sealed_before_they_came(host, ruth):
    client = make_open(ruth)
    sealed = sealing.seal(organisation_id=host.pk, kind="concern", row_id=1, text="worried")
    ben = make_user(role=Role.SAFEGUARDING_LEAD, organisation=host, shown_as="Ben")
    make_open(ben)
    key = LeadKey.objects.get(user_id=ben.pk)
    page = client.get("/o/here/sealed/").text

    answer = client.post("/o/here/sealed/let-in/", {"key": key.pk})
    again = client.post("/o/here/sealed/let-in/", {"key": key.pk})

    assert "Let Ben read them" in page
    assert (answer.status_code, again.status_code) == (302, 404)
    assert {copy.lead_key_id for copy in sealed.keys.all()} == set(
        LeadKey.objects.values_list("pk", flat=True)
    )


def test_nobody_is_let_in_from_another_organisation(host, ruth):
    client = make_open(ruth)
    sealing.seal(organisation_id=host.pk, kind="concern", row_id=1, text="worried")
    stranger = make_organisation(slug="there")
    eve = make_user(role=Role.SAFEGUARDING_LEAD, organisation=stranger)
    key, _ = lead_keys.make_lead_key(
        organisation_id=stranger.pk, user_id=eve.pk, at=opened.timezone.now()
    )

    assert client.post("/o/here/sealed/let-in/", {"key": key.pk}).status_code == 404
    assert client.post("/o/here/sealed/let-in/", {"key": "x"}).status_code == 404


def test_the_last_who_can_read_keeps_their_key(host, ruth):
    client = make_open(ruth)
    sealing.seal(organisation_id=host.pk, kind="concern", row_id=1, text="worried")
    before = LeadKey.objects.get()

    answer = client.post("/o/here/sealed/key/", follow=True)

    assert "your key was kept as it is" in answer.text
    assert LeadKey.objects.get() == before


def test_a_coordinator_finds_no_such_pages(host):
    client = client_of(make_coordinator(host))

    for page in ("", "card/", "card/try/"):
        assert client.get(f"/o/here/sealed/{page}").status_code == 404
    assert client.post("/o/here/sealed/key/").status_code == 404
    assert not LeadKey.objects.exists()


def test_the_forms_forget_what_is_typed():
    assert views.PhraseForm({"phrase": "six words"})["phrase"].as_widget().count("six words") == 0
