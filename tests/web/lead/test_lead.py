"""A worry is raised, and a lead handles it; nobody else learns that there is one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from goround.apps.apart.models import KeepApart
from goround.apps.organisations.roles import Role
from goround.apps.reader.words import in_rules
from goround.apps.safeguarding.models import Concern, FollowUp, Opening, Step
from goround.apps.safeguarding.openings import break_glass
from tests.make import (
    make_coordinator,
    make_facilitator,
    make_group,
    make_leadership,
    make_membership,
    make_organisation,
    make_parent,
    make_programme,
    make_user,
)
from tests.make_safeguarding import make_lead, make_lead_with_key, open_sealed
from tests.page_words import words

pytestmark = pytest.mark.django_db

WORRY = {
    "about": "child",
    "what": "Canary: he had a bruise",
    "where": "",
    "already": "",
    "reach": "",
}


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def host():
    return make_organisation(name="Metro Hall")


@pytest.fixture
def reader(host):
    """A lead whose sealed records are open in this browser."""
    lead, _, phrase = make_lead_with_key(host)
    client = as_(lead)
    open_sealed(client, host, phrase)
    return client


def url(host, path="") -> str:
    return f"/o/{host.slug}/lead/{path}"


@pytest.mark.parametrize("role", [Role.PARENT, Role.FACILITATOR, Role.SUPERVISOR])
def test_anybody_signed_in_raises_a_worry_from_the_foot_of_a_page(host, role, reader):
    client = as_(make_user(role=role, organisation=host, shown_as="Canary Ana"))

    foot = client.get("/worried/").content.decode()
    sent = client.post("/worried/", WORRY | {"at": host.slug})
    concern = Concern.objects.get()
    read = words(reader.get(url(host, f"concerns/{concern.pk}/")))

    assert 'href="/worried/"' in foot
    assert "Thank you for saying it" in words(sent)
    assert "Canary: he had a bruise" not in words(sent)
    assert "Canary: he had a bruise" in read
    assert "Canary Ana" in read


def test_whoever_does_not_want_to_be_named_is_not(host, reader):
    client = as_(make_user(role=Role.PARENT, organisation=host, shown_as="Canary Ana"))

    client.post("/worried/", WORRY | {"at": host.slug, "unnamed": "on", "about": "myself"})

    read = words(reader.get(url(host, f"concerns/{Concern.objects.get().pk}/")))
    assert "myself: I need help" in read
    assert "Canary Ana" not in read


def test_a_worry_needs_words_and_a_place_of_one_s_own(host):
    client = as_(make_user(role=Role.PARENT, organisation=host))
    elsewhere = make_organisation()

    empty = client.post("/worried/", WORRY | {"at": host.slug, "what": ""})
    foreign = client.post("/worried/", WORRY | {"at": elsewhere.slug})

    assert (empty.status_code, foreign.status_code, Concern.objects.count()) == (200, 200, 0)
    assert "Whom to call" in words(as_(make_user()).get("/worried/"))


def test_without_a_lead_it_is_kept_and_said_so(host):
    sent = as_(make_user(role=Role.PARENT, organisation=host)).post(
        "/worried/", WORRY | {"at": host.slug}
    )

    assert "Nobody has been named to read it yet" in words(sent)
    assert Concern.objects.count() == 1


def test_a_lead_takes_a_worry_to_its_end(host, reader):
    as_(make_user(role=Role.PARENT, organisation=host)).post(
        "/worried/", WORRY | {"at": host.slug, "danger": "on"}
    )
    here = url(host, f"concerns/{Concern.objects.get().pk}/")
    today = timezone.now().date()

    desk = words(reader.get(url(host)))
    for act, said in [
        ("acknowledge", {"words": "Thanked her"}),
        ("triage", {"how_pressing": "Today"}),
        ("decide", {"report": "yes", "what": "Call", "why": "Twice seen"}),
        ("report", {"way": "joint", "with_whom": "Hotline 7", "what": "The bruise"}),
        ("share", {"with_whom": "School", "what": "Be kind", "why": "She agreed"}),
    ]:
        answer = reader.post(f"{here}steps/?do={act}", said)
        assert answer.status_code == 302, words(answer)
    reader.post(f"{here}follow-ups/", {"due_on": today + timedelta(days=3), "what": "Ask again"})
    early = reader.post(f"{here}steps/?do=close", {"note": "Over"})
    reader.post(f"{here}follow-ups/{FollowUp.objects.get().pk}/done/")
    reader.post(f"{here}steps/?do=close", {"note": "She is safe"})
    page = words(reader.get(here))

    assert "Say that you have it" in desk
    assert "danger now" in desk
    assert "Something planned for it is not done yet. Nothing was saved." in words(early)
    for said in ("Thanked her", "Twice seen", "Hotline 7", "The parent and we called together",
                 "She agreed", "Ask again", "She is safe"):  # fmt: skip
        assert said in page
    assert Concern.objects.get().stage == "closed"
    assert "Number" in words(reader.get(url(host, "closed/")))


def test_sealed_words_ask_for_the_phrase_first(host):
    lead, _, _ = make_lead_with_key(host)
    as_(make_user(role=Role.PARENT, organisation=host)).post("/worried/", WORRY | {"at": host.slug})
    here = url(host, f"concerns/{Concern.objects.get().pk}/")

    answer = as_(lead).get(here)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"/o/{host.slug}/sealed/?next=")


def test_an_act_that_is_none_is_not_there(host, reader):
    as_(make_user(role=Role.PARENT, organisation=host)).post("/worried/", WORRY | {"at": host.slug})
    here = url(host, f"concerns/{Concern.objects.get().pk}/")

    assert reader.get(f"{here}steps/?do=gossip").status_code == 404
    late = reader.post(f"{here}steps/?do=close", {"note": "Over"})
    assert "It has moved on since. Nothing was saved." in words(late)
    assert Concern.objects.get().stage == "raised"


def test_a_lead_chooses_whose_dates_hold(host, reader):
    reader.post(url(host, "duties/"), {"key": "us-california", "own": ""})
    wrong = reader.post(url(host, "duties/"), {"key": "england", "own": "key ="})

    desk = words(reader.get(url(host)))
    assert "In force here: California, USA." in desk
    assert "Check with your lawyer." in desk
    assert "Nothing was changed." in words(wrong)


def test_a_lead_records_looks_at_and_closes_a_pair(host, reader):
    one, other = make_parent(host, alias="Brave Maple"), make_parent(host, alias="Calm River")
    looked_up = {"find-one": "maple", "find-other": "river", "do": "record"}

    reader.post(
        url(host, "apart/new/"),
        looked_up
        | {
            "one": one.pk,
            "other": other.pk,
            "part_of_one": "hides",
            "part_of_other": "must stay away",
            "scope": "place",
            "reason": "Canary: fear",
            "authorised_by": "A court",
        },
    )
    kept = KeepApart.objects.get()
    listed, page = (words(reader.get(url(host, p))) for p in ("apart/", f"apart/{kept.pk}/"))
    reader.post(url(host, f"apart/{kept.pk}/"), {"because": "Both asked"})
    closed = words(reader.get(url(host, f"apart/{kept.pk}/")))

    assert "Brave Maple and Calm River" in listed
    assert "Canary: fear" not in listed
    assert "cannot be matched to a record here" in listed
    for said in ("hides", "must stay away", "Canary: fear", "A court"):
        assert said in page
    assert "Both asked" in closed
    kept.refresh_from_db()
    assert kept.closed_at is not None


def test_nobody_of_a_name_and_one_person_twice(host, reader):
    make_parent(host, alias="Brave Maple")
    query, looked_up = url(host, "apart/new/"), {"find-one": "maple", "find-other": "maple"}
    pk = make_parent(host, alias="Maple Two").pk

    nobody = words(reader.post(query, looked_up | {"find-other": "zzz"}))
    same = reader.post(
        query,
        looked_up
        | {
            "do": "record",
            "one": pk,
            "other": pk,
            "part_of_one": "a",
            "part_of_other": "b",
            "scope": "group",
            "reason": "c",
            "authorised_by": "d",
        },
    )

    assert "Nobody here is called that." in nobody
    assert "These are one person. Choose two." in words(same)
    assert KeepApart.objects.count() == 0


@pytest.mark.parametrize(
    ("tail", "boxes"),
    [
        ("lead/apart/new/", ("one", "other")),
        ("lead/barred/new/", ("called",)),
        ("emergency/", ("called",)),
    ],
)
def test_somebody_is_looked_up_by_a_form_and_never_by_an_address(host, reader, tail, boxes):
    """Two names of people who must not meet would stand in a browser's history."""
    make_parent(host, alias="Brave Maple")
    client = as_(make_coordinator(host)) if tail == "emergency/" else reader
    page = f"/o/{host.slug}/{tail}"

    first = client.get(page).text
    asked = client.get(page, dict.fromkeys(boxes, "maple")).text

    assert 'method="get"' not in first
    assert "Brave Maple" not in asked
    for box in boxes:
        assert f'name="find-{box}"' in first


def test_breaking_the_glass_shows_tells_and_is_looked_back_at(host):
    rosa, lead = make_coordinator(host, shown_as="Rosa"), make_lead(host, shown_as="Ruth")
    parent = make_parent(host, alias="Brave Maple", safe_contact="Ring twice")
    client, second = as_(rosa), as_(lead)

    client.post(
        f"/o/{host.slug}/emergency/",
        {
            "find-called": "maple",
            "do": "record",
            "parent": parent.pk,
            "scope": "contact",
            "minutes": "15",
            "reason": "She did not come home",
            "second": lead.pk,
        },
    )
    opening = Opening.objects.get()
    here = f"/o/{host.slug}/emergency/{opening.pk}/"
    mine, theirs, desk = client.get(here), second.get(here), second.get(url(host))
    second.post(here, {"right": "yes", "words": "Right to ask"})

    assert "Ring twice" in words(mine)
    assert "Ring twice" not in words(theirs)
    assert "She did not come home" in words(theirs)
    assert "Rosa opened one parent's details" in words(desk).replace("&#x27;", "'")
    assert "Right to ask" in words(client.get(here))
    assert "opened one parent" not in words(second.get(url(host)))


def test_the_hour_over_the_details_are_closed(host):
    rosa, parent = make_coordinator(host), make_parent(host, safe_contact="Ring twice")
    make_lead(host)
    opening = break_glass(
        parent=parent,
        scope=Opening.Scope.CONTACT,
        minutes=15,
        reason="Now",
        second=None,
        by=rosa,
        at=timezone.now() - timedelta(minutes=16),
    )

    page = words(as_(rosa).get(f"/o/{host.slug}/emergency/{opening.pk}/"))

    assert "Ring twice" not in page
    assert "the details are closed again" in page


def test_alone_nothing_opens(host):
    rosa, parent = make_coordinator(host), make_parent(host, alias="Brave Maple")

    looked_up = {"find-called": "maple"}
    page = as_(rosa).post(f"/o/{host.slug}/emergency/", looked_up)
    sent = as_(rosa).post(
        f"/o/{host.slug}/emergency/",
        looked_up
        | {"do": "record", "parent": parent.pk, "scope": "contact", "minutes": "15",
           "reason": "x", "second": ""},
    )  # fmt: skip

    assert "There is nobody to tell" in words(page)
    assert (sent.status_code, Opening.objects.count()) == (200, 0)


@pytest.mark.any_database
@pytest.mark.parametrize("role", [role for role in Role if role != Role.SAFEGUARDING_LEAD])
def test_no_other_page_says_that_there_is_a_concern_or_a_pair(host, role, reader):
    """Every page such a person opens is the same before and after."""
    place = {"network": host.network} if role is Role.NETWORK_OFFICER else {"organisation": host}
    user = make_user(role=role, **place)
    helper = make_facilitator(host, user=user)
    group = make_group(make_programme(host))
    make_leadership(group, helper)
    one, other = make_parent(host, alias="Ana"), make_parent(host, alias="Ben")
    make_membership(group, one)
    client = as_(user)
    pages = ["/", f"/o/{host.slug}/", f"/o/{host.slug}/groups/{group.pk}/",
             f"/o/{host.slug}/groups/{group.pk}/members/add/", f"/o/{host.slug}/run/",
             f"/o/{host.slug}/run/groups/{group.pk}/", f"/n/{host.network.slug}/"]  # fmt: skip
    before = [(r.status_code, words(r)) for r in map(client.get, pages)]

    as_(make_user(role=Role.PARENT, organisation=host)).post("/worried/", WORRY | {"at": host.slug})
    reader.post(
        url(host, "apart/new/"),
        {
            "find-one": "ana",
            "find-other": "ben",
            "do": "record",
            "one": one.pk,
            "other": other.pk,
            "part_of_one": "a",
            "part_of_other": "b",
            "scope": "place",
            "reason": "c",
            "authorised_by": "d",
        },
    )

    assert (Concern.objects.count(), KeepApart.objects.count()) == (1, 1)
    assert [(r.status_code, words(r)) for r in map(client.get, pages)] == before


def test_duties_are_read_in_the_leads_language_and_noted_as_the_file_has_them(host, reader):
    reader.post(url(host, "duties/"), {"key": "us-california", "own": ""})
    reader.post("/worried/", WORRY | {"at": host.slug})
    concern = Concern.objects.get()
    report = url(host, f"concerns/{concern.pk}/steps/?do=report")
    told = {"way": "joint", "with_whom": "Hotline 7", "what": "The bruise", "duty": "Telephone"}
    reader.cookies["django_language"] = "es"
    with override("es"):
        spanish = in_rules("Telephone")

    desk, form = reader.get(url(host)), reader.get(report)
    reader.post(report, told)

    assert spanish != "Telephone"
    assert spanish in words(desk)
    assert f'<option value="Telephone">{spanish}</option>' in form.content.decode()
    assert f"({spanish})" in words(reader.get(url(host, f"concerns/{concern.pk}/")))
    assert Step.objects.get(act="report").duty == "Telephone"
