"""The children's session as its leader, a parent, a lead and a coordinator find it."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from goround.apps.audit.models import Event
from goround.apps.children.barring import bar
from goround.apps.children.models import Child, ChildrensSession, Refusal, Shortness, Visit
from goround.apps.children.programme import code_for
from goround.apps.children.running import close_session
from goround.apps.children.signing import sign_out
from goround.apps.meetings.services import record_attendance
from goround.apps.organisations.roles import Role
from goround.apps.records.copying import make_copy
from goround.apps.records.erasing import erase
from goround.apps.records.openings import openings
from goround.web.policy import ASKS_AGAIN
from tests.make import make_coordinator, make_facilitator, make_group, make_leadership, make_user
from tests.make_children import Evening, make_childrens_leader, make_evening
from tests.make_safeguarding import make_lead, make_lead_with_key, open_sealed
from tests.page_words import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening() -> Evening:
    return make_evening(timezone.now() - timedelta(minutes=10))


@pytest.fixture
def tomas(evening) -> Client:
    return evening.as_leader()


def parent_with_account(evening: Evening):
    user = make_user(role=Role.PARENT, organisation=evening.organisation)
    parent = evening.member(alias="Quiet Cedar", user=user)
    client = Client()
    client.force_login(user)
    return parent, client


def mark_on(page) -> str:
    return re.search(r'name="mark" value="([^"]+)"', page.text)[1]


def test_leader_signs_a_new_child_in_and_out(evening, tomas):
    tomas.post(evening.page("session"), {"do": "begin", "adults": "2"})
    form = tomas.get(evening.page("child_new"))
    told = {"alias": "Leo", "band": "3-5", "adult": "Ana", "allergies": "Nuts", "needs": ""}
    tomas.post(evening.page("child_new"), told | {"mark": mark_on(form)})
    leo = Child.objects.get()

    form = tomas.get(evening.page("sign_in", leo.pk))
    ana = str(leo.adults.get().pk)
    tomas.post(evening.page("sign_in", leo.pk), {"adult": ana, "mark": mark_on(form)})
    page = tomas.get(evening.page("session"))
    assert "something to know" in page.text
    assert "Nuts" not in words(page)

    form = tomas.get(evening.page("sign_out", leo.pk))
    gone = {"adult": ana, "seen": "known", "mark": mark_on(form)}
    page = tomas.post(evening.page("sign_out", leo.pk), gone, follow=True)
    assert "Leo went home with Ana." in page.text
    page = tomas.post(evening.page("session"), {"do": "close"}, follow=True)
    assert "Closed. 1 child was here." in page.text
    assert ChildrensSession.objects.get().closed_at is not None


def test_barred_adult_is_met_with_calm_words_and_no_reason(evening, tomas):
    lead = make_lead(evening.organisation)
    evening.begin()
    leo = evening.child()
    evening.sign_in(leo)
    bar(
        children=[leo],
        name="Rick Stone",
        reason="CANARY",
        authorised_by="CANARY",
        by=lead,
        at=evening.at,
    )

    form = tomas.get(evening.page("sign_out", leo.pk))
    sent = {"adult": "other", "other": "Rick", "seen": "known", "mark": mark_on(form)}
    page = tomas.post(evening.page("sign_out", leo.pk), sent, follow=True)

    assert "Rick Stone" in form.text
    assert "Keep Leo with you" in page.text
    assert "CANARY" not in form.text + page.text
    assert Refusal.objects.count() == 1
    assert Visit.objects.get().out_at is None


def test_needs_are_seen_only_while_the_child_is_here_and_the_parent_reads_of_it(evening, tomas):
    parent, _ = parent_with_account(evening)
    evening.begin()
    leo = evening.child(parent=parent, allergies="Nuts")

    before = tomas.get(evening.page("child", leo.pk))
    evening.sign_in(leo)
    during = tomas.get(evening.page("child", leo.pk))
    sign_out(
        session=evening.session,
        child=leo,
        adult="Ana",
        chosen=True,
        seen=Visit.Seen.KNOWN,
        mark=uuid4(),
        by=evening.tomas,
        at=evening.at,
    )
    after = tomas.get(evening.page("child", leo.pk))

    assert ["Nuts" in page.text for page in (before, during, after)] == [False, True, False]
    assert [each.why for each in openings(parent)] == ["to look after your child while you met"]
    assert Event.objects.filter(kind="child.needs_seen").count() == 1


def test_too_few_adults_stay_on_every_page_until_it_is_said_what_is_done(evening, tomas):
    evening.begin(adults=1)
    small = [evening.child(f"Child {number}", band="0-2") for number in range(4)]
    for child in small[:3]:
        evening.sign_in(child)
    tomas.post(evening.page("session"), {"do": "adults", "adults": "0"})
    pages = [evening.page("session"), evening.page("child", small[0].pk)]
    assert ["Say what you do about it" in tomas.get(page).text for page in pages] == [True, True]

    form = tomas.get(evening.page("session"))
    said = {"do": "short", "accepts": "help-comes", "mark": mark_on(form)}
    page = tomas.post(evening.page("session"), said, follow=True)

    assert "Say what you do about it" not in page.text
    assert "You said: somebody comes to help now." in page.text
    assert Shortness.objects.get().by == evening.tomas


def test_sign_in_asks_what_is_done_before_it_makes_adults_too_few(evening, tomas):
    evening.begin(adults=1)
    small = [evening.child(f"Child {number}", band="0-2") for number in range(4)]
    for child in small[:3]:
        evening.sign_in(child)
    address = evening.page("sign_in", small[3].pk)
    sent = {"adult": str(small[3].adults.get().pk), "mark": str(uuid4())}

    page = tomas.post(address, sent)
    assert "Say what you do about it." in page.text
    assert Visit.objects.count() == 3

    tomas.post(address, sent | {"accepts": "parents"})
    assert (Visit.objects.count(), Shortness.objects.get().done) == (4, "parents")


def test_slip_is_printed_again_with_the_same_code_until_a_new_one_is_made(evening, tomas):
    evening.begin()
    leo = evening.child()
    code = code_for(leo, evening.meeting.pk)

    first, again = (tomas.get(evening.page("slip", leo.pk)).text for _ in "ab")
    new = tomas.post(evening.page("child", leo.pk), follow=True).text

    assert (code in first, code in again, code in new) == (True, True, False)


def test_only_who_leads_the_children_of_the_group_comes_in(evening):
    evening.begin()
    leo = evening.child()
    facilitator = make_user(role=Role.FACILITATOR, organisation=evening.organisation)
    make_leadership(evening.group, make_facilitator(evening.organisation, user=facilitator))
    elsewhere = make_childrens_leader(make_group(evening.group.programme))
    coordinator = make_coordinator(evening.organisation)

    for user in (facilitator, elsewhere, coordinator, make_user()):
        client = Client()
        client.force_login(user)
        for page in (evening.page("session"), evening.page("child", leo.pk)):
            assert client.get(page).status_code == 404


def test_pages_ask_as_little_for_many_children(evening, tomas, django_assert_max_num_queries):
    evening.begin(adults=9)
    for number in range(9):
        evening.sign_in(evening.child(f"Child {number}", evening.member()))
        evening.child(f"Away {number}")

    for page in (evening.page("session"), f"/o/{evening.organisation.slug}/children/"):
        with django_assert_max_num_queries(24):
            assert tomas.get(page).status_code == 200


def test_parent_adds_a_child_and_an_adult_and_reads_the_code(evening):
    _, client = parent_with_account(evening)
    form = client.get(f"/me/children/new/{evening.group.pk}/")
    told = {"alias": "Leo", "band": "3-5", "allergies": "Nuts", "needs": ""}
    client.post(f"/me/children/new/{evening.group.pk}/", told | {"mark": mark_on(form)})
    leo = Child.objects.get()

    adult = {"name": "Aunt Rosa", "how_long": "until", "until": "2000-01-01"}
    page = client.post(f"/me/children/{leo.pk}/adults/new/", adult)
    assert "This day is over." in page.text
    client.post(f"/me/children/{leo.pk}/adults/new/", adult | {"how_long": "always"})
    assert "Aunt Rosa" in client.get(f"/me/children/{leo.pk}/").text
    assert "parent:adult_new" in ASKS_AGAIN

    assert code_for(leo, evening.meeting.pk) in client.get("/me/children/").text
    page = client.get(f"/me/children/{leo.pk}/")
    assert ("Nuts" in page.text, "Quiet Cedar" in page.text) == (True, True)
    client.post(f"/me/children/{leo.pk}/", {"do": "adult", "adult": leo.adults.first().pk})
    assert leo.adults.filter(ended_at=None).count() == 1
    client.post(f"/me/children/{leo.pk}/", {"do": "end"})
    leo.refresh_from_db()
    assert (leo.ended_at is not None, bytes(leo.locked)) == (True, b"")


def test_parent_sees_neither_barred_adults_nor_other_families(evening):
    parent, client = parent_with_account(evening)
    leo, other = evening.child("Leo", parent), evening.child("Mia", evening.member())
    lead = make_lead(evening.organisation)
    bar(
        children=[leo],
        name="Rick Stone",
        reason="A court",
        authorised_by="A court",
        by=lead,
        at=evening.at,
    )

    pages = [client.get(page).text for page in ("/me/children/", f"/me/children/{leo.pk}/")]
    copy = make_copy(parent=parent, by=parent.user, at=evening.at).as_json()

    assert not [text for text in (*pages, copy) if "Rick" in text or "Mia" in text]
    assert client.get(f"/me/children/{other.pk}/").status_code == 404


def test_copy_tells_of_the_children_and_erasing_leaves_a_count(evening):
    parent, _ = parent_with_account(evening)
    evening.begin()
    leo = evening.child("Leo", parent, allergies="Nuts")
    evening.sign_in(leo)
    copy = make_copy(parent=parent, by=parent.user, at=evening.at).as_json()
    assert [word for word in ("Leo", "Nuts", "Ana") if word not in copy] == []

    erase(parent=parent, by=None, at=evening.at)

    leo.refresh_from_db()
    assert (leo.alias, leo.parent, bytes(leo.locked), leo.adults.count()) == ("—", None, b"", 0)
    assert bytes(leo.visits.get().brought) == b""


def test_lead_writes_down_a_barred_adult_and_reads_why_with_the_key(evening):
    lead, _, phrase = make_lead_with_key(evening.organisation)
    leo, client = evening.child(), Client()
    client.force_login(lead)
    base = f"/o/{evening.organisation.slug}/lead/barred/"
    said = {"name": "Rick Stone", "reason": "The court's word", "authorised_by": "Order 12"}

    found = {"find-called": "leo", "do": "record", "children": [leo.pk]}
    client.post(f"{base}new/", said | found)
    barred = leo.barred.get()
    assert "Rick Stone" in client.get(base).text
    assert client.get(f"{base}{barred.pk}/").status_code == 302
    open_sealed(client, evening.organisation, phrase)

    page = client.get(f"{base}{barred.pk}/")
    assert "The court&#x27;s word" in page.text
    client.post(f"{base}{barred.pk}/")
    barred.refresh_from_db()
    assert barred.ended_by == lead


def test_coordinator_sees_counts_by_age_and_no_child(evening):
    evening.begin()
    for alias, band in (("Leo", "3-5"), ("Mia", "3-5"), ("Zoe", "6-12")):
        evening.sign_in(evening.child(alias, band=band))
    client = Client()
    client.force_login(make_coordinator(evening.organisation))

    page = client.get(f"/o/{evening.organisation.slug}/groups/{evening.group.pk}/children/")

    numbers = re.findall(r'<td class="num"[^>]*>(\d+)</td>', page.text)
    assert numbers == ["0", "2", "1", "3"]
    assert not [name for name in ("Leo", "Mia", "Zoe", "Ana") if name in page.text]


def test_head_count_of_the_meeting_comes_from_the_session(evening):
    evening.begin()
    leo = evening.child()
    evening.sign_in(leo)
    facilitator = make_user(role=Role.FACILITATOR, organisation=evening.organisation)
    make_leadership(evening.group, make_facilitator(evening.organisation, user=facilitator))
    client = Client()
    client.force_login(facilitator)
    roll = client.get(f"/o/{evening.organisation.slug}/run/meetings/{evening.meeting.pk}/roll/")
    assert re.search(r'name="children" value="1"', roll.text)

    record_attendance(
        meeting=evening.meeting, present=(), heads_parents=3, by=facilitator, at=evening.at
    )
    sign_out(
        session=evening.session,
        child=leo,
        adult="Ana",
        chosen=True,
        seen=Visit.Seen.KNOWN,
        mark=uuid4(),
        by=evening.tomas,
        at=evening.at,
    )
    close_session(session=evening.session, by=evening.tomas, at=evening.at)

    evening.meeting.refresh_from_db()
    assert evening.meeting.children == 1
