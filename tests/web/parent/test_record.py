"""A parent's own pages about their record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from goround.apps.audit.models import Event
from goround.apps.organisations.roles import Role
from goround.apps.people.consents import services as consents
from goround.apps.people.consents.models import Consent
from goround.apps.people.opening import keep_details
from goround.apps.records.openings import Why, note_opened
from tests.make import (
    make_coordinator,
    make_organisation,
    make_parent,
    make_programme,
    make_referral,
    make_user,
)
from tests.page_words import words

pytestmark = pytest.mark.django_db

PAGES = ["record/", "record/opened/", "record/agreed/", "record/copy/", "record/erase/"]


@pytest.fixture
def here():
    return make_organisation()


@pytest.fixture
def ida(client, here):
    """A parent with an account, signed in."""
    user = make_user(role=Role.PARENT, organisation=here, shown_as="Ida")
    client.force_login(user)
    return make_parent(here, alias="Calm River", user=user)


def test_parent_sees_who_opened_their_record_and_why(client, here, ida):
    referral = make_referral(ida, make_programme(here))
    rosa = make_coordinator(here, shown_as="Rosa")
    client.force_login(rosa)
    for _ in range(2):
        assert client.get(f"/o/{here.slug}/waiting/{referral.pk}/").status_code == 200
    client.force_login(ida.user)

    page = client.get("/me/record/opened/")

    assert page.text.count("Rosa") == 1
    assert "Rosa · coordinator" in words(page)
    today = here.local(timezone.now()).strftime("%-d %B %Y")
    assert f"{today}, to look at your place on the waiting list" in words(page)


def test_each_day_and_each_reason_is_a_line_of_its_own(client, here, ida):
    rosa, now = make_coordinator(here, shown_as="Rosa"), timezone.now()
    for days, why in [(1, Why.WAITING), (1, Why.WAITING), (0, Why.WAITING), (0, Why.RECORD)]:
        at = now - timedelta(days=days)
        note_opened(organisation=here, parent_ids=[ida.pk], why=why, by=rosa, at=at)

    assert client.get("/me/record/opened/").text.count("Rosa") == 3


def test_own_opening_and_a_strangers_record_are_not_noted(here, ida):
    elsewhere, now = make_organisation(), timezone.now()
    rosa = make_coordinator(here)
    theirs = make_parent(elsewhere)
    note_opened(organisation=here, parent_ids=[ida.pk], why=Why.RECORD, by=ida.user, at=now)
    note_opened(organisation=here, parent_ids=[theirs.pk], why=Why.RECORD, by=rosa, at=now)

    assert not Event.objects.exists()


def test_page_never_shows_what_was_read_for_somebodys_safety(client, here, ida):
    lead = make_user(role=Role.SAFEGUARDING_LEAD, organisation=here, shown_as="Ruth")
    from goround.apps.audit import services as audit

    audit.record("sealed.opened", ida, by=lead, at=timezone.now(), concern=1)
    without = client.get("/me/record/opened/")
    audit.record("concern.acknowledged", ida, by=lead, at=timezone.now())

    page = client.get("/me/record/opened/")
    assert "Ruth" not in words(page)
    assert words(page) == words(without)
    assert "Some notes are sealed" in words(page)


def test_somebody_who_left_is_told_as_such(client, here, ida):
    rosa = make_coordinator(here, shown_as="Rosa")
    note_opened(organisation=here, parent_ids=[ida.pk], why=Why.RECORD, by=rosa, at=timezone.now())
    rosa.delete()

    assert "Somebody who no longer works here · coordinator" in words(
        client.get("/me/record/opened/")
    )


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_not_there_for_who_is_no_parent(client, here, ida, page):
    assert client.get(f"/me/{page}").status_code == 200
    client.force_login(make_coordinator(here))
    assert client.get(f"/me/{page}").status_code == 404
    client.logout()
    assert client.get(f"/me/{page}").status_code == 302


def test_parent_says_yes_with_one_tap_and_takes_it_back_with_one(client, ida):
    change = "/me/record/agreed/change/"

    page = client.post(change, {"purpose": "messages", "answer": "yes"}, follow=True)
    assert "Yes since" in words(page)
    given = Consent.objects.get()
    assert (given.how, given.written_by, given.ended_at) == ("own-page", ida.user, None)

    page = client.post(change, {"purpose": "messages", "answer": "no"}, follow=True)
    given.refresh_from_db()
    assert given.ended_because == "withdrawn"
    assert "Yes since" not in words(page)
    assert "Earlier answers" in words(page)


@pytest.mark.parametrize("purpose", ["sharing", "referral", "spying", ""])
def test_parent_cannot_give_by_themselves_what_names_others(client, ida, purpose):
    answer = client.post("/me/record/agreed/change/", {"purpose": purpose, "answer": "yes"})

    assert answer.status_code == 404
    assert not Consent.objects.exists()


def test_parent_takes_back_what_was_noted_for_them(client, here, ida):
    consents.give(
        parent=ida,
        purpose=Consent.Purpose.SHARING,
        recipient="Riverside Clinic",
        how=Consent.How.IN_WORDS,
        by=make_coordinator(here),
        at=timezone.now(),
    )
    assert "Riverside Clinic" in client.get("/me/record/agreed/").text

    client.post(
        "/me/record/agreed/change/",
        {"purpose": "sharing", "recipient": "Riverside Clinic", "answer": "no"},
    )

    assert Consent.objects.get().ended_because == "withdrawn"


def test_copy_shows_everything_and_says_so_in_the_trail(client, here, ida):
    ida.safe_contact, ida.children_ages = "Ask at the gate", [3.0]
    keep_details([ida])
    make_referral(ida, make_programme(here, name="Evening circles"), agency="Riverside Clinic")

    page = client.get("/me/record/copy/")

    for said in ("Calm River", "Ask at the gate", "Evening circles", "Riverside Clinic", "Ida"):
        assert said in page.text
    assert "Languages English" in words(page)
    assert Event.objects.filter(kind="parent.record_copied", subject_id=ida.pk).count() == 1


def test_copy_can_be_taken_away_under_a_name_that_says_nothing(client, here, ida):
    other = make_parent(here, alias="Kind Harbour", safe_contact="CANARY")

    answer = client.get("/me/record/copy/file/")

    told = answer.json()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-page.json"'
    assert (told["alias"], told["parent"][0]["alias"]) == ("Calm River", "Calm River")
    assert told["account"][0]["handle"] == ida.user.handle
    assert other.alias not in answer.text
    assert "CANARY" not in answer.text


def test_copy_tells_every_fact_there_is():
    from goround.apps.people.facts import ParentFacts
    from goround.apps.records.copying import FACTS, HOLDINGS, OWN_EYES
    from tests.apps.records.test_erasing import AFTER_ERASING

    assert set(FACTS) == set(ParentFacts.__dataclass_fields__)
    told = {holding.model._meta.label_lower for holding in (*HOLDINGS, *OWN_EYES)}
    about_a_parent = {name.rpartition(".")[0] for name in AFTER_ERASING}
    # Who is to be placed together is told of neither to the other: it is a wish about two.
    # Locked details are told as what they say, under the parent; so are words locked like them,
    # by sections of their own.
    own_sections = {"agenda.promise", "agenda.goal"}
    assert about_a_parent - told == {
        "people.parent_together",
        "people.parentdetails",
        *own_sections,
    }


def test_parent_asks_to_be_erased_and_takes_it_back(client, ida):
    page = client.post("/me/record/erase/", {"do": "later"}, follow=True)
    assert "Everything goes on" in words(page)

    page = client.post("/me/record/erase/", {"do": "keep"}, follow=True)
    assert "Everything is kept, as before." in words(page)
    assert "Everything goes on" not in words(page)


def test_parent_is_erased_at_once_and_signed_out(client, ida):
    page = client.post("/me/record/erase/", {"do": "now"})

    assert "It is erased" in page.text
    ida.refresh_from_db()
    assert ida.erased_at is not None
    assert client.get("/me/record/").status_code == 302


def test_erasing_is_asked_about_first(client, ida):
    page = client.get("/me/record/erase/")

    assert "What stays, and why" in page.text
    assert client.post("/me/record/erase/", {"do": "whatever"}).status_code == 302
    ida.refresh_from_db()
    assert ida.erased_at is None
