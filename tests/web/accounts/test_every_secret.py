"""Every kind of secret, at the page that takes it: wrong tries end, and then the right one waits.

``test_guessing_races`` asks each of these pages many times at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from goround.apps.audit.models import Event
from goround.apps.organisations.roles import Role
from goround.domain.privacy.guessing import BOUNDS, Secret
from tests.make import make_organisation
from tests.make_children import make_evening
from tests.make_safeguarding import make_lead_with_key, open_sealed
from tests.web.accounts.people import give_app, sign_in, somebody

pytestmark = pytest.mark.django_db

Ask = Callable[[str], Any]


def words_at(address: str) -> Ask:
    return lambda word: Client().post(address, {"words": f"apple {word} and others"})


def code_at(address: str, **more: str) -> Ask:
    return lambda word: Client().post(address, {"code": f"AB{word}"} | more)


def beside(client: Client) -> Client:
    """Another window of the same browser: it may ask at the same time."""
    window = Client()
    window.cookies = SimpleCookie({name: one.value for name, one in client.cookies.items()})
    return window


def second_factor() -> Ask:
    give_app(somebody(role=Role.COORDINATOR), at=timezone.now() - timedelta(hours=1))
    client = Client()
    sign_in(client)
    return lambda word: beside(client).post("/sign-in/second/", {"code": word})


def passphrase_again() -> Ask:
    client = Client()
    client.force_login(somebody("ben"))
    return lambda word: beside(client).post("/account/prove/", {"passphrase": f"wrong {word}"})


def sealing_phrase() -> Ask:
    here = make_organisation()
    lead, _, _ = make_lead_with_key(here)
    client = Client()
    client.force_login(lead)
    page = f"/o/{here.slug}/sealed/"
    return lambda word: beside(client).post(page, {"phrase": f"{word} a b c d e"})


def sealing_card() -> Ask:
    here = make_organisation()
    lead, _, phrase = make_lead_with_key(here)
    client = Client()
    client.force_login(lead)
    open_sealed(client, here, phrase)
    shown = client.post(f"/o/{here.slug}/sealed/card/").text
    wrong = re.findall(r"<li>([a-z]+)</li>", shown)[::-1]
    assert wrong
    page = f"/o/{here.slug}/sealed/card/try/"
    return lambda word: beside(client).post(page, {"words": " ".join(wrong)})


def pick_up() -> Ask:
    evening = make_evening(timezone.now() - timedelta(minutes=10))
    evening.begin()
    leo = evening.child("Leo")
    evening.sign_in(leo)
    leader, page = evening.as_leader(), evening.page("sign_out", leo.pk)
    adult = str(leo.adults.get().pk)

    def ask(word: str) -> Any:
        sent = {"adult": adult, "seen": "code", "code": word, "mark": str(uuid4())}
        return beside(leader).post(page, sent)

    return ask


# Each try costs a hash: ``test_sign_in``, ``test_sessions`` and the races ask these pages.
ELSEWHERE = {Secret.PASSPHRASE, Secret.PASSPHRASE_AGAIN}
ASKED: dict[Secret, Callable[[], Ask]] = {
    Secret.SECOND_FACTOR: second_factor,
    Secret.CARD: lambda: words_at("/sign-in/card/"),
    Secret.CODE: lambda: words_at("/sign-in/code/"),
    Secret.SIGN_UP: lambda: words_at("/hello/"),
    Secret.RECEIPT: lambda: words_at("/join/receipt/"),
    Secret.SEALING_PHRASE: sealing_phrase,
    Secret.SEALING_CARD: sealing_card,
    Secret.CIRCLE: lambda: code_at("/circle/", alias="Ana"),
    Secret.PICK_UP: pick_up,
    Secret.PROOF: lambda: code_at("/proof/"),
    Secret.SURVEY: lambda: code_at("/survey/"),
}


# Each of its tries costs a hash, so it is asked at once only.
RACED = ASKED | {Secret.PASSPHRASE_AGAIN: passphrase_again}


def is_shut(answer: Any) -> bool:
    """Refused without being looked at. At the children's door the page says so itself."""
    return answer.status_code == 429 or "Too many wrong codes for this child" in answer.text


def test_every_secret_is_asked():
    assert set(ASKED) | ELSEWHERE == set(Secret)


@pytest.mark.parametrize("secret", ASKED)
def test_wrong_tries_at_every_secret_end_at_its_bound(secret):
    ask, bound = ASKED[secret](), BOUNDS[secret].tries

    answers = [ask(f"{number:06}") for number in range(100_001, 100_003 + bound)]

    assert [is_shut(answer) for answer in answers] == [False] * bound + [True] * 2
    assert {answer.status_code for answer in answers} <= {200, 422, 429}
    assert "100002" not in str(list(Event.objects.values_list("facts", flat=True)))
