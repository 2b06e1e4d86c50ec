"""A telephone without an account, let into one circle by its code."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from goround.apps.circle.models import CircleDevice
from goround.apps.circle.services import act, close_circle, let_phones_go
from goround.domain.circle.commands import Begin, Finish, Leading
from goround.domain.privacy.guessing import BOUNDS, Secret
from tests.page_words import words

pytestmark = pytest.mark.django_db

AS_PART = {"HX-Request": "true"}


def join(code: str, alias: str = "Ben") -> Client:
    client = Client()
    response = client.post("/circle/", {"code": code, "alias": alias, "phone": "1"})
    assert (response.status_code, response.headers["Location"]) == (302, "/circle/here/")
    return client


def lead(circle, *commands):
    for command in commands:
        circle = act(
            circle=circle,
            command=command,
            hand=Leading("elsewhere"),
            by=None,
            at=timezone.now(),
        )
    return circle


def title_on(client: Client) -> str:
    return re.search(r'class="own-title">([^<]+)<', client.get("/circle/here/").text)[1]


def test_telephone_says_when_it_is_next_and_when_it_is_its_turn(evening):
    circle = evening.open()
    ben = join(circle.code)
    assert title_on(ben) == "You have a seat."

    circle = lead(circle, Begin("b", 0))
    assert title_on(ben) == "You are next."
    lead(circle, Finish("f", 1))
    assert title_on(ben) == "It is your turn. Take your time."

    ben.post("/circle/here/", {"act": "pass", "key": "p", "turn": "2"})
    assert title_on(ben) == "Cleo is speaking."
    assert "You will be asked once more at the end." in ben.get("/circle/here/").text


def test_telephone_cannot_tap_for_others_or_lead(evening):
    circle = lead(evening.open(), Begin("b", 0))
    ben = join(circle.code)

    for number, sent in enumerate(
        (
            {"act": "finish", "turn": "1"},
            {"act": "leave", "seat": "1"},
            {"act": "lead"},
            {"act": "undo", "turn": "1"},
        )
    ):
        ben.post("/circle/here/", sent | {"key": f"k{number}"})

    circle.refresh_from_db()
    state = circle.circle()
    assert (state.round.now.seat, state.leader) == (1, "elsewhere")
    assert state.is_here(1)


def test_part_is_what_the_page_holds(evening):
    ben = join(evening.open().code)

    page, part = ben.get("/circle/here/").text, ben.get("/circle/here/", headers=AS_PART).text

    masked = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert masked.sub("", part).strip() in masked.sub("", page)


def test_device_on_the_table_shows_whose_turn_it_is_and_taps_for_all(evening):
    circle = lead(evening.open(), Begin("b", 0))
    table = Client()
    table.post("/circle/", {"code": circle.code, "table": "1"})
    assert "Ana" in table.get("/circle/here/").text

    table.post("/circle/here/", {"act": "finish", "key": "k", "turn": "1"})

    circle.refresh_from_db()
    assert circle.circle().round.now.seat == 2


def test_cookie_is_out_of_reach_and_not_what_is_stored(evening):
    ben = join(evening.open().code)

    cookie = ben.cookies["circle"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/circle/")
    assert CircleDevice.objects.get().token_hash != cookie.value


def test_wrong_code_and_shut_circle_are_answered_alike(evening):
    client, code = Client(), evening.open().code
    wrong = client.post("/circle/", {"code": code[:-1] + "4", "alias": "Ben"})
    close_circle(circle=_circle(evening), keep=False, by=evening.dolores, at=timezone.now())

    closed = client.post("/circle/", {"code": code, "alias": "Ben"})

    assert (wrong.status_code, closed.status_code) == (422, 422)
    said = "No circle has this code."
    assert said in wrong.text
    assert said in closed.text


def _circle(evening):
    evening.meeting.refresh_from_db()
    return evening.meeting.open_circle


def test_guesses_at_a_code_are_bounded(evening):
    code = evening.open().code
    client = Client()
    wrong = [code[:4] + f"{number:04d}" for number in range(BOUNDS[Secret.CIRCLE].tries)]

    answers = [client.post("/circle/", {"code": each, "alias": "B"}) for each in wrong]
    right = client.post("/circle/", {"code": code, "alias": "B"})

    assert {answer.status_code for answer in answers} == {422}
    assert right.status_code == 429
    assert not CircleDevice.objects.exists()


def test_name_that_another_telephone_has_is_refused(evening):
    code = evening.open().code
    join(code)

    answer = Client().post("/circle/", {"code": code, "alias": " ben "})

    assert answer.status_code == 422
    assert "A telephone is in the circle under that name." in answer.text


def test_telephone_that_was_let_go_and_a_closed_circle_say_goodbye(evening):
    circle = evening.open()
    ben, ana = join(circle.code), join(circle.code, "Ana")

    let_phones_go(circle=circle, seat=2, by=evening.dolores, at=timezone.now())
    assert ben.get("/circle/here/").status_code == 404
    assert ana.get("/circle/here/").status_code == 200

    close_circle(circle=circle, keep=False, by=evening.dolores, at=timezone.now())
    goodbye = ana.get("/circle/here/")
    assert goodbye.status_code == 404
    assert "This circle is closed" in goodbye.text
    assert goodbye.cookies["circle"].value == ""


def test_visitor_without_a_cookie_finds_nothing(evening):
    evening.open()

    assert Client().get("/circle/here/").status_code == 404
    assert Client().get("/circle/here/live/").status_code == 404
    assert "Ana" not in words(Client().get("/circle/"))


def test_name_is_asked_for_but_not_of_the_table(evening):
    code = evening.open().code

    answer = Client().post("/circle/", {"code": code, "alias": " ", "phone": "1"})

    assert answer.status_code == 422
    assert "Write what we may call you." in answer.text
