"""A parent's record at the coordinator's desk, and the trail."""

from __future__ import annotations

import pytest

from goround.apps.audit.models import Chain, Event
from goround.apps.audit.services import record
from goround.apps.jobs.daily import Clock
from goround.apps.people.consents.models import Consent
from tests.make import NOON, make_coordinator, make_organisation, make_parent, make_venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return make_organisation()


@pytest.fixture
def ana(client, here):
    ana = make_coordinator(here)
    client.force_login(ana)
    return ana


@pytest.fixture
def ida(here):
    return make_parent(here, alias="Calm River", safe_contact="Ask at the school gate")


def test_record_shows_what_they_told_and_notes_who_looked(client, here, ana, ida):
    page = client.get(f"/o/{here.slug}/parents/{ida.pk}/")

    assert "Ask at the school gate" in page.text
    opened = Event.objects.get(kind="parent.record_opened")
    assert (opened.subject_id, opened.by_id, opened.organisation_id) == (ida.pk, ana.pk, here.pk)
    assert opened.facts == {"why": "record", "roles": ["coordinator"]}


def test_record_of_somewhere_else_is_not_there_and_not_noted(client, here, ana):
    theirs = make_parent(make_organisation())

    assert client.get(f"/o/{here.slug}/parents/{theirs.pk}/").status_code == 404
    assert not Event.objects.exists()


def said(**answers: str) -> dict[str, str]:
    return {"purpose": "messages", "recipient": "", "answer": "yes", "how": "in-words"} | answers


def test_coordinator_notes_what_a_parent_said(client, here, ana, ida):
    url = f"/o/{here.slug}/parents/{ida.pk}/agreed/"

    page = client.post(url, said(purpose="sharing", recipient=" Riverside  Clinic "), follow=True)

    given = Consent.objects.get()
    assert (given.recipient, given.how, given.written_by) == ("Riverside Clinic", "in-words", ana)
    assert "Noted as they said it." in page.text
    client.post(url, said(purpose="sharing", recipient="Riverside Clinic", answer="no"))
    given.refresh_from_db()
    assert given.ended_because == "withdrawn"


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"purpose": "sharing"}, "Say which service this is for. Nothing was noted yet."),
        ({"how": "own-page"}, "own-page"),
        ({"answer": ""}, "required"),
    ],
)
def test_what_makes_no_sense_is_not_noted(client, here, ana, ida, answers, says):
    page = client.post(f"/o/{here.slug}/parents/{ida.pk}/agreed/", said(**answers))

    assert (page.status_code, Consent.objects.count()) == (200, 0)
    assert says in page.text


def test_desk_and_trail_page_show_a_break(client, here, ana):
    for _ in range(3):
        record("venue.changed", make_venue(here), by=None, at=NOON)
    Clock().tick(at=NOON)
    assert "is broken" not in client.get(f"/o/{here.slug}/").text
    whole = client.get(f"/o/{here.slug}/trail/").text
    assert f"3:{Chain.objects.get(organisation_id=here.pk).link}" in whole

    Event.objects.filter(organisation_id=here.pk, number=2).update(by_id=5)
    Clock().tick(at=NOON)

    assert "The trail of who did what is broken" in client.get(f"/o/{here.slug}/").text
    assert "at line 2." in client.get(f"/o/{here.slug}/trail/").text


def test_trail_page_before_the_first_check(client, here, ana):
    assert "Not checked yet" in client.get(f"/o/{here.slug}/trail/").text


def test_coordinator_makes_a_copy_for_a_parent_and_both_lines_stand(client, here, ana, ida):
    page = client.get(f"/o/{here.slug}/parents/{ida.pk}/copy/")
    answer = client.get(f"/o/{here.slug}/parents/{ida.pk}/copy/file/")

    assert "Ask at the school gate" in page.text
    assert answer.json()["parent"][0]["safe_contact"] == "Ask at the school gate"
    assert [event.kind for event in Event.objects.order_by("number")] == [
        "parent.record_opened",
        "parent.record_copied",
        "parent.record_copied",
    ]


def test_coordinator_erases_a_parent_who_asked(client, here, ana, ida):
    url = f"/o/{here.slug}/parents/{ida.pk}/erase/"
    assert "Everything goes on" in client.post(url, {"do": "later"}, follow=True).text
    assert "Everything goes on" not in client.post(url, {"do": "keep"}, follow=True).text

    client.post(url, {"do": "now"})

    ida.refresh_from_db()
    assert (ida.safe_contact, ida.alias) == ("", "—")
    assert client.get(url).status_code == 404
    assert client.get(f"/o/{here.slug}/parents/{ida.pk}/").status_code == 404
