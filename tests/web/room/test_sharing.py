"""The pages of a room: offering, keeping, writing, letting in, leaving."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.joining.models import Buddy, JoinRequest, JoinRule, Objection, Way
from goround.apps.joining.services import answer_due
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.roles import Role
from goround.apps.people.models import Parent
from goround.apps.rooms.models import Board, Note, Offer, Resource, Rider
from goround.domain.privacy.discreet import revealing
from tests.make import (
    make_coordinator,
    make_group,
    make_leadership,
    make_meeting,
    make_membership,
    make_parent,
    make_user,
)
from tests.page_words import words
from tests.web.room.test_home import as_user, leader_of, member_of, room_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> Group:
    return make_group(name="Monday circle")


@pytest.fixture
def meeting(group) -> Meeting:
    return make_meeting(group, starts_at=timezone.now() + timedelta(days=2))


@pytest.fixture
def ana(group) -> Membership:
    return member_of(group, "Ana")


@pytest.fixture
def ben(group) -> Membership:
    return member_of(group, "Ben")


def client_of(member: Membership) -> Client:
    return as_user(member.parent.user)


def test_ride_is_offered_taken_and_full(group, meeting, ana, ben):
    page = room_of(group)
    client_of(ana).post(f"{page}offer/", {"kind": "ride", "seats": "1", "words": "Market"})
    offer = Offer.objects.get()
    assert "1 of 1 seats free" in words(client_of(ben).get(page))

    client_of(ben).post(f"{page}offers/{offer.pk}/", {"do": "take"})

    assert [rider.membership for rider in Rider.objects.all()] == [ben]
    seen = words(client_of(ana).get(page))
    assert "full · Ben" in seen
    cleo = member_of(group, "Cleo")
    late = client_of(cleo).post(f"{page}offers/{offer.pk}/", {"do": "take"}, follow=True)
    assert "The last seat was just taken" in words(late)


def test_nobody_takes_back_what_another_offers(group, meeting, ana, ben):
    offer = Offer.objects.create(meeting=meeting, membership=ana, kind="ride", seats=1)

    client_of(ben).post(f"{room_of(group)}offers/{offer.pk}/", {"do": "take-back"})
    assert Offer.objects.count() == 1
    client_of(ana).post(f"{room_of(group)}offers/{offer.pk}/", {"do": "take-back"})
    assert Offer.objects.count() == 0


def test_offer_of_something_must_say_what(group, meeting, ana):
    page = client_of(ana).post(f"{room_of(group)}offer/", {"kind": "other", "words": ""})

    assert "Write what you bring." in words(page)
    assert not Offer.objects.exists()


def test_leader_who_is_no_member_offers_nothing(group, meeting):
    dolores = leader_of(group)

    assert as_user(dolores).get(f"{room_of(group)}offer/").status_code == 404
    assert as_user(dolores).post(f"{room_of(group)}leave/").status_code == 404


def test_what_the_group_keeps_is_shown_in_the_room(group, meeting, ana, ben):
    page, client = room_of(group), client_of(ana)
    told = {
        "bring": "Slippers",
        "getting_there": "The blue door at the back",
        "video_url": "https://video.example/x",
        "welcome": "Hello",
        "reach": "Dolores reads on weekdays",
    }
    client.post(f"{page}ours/", {"do": "board", **told})
    client.post(f"{page}ours/", {"do": "resource", "title": "Library", "url": "https://l.example"})

    seen = client_of(ben).get(page).text
    for shown in (
        "Slippers",
        "The blue door",
        "on weekdays",
        'href="https://video.example/x"',
        'href="https://l.example"',
    ):
        assert shown in seen
    resource = Resource.objects.get()
    client_of(ben).post(f"{page}ours/", {"do": "remove", "resource": str(resource.pk)})
    assert not Resource.objects.exists()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://v.example", "nonsense"])
def test_video_address_must_be_one(group, ana, address):
    page = client_of(ana).post(f"{room_of(group)}ours/", {"do": "board", "video_url": address})

    assert "This is not a whole web address" in words(page)
    assert not Board.objects.exists()


def test_resource_is_no_script(group, ana):
    sent = {"do": "resource", "title": "x", "url": "javascript:alert(1)"}

    page = client_of(ana).post(f"{room_of(group)}ours/", sent)

    assert "This is not a whole web address" in words(page)
    assert not Resource.objects.exists()


def test_note_is_written_answered_and_taken_away(group, ana, ben):
    page, dolores = f"{room_of(group)}notes/", leader_of(group)
    client_of(ana).post(page, {"text": "Can we talk?", "readers": "leaders"})
    note = Note.objects.get()
    assert "Can we talk?" in words(as_user(dolores).get(page))
    assert "Can we talk?" not in words(client_of(ben).get(page))
    assert client_of(ben).post(f"{page}{note.pk}/", {"text": "x"}).status_code == 404

    as_user(dolores).post(f"{page}{note.pk}/", {"text": "On Tuesday."})

    assert "Dolores" in words(client_of(ana).get(page))
    assert "On Tuesday." in words(client_of(ana).get(page))
    client_of(ana).post(f"{page}{note.pk}/", {"do": "delete"})
    assert not Note.objects.exists()


def test_note_to_facilitators_stays_theirs_when_a_parent_leads_too(group, ana, ben):
    page, dolores = f"{room_of(group)}notes/", leader_of(group)
    client_of(ana).post(page, {"text": "Can we talk?"})

    make_leadership(group, None, membership=ben, part=Leadership.Part.PARENT_LEADER)

    assert "Can we talk?" in words(as_user(dolores).get(page))
    assert "Can we talk?" not in words(client_of(ben).get(page))
    assert 'name="readers"' in client_of(ana).get(page).text


def test_nobody_writes_to_nobody(group, ana):
    page = f"{room_of(group)}notes/"
    nobody = client_of(ana).get(page)
    make_leadership(group, None, membership=ana, part=Leadership.Part.PARENT_LEADER)
    alone = client_of(ana).get(page)

    client_of(ana).post(page, {"text": "Is anybody there?", "readers": "leaders"})

    assert "Nobody leads this group now." in words(nobody)
    assert "You lead this group alone." in words(alone)
    assert 'name="text"' not in alone.text
    assert not Note.objects.exists()


def test_room_leads_to_the_guide_on_the_day_itself_and_only_who_leads(group, ana):
    dolores = leader_of(group)
    make_meeting(group, starts_at=timezone.now() + timedelta(minutes=5))

    leads, member = as_user(dolores).get(room_of(group)), client_of(ana).get(room_of(group))

    for link in ("/guide/", "/circle/"):
        assert link in leads.text
        assert link not in member.text


def test_leader_cannot_delete_what_a_member_wrote(group, ana):
    page, dolores = f"{room_of(group)}notes/", leader_of(group)
    client_of(ana).post(page, {"text": "Can we talk?", "readers": "leaders"})

    as_user(dolores).post(f"{page}{Note.objects.get().pk}/", {"do": "delete"})

    assert Note.objects.count() == 1


def waiting(group: Group) -> Parent:
    user = make_user(role=Role.PARENT, organisation=group.organisation)
    return make_parent(group.organisation, alias="Kind Wind", user=user)


def test_parent_finds_a_group_asks_and_is_let_in(group):
    dolores, parent = leader_of(group), waiting(group)
    rule = {"do": "rule", "way": "any-leader", "days": "7", "can_be_found": "on"}
    as_user(dolores).post(f"{room_of(group)}joining/", rule)
    client = as_user(parent.user)
    found = words(client.get("/me/groups/"))
    assert "Monday circle" not in found

    sent = {"alias": "Kind Wind", "words": "Two boys."}
    assert client.post(f"/me/groups/{group.pk}/", sent).status_code == 302
    assert "You hear from them by" in words(client.get("/me/groups/"))
    request = JoinRequest.objects.get()
    assert "Two boys." in words(as_user(dolores).get(f"{room_of(group)}joining/"))
    as_user(dolores).post(f"{room_of(group)}joining/{request.pk}/", {"do": "yes"})

    assert client.get(room_of(group)).status_code == 200
    assert "Monday circle" in words(client.get("/me/"))


def test_member_cannot_say_yes_or_set_the_rule(group, ana):
    leader_of(group)
    JoinRule.objects.create(group=group, way=Way.EVERYBODY)
    request = JoinRequest.objects.create(
        group=group,
        parent=waiting(group),
        alias="Kind Wind",
        way=Way.EVERYBODY,
        is_put=True,
        asked_at=timezone.now(),
        answer_by=timezone.now(),
    )
    page = f"{room_of(group)}joining/"

    client_of(ana).post(page, {"do": "rule", "way": "any-leader", "days": "1"})
    assert JoinRule.objects.get().way == Way.EVERYBODY
    assert "Yes, welcome" not in client_of(ana).get(page).text
    client_of(ana).post(f"{page}{request.pk}/", {"do": "yes"})
    request.refresh_from_db()
    assert request.status == "open"


def test_who_objects_is_shown_to_nobody_else(group, ana, ben):
    dolores = leader_of(group)
    JoinRule.objects.create(group=group, way=Way.EVERYBODY, can_be_found=True)
    parent = waiting(group)
    as_user(parent.user).post(f"/me/groups/{group.pk}/", {"alias": "Kind Wind"})
    request = JoinRequest.objects.get()
    page = f"{room_of(group)}joining/"
    before = words(as_user(dolores).get(page)), words(client_of(ben).get(page))

    client_of(ana).post(f"{page}{request.pk}/", {"do": "rather-not"})

    assert Objection.objects.count() == 1
    assert "You said: rather not." in words(client_of(ana).get(page))
    assert (words(as_user(dolores).get(page)), words(client_of(ben).get(page))) == before
    answer_due(by=None, at=request.answer_by)
    asked = words(as_user(parent.user).get("/me/groups/"))
    assert "This group has no place at the moment" in asked


def test_request_is_taken_back_by_its_own_parent_alone(group, ana):
    JoinRule.objects.create(group=group, can_be_found=True)
    parent = waiting(group)
    as_user(parent.user).post(f"/me/groups/{group.pk}/", {"alias": "Kind Wind"})
    request = JoinRequest.objects.get()

    assert client_of(ana).post(f"/me/asked/{request.pk}/").status_code == 404
    as_user(parent.user).post(f"/me/asked/{request.pk}/")

    request.refresh_from_db()
    assert request.status == "taken-back"


def test_member_volunteers_as_a_buddy_and_stops(group, ana):
    page = f"{room_of(group)}joining/"

    client_of(ana).post(page, {"do": "buddy"})
    assert Buddy.objects.count() == 1
    client_of(ana).post(page, {"do": "no-buddy"})

    assert Buddy.objects.count() == 0


def test_leaving_is_one_tap_and_can_be_undone(group, ana):
    client, page = client_of(ana), room_of(group)
    assert "One tap, and nobody asks why." in words(client.get(page))
    assert client.get(f"{page}leave/").status_code == 405

    home = client.post(f"{page}leave/", follow=True)

    assert "Until the end of today you can come back." in words(home)
    assert client.get(page).status_code == 404
    client.post(f"{page}come-back/")
    assert client.get(page).status_code == 200
    assert client.post(f"{page}come-back/").status_code == 404


PAGES = ["offer/", "ours/", "notes/", "joining/"]


@pytest.mark.parametrize("page", PAGES)
def test_pages_of_the_room_are_not_there_for_strangers(group, meeting, ana, page):
    elsewhere = member_of(make_group(programme=group.programme))
    for stranger in (
        make_user(),
        make_coordinator(group.organisation),
        elsewhere.parent.user,
    ):
        for method in ("get", "post"):
            answer = getattr(as_user(stranger), method)(room_of(group) + page)
            assert answer.status_code == 404
        assert as_user(stranger).post(f"{room_of(group)}leave/").status_code == 404


@pytest.mark.parametrize("page", ["", *PAGES])
def test_titles_are_discreet(group, meeting, ana, page):
    text = client_of(ana).get(room_of(group) + page).text
    title = text.split("<title>")[1].split("</title>")[0]

    assert revealing(title, language="en") == []


@pytest.mark.parametrize("rows", [1, 5])
def test_room_with_everything_asks_as_much(
    group, meeting, ana, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        one = make_membership(group)
        offer = Offer.objects.create(meeting=meeting, membership=one, kind="ride", seats=8)
        Rider.objects.create(offer=offer, membership=ana)
        Resource.objects.create(group=group, title="x", text="y")
    client = client_of(ana)

    with django_assert_max_num_queries(44):
        client.get(room_of(group))
