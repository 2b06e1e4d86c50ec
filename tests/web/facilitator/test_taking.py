"""A meeting taken along, what a device brings back, and what a person then decides."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from goround.apps.groups.models import Leadership
from goround.apps.marks.models import Mark, Taken
from goround.apps.organisations.models import Programme
from goround.apps.organisations.playbooks import shipped_playbooks
from goround.apps.organisations.roles import Role
from tests.make import make_group, make_meeting, make_membership, make_user
from tests.make_marks import make_leader
from tests.web.facilitator.conftest import TONIGHT

pytestmark = pytest.mark.django_db


class Evening:
    def __init__(self) -> None:
        self.group = make_group(name="Hidden name of a group")
        self.meeting = make_meeting(self.group, starts_at=TONIGHT - timedelta(minutes=20))
        self.rosa = make_leader(self.meeting, shown_as="Rosa")
        self.ana = make_membership(self.group, alias="Ana")
        self.ben = make_membership(self.group, alias="Ben")
        self.host = self.group.organisation

    def page(self, name: str) -> str:
        return f"/o/{self.host.slug}/run/meetings/{self.meeting.pk}/{name}/"


@pytest.fixture
def evening() -> Evening:
    return Evening()


def signed_in(user, **session) -> Client:
    client = Client()
    client.force_login(user)
    if session:
        kept = client.session
        kept.update(session)
        kept.save()
    return client


def mark(**told) -> dict:
    return {
        "id": str(uuid4()), "place": 1, "about": "seat", "tapped_at": TONIGHT.isoformat(), **told
    }  # fmt: skip


def send(client: Client, pack: dict, *marks: dict):
    return client.post(
        f"/kept/{pack['number']}/marks/", json.dumps({"marks": marks}), "application/json"
    )


def test_the_device_gets_aliases_and_nothing_that_means_somebody_elsewhere(evening):
    pack = signed_in(evening.rosa).post(evening.page("take")).json()

    assert [(seat["seat"], seat["alias"]) for seat in pack["seats"]] == [("1", "Ana"), ("2", "Ben")]
    assert set(pack) == {
        "number", "key", "is_shared", "until", "starts", "ends", "when", "seats", "counts", "guide",
    }  # fmt: skip
    told = json.dumps({name: what for name, what in pack.items() if name != "key"})
    assert evening.group.name not in told
    assert evening.host.slug not in told
    assert pack["when"] == "Wednesday 4 March, 18:00–19:30"
    assert pack["guide"][0]["label"]


def test_the_device_gets_the_principles_in_words(evening):
    principles = shipped_playbooks()["circle-of-parents"].principles
    Programme.objects.update(playbook_key="circle-of-parents")

    pack = signed_in(evening.rosa).post(evening.page("take")).json()

    lines = [part["lines"] for part in pack["guide"] if part["lines"]]
    assert lines == [[each.label for each in principles]]


def test_marks_come_back_once_and_stand_on_the_roll(evening):
    client = signed_in(evening.rosa)
    pack = client.post(evening.page("take")).json()
    marks = mark(seat="1", is_here=True), mark(about="heads", count=3, place=2)

    answers = [send(client, pack, *marks).json() for _lost_answer in range(2)]

    assert answers[0] == answers[1]
    assert sorted(answers[0]["kept"]) == sorted(each["id"] for each in marks)
    assert Mark.objects.count() == 2
    page = client.get(evening.page("roll")).text
    assert "1 by name, 3 counted" in page


@pytest.mark.parametrize(
    "nonsense",
    [
        {"about": "everything"},
        {"seat": "1", "is_here": "yes", "place": 0},
        {"about": "heads", "count": -1},
        {"about": "heads", "count": 100_000},
        {"seat": "1", "is_here": True, "id": "1"},
    ],
)
def test_nonsense_is_refused_by_name_and_the_rest_is_kept(evening, nonsense):
    client = signed_in(evening.rosa)
    pack = client.post(evening.page("take")).json()
    odd, good = mark(**nonsense), mark(seat="1", is_here=True)

    answer = send(client, pack, odd, good).json()

    assert (answer["kept"], answer["refused"]) == ([good["id"]], [odd["id"]])


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"marks": 3}', '{"marks": [3, null]}', "{"])
def test_a_body_that_is_no_list_of_marks_does_nothing(evening, body):
    client = signed_in(evening.rosa)
    pack = client.post(evening.page("take")).json()

    answer = client.post(f"/kept/{pack['number']}/marks/", body, "application/json")

    assert answer.json() == {"kept": [], "refused": [], "asked": 0}


def test_the_key_is_for_whoever_took_it_and_nobody_else(evening):
    client = signed_in(evening.rosa)
    pack = client.post(evening.page("take")).json()
    other = signed_in(make_leader(evening.meeting))
    address = f"/kept/{pack['number']}/key/"

    assert client.post(address).json() == {"key": pack["key"]}
    missing = other.post(f"/kept/{uuid4()}/key/")
    for stranger in (other, signed_in(make_user())):
        answer = stranger.post(address)
        assert (answer.status_code, answer.content) == (404, missing.content)
        assert send(stranger, pack, mark(seat="1", is_here=True)).status_code == 404
    assert Client().post(address).status_code == 302
    assert not Mark.objects.exists()


def test_each_time_it_is_taken_along_has_a_key_of_its_own(evening):
    client = signed_in(evening.rosa)

    packs = [client.post(evening.page("take")).json() for _device in range(2)]

    assert len({pack["key"] for pack in packs}) == 2
    assert all(len(pack["key"]) == 64 for pack in packs)


def test_a_stranger_takes_nothing_along(evening):
    childrens = make_user(role=Role.CHILDRENS_LEADER, organisation=evening.host)
    elsewhere = make_user(role=Role.FACILITATOR, organisation=evening.host)
    for user in (childrens, elsewhere, make_user()):
        for name in ("take", "marks"):
            assert signed_in(user).get(evening.page(name)).status_code == 404
            assert signed_in(user).post(evening.page(name)).status_code == 404
    assert not Taken.objects.exists()


def test_a_shared_device_is_told_what_becomes_of_the_list(evening):
    client = signed_in(evening.rosa, is_shared=True)

    assert "After ten minutes without a touch" in client.get(evening.page("take")).text
    assert client.post(evening.page("take")).json()["is_shared"] is True


def test_disagreement_is_shown_with_both_sides_and_decided(evening):
    client, other = signed_in(evening.rosa), signed_in(make_leader(evening.meeting, shown_as="Kai"))
    one, two = (each.post(evening.page("take")).json() for each in (client, other))
    send(client, one, mark(seat="1", is_here=True))
    assert send(other, two, mark(seat="1", is_here=False)).json()["asked"] == 1

    assert "1 question" in client.get(evening.page("roll")).text
    page = client.get(evening.page("marks")).text
    assert "Rosa, at 18:20" in page
    assert "Kai, at 18:20" in page
    about = f"seat:{evening.ana.pk}"
    client.post(evening.page("marks"), {"about": about, "answer": "here"})

    assert list(evening.meeting.attendances.values_list("membership", flat=True)) == [
        evening.ana.pk
    ]
    assert "Nothing waits" in client.get(evening.page("marks")).text
    again = client.post(evening.page("marks"), {"about": about, "answer": "here"}, follow=True)
    assert "That was answered already" in again.text


def test_saving_the_roll_by_hand_settles_what_stood_on_it(evening):
    client = signed_in(evening.rosa)
    pack = client.post(evening.page("take")).json()
    send(client, pack, mark(seat="1", is_here=True))
    page = client.get(evening.page("roll") + "?change=1").text
    newest = Mark.objects.get().pk
    assert f'name="marks_seen" value="{newest}"' in page

    client.post(evening.page("roll"), {"marks_seen": newest, "present": [evening.ben.pk]})

    assert list(evening.meeting.attendances.values_list("membership__alias", flat=True)) == ["Ben"]
    assert "question" not in client.get(evening.page("roll")).text


def test_marks_of_a_cancelled_meeting_are_explained(evening):
    client = signed_in(evening.rosa)
    pack = client.post(evening.page("take")).json()
    evening.meeting.status, evening.meeting.cancelled_because = "cancelled", "snow"
    evening.meeting.save()
    send(client, pack, mark(seat="1", is_here=True))

    page = client.get(evening.page("marks")).text
    assert "This meeting was cancelled" in page
    client.post(evening.page("marks"), {"set_aside": "1"})

    assert "Nothing waits" in client.get(evening.page("marks")).text


def test_the_page_of_a_device_is_the_same_for_everybody(evening):
    leader, visitor = signed_in(evening.rosa).get("/kept/").text, Client().get("/kept/").text
    word = r'name="csrfmiddlewaretoken" value="\w+"'

    assert re.sub(word, "", leader) == re.sub(word, "", visitor)
    assert "Rosa" not in leader


def test_the_page_says_hello_without_saying_to_whom(evening):
    told = signed_in(evening.rosa).get("/kept/hello/").json()

    assert (told["signed_in"], set(told)) == (True, {"signed_in", "token"})
    assert Client().get("/kept/hello/").json()["signed_in"] is False


def test_sending_needs_the_word_against_forgery(evening):
    client = Client(enforce_csrf_checks=True)
    client.force_login(evening.rosa)
    taken = signed_in(evening.rosa).post(evening.page("take")).json()

    assert client.post(f"/kept/{taken['number']}/key/").status_code == 403
    token = client.get("/kept/hello/").json()["token"]
    answer = client.post(f"/kept/{taken['number']}/key/", headers={"X-CSRFToken": token})
    assert answer.json() == {"key": taken["key"]}


def test_the_number_of_questions_costs_no_more_queries(evening, django_assert_max_num_queries):
    client = signed_in(evening.rosa)
    pack = client.post(evening.page("take")).json()
    for name in ("Cy", "Di", "Eve"):
        make_membership(evening.group, alias=name)
    other = client.post(evening.page("take")).json()
    send(client, pack, *(mark(seat=str(n), is_here=True, place=n) for n in (1, 2)))
    send(client, other, *(mark(seat=str(n), is_here=False, place=n) for n in (1, 2, 3)))

    with django_assert_max_num_queries(24):
        page = client.get(evening.page("marks"))

    assert page.text.count("Two lists say different things") == 2


def test_a_parent_who_leads_takes_it_along_too(evening):
    leader = make_user(role=Role.PARENT_LEADER, organisation=evening.host)
    evening.ana.parent.user = leader
    evening.ana.parent.save()
    Leadership.objects.create(
        group=evening.group, membership=evening.ana, part="parent-leader", from_on="2026-03-02"
    )

    assert signed_in(leader).post(evening.page("take")).status_code == 200
