"""The parent's page of papers, and the page where anybody checks one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from goround.apps.meetings.models import Attendance
from goround.apps.proofs.models import Proof
from goround.apps.proofs.services import take_proof_back
from tests.make import make_coordinator, make_group, make_meeting, make_membership, make_programme
from tests.make import make_user as somebody

pytestmark = pytest.mark.django_db
PAGE, CHECK = "/me/record/proof/", "/proof/"
CODE = "ABCD-EFGH-JKMN"


@pytest.fixture
def parent():
    group = make_group(make_programme(name="Circles"), name="Hidden group")
    member = make_membership(group, alias="Hidden alias")
    member.parent.user = somebody()
    member.parent.save()
    at = timezone.now() - timedelta(days=7)
    meeting = make_meeting(group, starts_at=at, status="held", recorded_at=at)
    Attendance.objects.create(meeting=meeting, membership=member)
    return member.parent


@pytest.fixture
def client(parent) -> Client:
    client = Client()
    client.force_login(parent.user)
    return client


def make(client: Client, parent, **changes):
    programme = parent.memberships.get().group.programme_id
    return client.post(PAGE, {"programme": programme, "holds": 92, **changes})


def ask(code: str):
    return Client().post(CHECK, {"code": code})


@pytest.fixture
def code(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("goround.web.parent.proof.new_code", lambda rng: CODE.replace("-", ""))
    return CODE


def test_the_page_shows_what_would_be_on_it_before_anything_is_made(client, parent):
    page = client.get(PAGE).text

    assert "On the paper" in page
    assert parent.organisation.name in page
    assert "Hidden" not in page
    assert not Proof.objects.exists()


def test_the_paper_is_a_file_that_stays_in_no_cache(client, parent, code):
    answer = make(client, parent)

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="paper.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content.startswith(b"%PDF-")
    assert "Take it back" in client.get(PAGE).text


def test_anybody_checks_it_and_reads_the_same_days(client, parent, code):
    make(client, parent)

    page = ask(code.lower()).text

    assert "Yes, this paper is one of ours" in page
    assert "1 day in all" in page
    for hidden in ("Hidden", "Circles"):
        assert hidden not in page


def test_the_programme_is_shown_where_the_parent_chose_so(client, parent, code):
    programme = parent.memberships.get().group.programme_id
    assert (
        "Circles"
        in client.get(PAGE, {"programme": programme, "names_programme": "on", "holds": 92}).text
    )
    make(client, parent, names_programme="on")

    assert "Programme: Circles" in ask(code).text


def test_no_answer_tells_one_wrong_code_from_another(client, parent, code):
    make(client, parent)
    take_proof_back(proof=Proof.objects.get(), by=parent.user, at=timezone.now())
    token = r'name="csrfmiddlewaretoken" value="\w+"'

    def told(typed: str) -> str:
        return re.sub(token, "", ask(typed).text).replace(f'value="{typed}"', "")

    assert told(code) == told("ABCD-EFGH-JKMP")


def test_guesses_are_bounded(client, parent, code):
    make(client, parent)
    statuses = [ask("ABCD-EFGH-JKM" + letter).status_code for letter in "34678ABCDEF"]

    assert statuses == [200] * 10 + [429]
    # The right one is no longer looked at either.
    assert ask(code).status_code == 429


def test_taking_it_back_needs_one_tap(client, parent, code):
    make(client, parent)

    page = client.post(PAGE, {"take_back": Proof.objects.get().pk}, follow=True).text

    assert "taken back" in page
    assert "No paper that holds has this code" in ask(code).text


def test_nobody_elses_paper_can_be_taken_back(client, parent, code):
    make(client, parent)
    other = make_membership(make_group()).parent
    other.user = somebody()
    other.save()
    stranger = Client()
    stranger.force_login(other.user)

    for asked in (Proof.objects.get().pk, "x", 987_654):
        assert stranger.post(PAGE, {"take_back": asked}).status_code == 404


def test_staff_have_no_such_page_and_see_a_number(client, parent, code):
    make(client, parent)
    office = Client()
    office.force_login(make_coordinator(parent.organisation))

    assert office.get(PAGE).status_code == 404
    assert office.post(PAGE, {"programme": 1, "holds": 92}).status_code == 404
    month = office.get(f"/o/{parent.organisation.slug}/month/").text
    assert "1 proof of attendance was asked for" in month
    assert "Hidden alias" not in month


@pytest.mark.parametrize(
    "wrong", [{"programme": 987_654}, {"first": "2026-03-05", "last": "2026-03-01"}, {"holds": 9}]
)
def test_a_wrong_form_makes_nothing(client, parent, wrong):
    assert make(client, parent, **wrong).headers["Content-Type"].startswith("text/html")
    assert not Proof.objects.exists()


def test_a_page_asked_for_twice_costs_the_same(client, parent, django_assert_max_num_queries):
    for _more in range(3):
        make(client, parent)

    with django_assert_max_num_queries(12):
        client.get(PAGE)
