"""Answering on a phone, on a tablet that goes round, and signed in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from goround.apps.audit.models import Event
from goround.apps.organisations.roles import Role
from goround.apps.surveys.models import Response, Wave
from goround.apps.surveys.services import close_wave
from goround.domain.surveys import WaveKind
from tests.make import (
    make_facilitator,
    make_group,
    make_leadership,
    make_membership,
    make_parent,
    make_user,
)
from tests.make_surveys import answer, make_wave
from tests.page_words import words

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
FILLED = {"now-calm": "4", "now-tired": "2", "now-heard": "skip", "now-help": ["1"]}


def sheet_of(page) -> str:
    return re.search(r'name="sheet" value="([^"]+)"', page.text)[1]


@pytest.fixture
def group():
    return make_group(name="Monday circle")


@pytest.fixture
def wave(group):
    return make_wave(group, at=timezone.now())


@pytest.fixture
def ida(group):
    """A member with an account."""
    user = make_user(role=Role.PARENT, organisation=group.organisation)
    parent = make_parent(group.organisation, user=user)
    make_membership(group, parent, joined_on=group.today(at=timezone.now()) - 30 * DAY)
    return parent


def come_in(client, wave, how="own"):
    return client.post("/survey/", {"code": wave.code.lower(), how: "1"}, follow=True)


def test_the_code_leads_to_an_empty_sheet_that_tells_no_group(client, wave):
    page = come_in(client, wave)

    assert page.redirect_chain == [("/survey/answer/", 302)]
    assert "I am calm." in words(page)
    assert "Monday circle" not in page.text
    assert page.text.count(" checked") == 0
    assert page.headers["Cache-Control"] == "no-store"
    assert wave.code not in page.text


def test_a_wrong_code_opens_nothing_and_is_counted(client, wave):
    page = client.post("/survey/", {"code": "XXXXXXXX", "own": "1"})

    assert page.status_code == 422
    assert "No questions have this code today" in words(page)
    assert "survey" not in client.cookies

    for _ in range(10):
        last = client.post("/survey/", {"code": "XXXXXXXX", "own": "1"})
    assert last.status_code == 429


def test_answers_on_a_phone_are_kept_and_the_device_forgets(client, wave):
    page = come_in(client, wave)

    done = client.post(
        "/survey/answer/",
        FILLED | {"sheet": sheet_of(page), "link": "Malaga 14", "link_is_right": "1"},
        follow=True,
    )

    assert "Thank you" in words(done)
    assert "I am next" not in words(done)
    kept = Response.objects.get()
    assert (kept.mode, kept.opened()[0]) == (
        "phone",
        {"calm": 4, "tired": 2, "heard": None, "help": (1,)},
    )
    assert "Nothing is open here" in words(client.get("/survey/answer/"))


def test_a_tablet_begins_anew_for_each_and_back_finds_an_empty_sheet(client, wave):
    first = come_in(client, wave, "shared")
    done = client.post("/survey/answer/", FILLED | {"sheet": sheet_of(first)}, follow=True)
    assert "Hand it to the next person" in words(done)

    back = client.get("/survey/answer/")

    assert back.text.count(" checked") == 0
    assert sheet_of(back) != sheet_of(first)
    assert "sessionid" not in client.cookies
    client.post("/survey/answer/", FILLED | {"sheet": sheet_of(back)})
    assert set(Response.objects.values_list("mode", "respondent")) == {("tablet", None)}
    assert Response.objects.count() == 2


def test_the_cookie_says_which_wave_and_nothing_of_an_answer(client, wave):
    page = come_in(client, wave, "shared")
    before = client.cookies["survey"].value

    client.post("/survey/answer/", FILLED | {"sheet": sheet_of(page), "link": "Malaga 14"})

    assert client.cookies["survey"].value == before
    assert client.cookies["survey"]["httponly"]
    assert client.cookies["survey"]["path"] == "/survey/"


def test_a_sheet_sent_twice_is_one_response(client, wave):
    page = come_in(client, wave, "shared")

    for _ in range(2):
        client.post("/survey/answer/", FILLED | {"sheet": sheet_of(page)})

    assert Response.objects.count() == 1


def test_a_device_that_goes_round_signs_out_whoever_was_in(client, group, wave):
    leader = make_user(role=Role.FACILITATOR, organisation=group.organisation)
    client.force_login(leader)

    come_in(client, wave, "shared")

    assert "_auth_user_id" not in client.session


def test_everybody_had_it_lets_the_device_go(client, wave):
    come_in(client, wave, "shared")

    assert "Nothing is open here" in words(client.post("/survey/thanks/"))
    assert "Nothing is open here" in words(client.get("/survey/answer/"))


def test_everything_can_be_skipped(client, wave):
    page = come_in(client, wave)

    client.post("/survey/answer/", {"sheet": sheet_of(page)})

    assert set(Response.objects.get().opened()[0].values()) == {None}


def test_a_no_is_one_more_and_no_answers(client, wave):
    page = come_in(client, wave, "shared")

    done = client.post(
        "/survey/answer/", FILLED | {"sheet": sheet_of(page), "refuse": "1"}, follow=True
    )

    wave.refresh_from_db()
    assert (wave.refused, Response.objects.count()) == (1, 0)
    assert "Thank you" in words(done)


def test_a_code_that_somebody_has_is_told_and_the_answers_stay_on_the_page(client, wave):
    answer(wave, link="malaga14", at=timezone.now())
    page = come_in(client, wave)

    again = client.post("/survey/answer/", FILLED | {"sheet": sheet_of(page), "link": "Malaga14"})

    assert again.status_code == 422
    assert "add a letter to yours" in words(again)
    assert re.search(r'name="now-calm" value="4"[^>]* checked', again.text)
    assert Response.objects.count() == 1


def test_an_unknown_code_is_asked_about_once_and_then_taken(client, wave):
    sent = FILLED | {"sheet": sheet_of(come_in(client, wave)), "link": "malaga14"}

    asked = client.post("/survey/answer/", sent)
    assert "Nobody here used this code before" in words(asked)
    client.post("/survey/answer/", sent | {"link_is_right": "1"})

    assert Response.objects.get().respondent is not None


def test_a_first_survey_takes_a_new_code_at_once(client, group):
    wave = make_wave(group, kind=WaveKind.PRE, at=timezone.now())
    page = come_in(client, wave)

    client.post("/survey/answer/", FILLED | {"sheet": sheet_of(page), "link": "malaga14"})

    assert Response.objects.count() == 1


def test_before_and_now_are_asked_in_one_sitting(client, group):
    wave = make_wave(group, kind=WaveKind.RETROSPECTIVE, at=timezone.now())
    page = come_in(client, wave)
    assert words(page).count("Before you came here") == 3

    client.post("/survey/answer/", FILLED | {"sheet": sheet_of(page), "before-calm": "1"})

    now, before = Response.objects.get().opened()
    assert (now["calm"], before["calm"]) == (4, 1)
    assert "help" not in before


@pytest.mark.parametrize("wrong", [{"now-calm": "9"}, {"now-help": ["7"]}, {"link": "a"}])
def test_what_no_form_has_is_not_kept(client, wave, wrong):
    page = come_in(client, wave)

    assert (
        client.post("/survey/answer/", FILLED | {"sheet": sheet_of(page)} | wrong).status_code
        == 422
    )
    assert not Response.objects.exists()


def test_a_sheet_of_another_time_is_sent_once_more(client, wave):
    come_in(client, wave)

    again = client.post("/survey/answer/", FILLED | {"sheet": "x"})
    assert "send it once more" in words(again)
    client.post("/survey/answer/", FILLED | {"sheet": sheet_of(again)})

    assert Response.objects.count() == 1


def test_a_wave_that_closed_lets_nobody_in(client, wave):
    page = come_in(client, wave)
    close_wave(wave=wave, by=None, at=timezone.now())

    sent = client.post("/survey/answer/", FILLED | {"sheet": sheet_of(page)})

    assert "Nothing is open here" in words(sent)
    assert not Response.objects.exists()


def test_a_member_answers_signed_in_and_is_asked_no_more(client, group, wave, ida):
    waiting = make_wave(group, at=timezone.now())
    client.force_login(ida.user)
    room = client.get(f"/room/{group.pk}/")
    assert "Look at the questions" in words(room)

    page = client.get(f"/survey/{waiting.pk}/")
    assert "A code of your own" not in words(page)
    done = client.post(f"/survey/{waiting.pk}/", FILLED | {"sheet": sheet_of(page)}, follow=True)

    assert "Thank you. Your answers are kept." in words(done)
    assert Response.objects.get().respondent.parent == ida
    assert client.get(f"/survey/{waiting.pk}/").status_code == 404
    assert {event.by_id for event in Event.objects.filter(kind="response.kept")} == {None}


def test_a_member_who_says_no_finds_only_a_link(client, group, ida):
    wave = make_wave(group, at=timezone.now())
    client.force_login(ida.user)

    done = client.post(f"/survey/{wave.pk}/", {"refuse": "1"}, follow=True)

    assert "we do not ask again" in words(done)
    assert "Look at the questions" not in words(done)
    assert "you can still answer" in words(done)
    assert Wave.objects.get(pk=wave.pk).refused == 1


def test_nobody_answers_for_a_group_they_are_not_in(client, wave):
    client.force_login(make_user())

    assert client.get(f"/survey/{wave.pk}/").status_code == 404


def test_a_leader_sees_the_code_and_how_many_and_never_who_said_no(client, group, wave):
    leader = make_user(role=Role.FACILITATOR, organisation=group.organisation)
    make_leadership(group, make_facilitator(group.organisation, user=leader))
    answer(wave, at=timezone.now())
    Wave.objects.filter(pk=wave.pk).update(refused=41)
    client.force_login(leader)

    room = client.get(f"/room/{group.pk}/")

    assert f"{wave.code[:4]} {wave.code[4:]}" in words(room)
    assert "1 person has answered" in words(room)
    assert "41" not in words(room)
