from __future__ import annotations

import re

import pytest

from goround.apps.groups.models import Invitation, Leadership, Membership
from goround.apps.joining.models import JoinRequest, JoinRule
from goround.apps.people.models import Parent, Referral
from tests.make import (
    make_coordinator,
    make_facilitator,
    make_group,
    make_keep_apart,
    make_leadership,
    make_membership,
    make_parent,
    make_programme,
    make_referral,
)
from tests.web.groups.conftest import TONIGHT

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def group(client):
    group = make_group()
    client.force_login(make_coordinator(group.organisation))
    return group


def o(group, tail: str = "") -> str:
    return f"/o/{group.organisation.slug}/groups/{group.pk}/{tail}"


def waiting(group, alias: str) -> Referral:
    return make_referral(make_parent(group.organisation, alias=alias), group.programme)


def test_add_from_the_waiting_list_places_and_drafts_an_invitation(client, group):
    referral = waiting(group, "Calm River")

    response = client.post(o(group, "members/add/"), {"referral": referral.pk})

    assert response.headers["Location"] == o(group)
    member = Membership.objects.get()
    assert (member.alias, member.parent) == ("Calm River", referral.parent)
    referral.refresh_from_db()
    assert referral.status == Referral.Status.PLACED
    assert Invitation.objects.get().membership == member
    page = client.get(o(group)).text
    assert "to tell" in page
    assert "Hello Calm River," in page


def test_add_asks_a_group_that_says_itself_who_joins(client, group):
    ben = make_membership(group)
    fits, kept = waiting(group, "Calm River"), waiting(group, "Quiet Oak")
    make_keep_apart(kept.parent, ben.parent)
    JoinRule.objects.create(group=group)

    pages = [
        client.post(o(group, "members/add/"), {"referral": one.pk}, follow=True).text
        for one in (fits, kept)
    ]

    said = [re.findall(r"The group says itself who joins.[^<]*", page) for page in pages]
    assert said[0] == said[1]
    assert Membership.objects.get() == ben
    assert sorted(JoinRequest.objects.values_list("alias", "is_put")) == [
        ("Calm River", True),
        ("Quiet Oak", False),
    ]
    fits.refresh_from_db()
    assert fits.status == Referral.Status.WAITING


def test_add_finds_by_part_of_the_alias_on_page_and_part(client, group):
    waiting(group, "Calm River")
    waiting(group, "Quiet Oak")
    url = o(group, "members/add/")

    page = client.get(url, {"called": "oak"}).text
    part = client.get(url, {"called": "oak"}, headers=HTMX).text

    assert "Quiet Oak" in page
    assert "Calm River" not in page
    # A form's token differs each time.
    token = r'name="csrfmiddlewaretoken" value="[^"]+"'
    assert re.sub(token, "", part).strip() in re.sub(token, "", page)


def test_add_shows_twenty_and_says_how_many_more(client, group):
    for number in range(22):
        waiting(group, f"Parent {number:02}")

    page = client.get(o(group, "members/add/")).text

    assert page.count('name="referral"') == 20
    assert "2 more wait." in page


def test_full_and_keep_apart_read_alike(client, group):
    apart = waiting(group, "Ana")
    member = make_membership(group)
    one, other = sorted([member.parent, apart.parent], key=lambda parent: parent.pk)
    make_keep_apart(one, other)
    full = make_group(group.programme)
    for _ in range(10):
        make_membership(full)
    words = "This group has no place for this parent. Nothing was changed."

    answers = [
        client.post(o(place, "members/add/"), {"referral": apart.pk}).text
        for place in (group, full)
    ]

    assert [words in page for page in answers] == [True, True]
    apart.refresh_from_db()
    assert apart.status == Referral.Status.WAITING


@pytest.mark.parametrize("asked", ["foreign", "987654", "none"])
def test_add_refuses_a_parent_who_does_not_wait_here(client, group, asked):
    foreign = make_group()
    known = {"foreign": str(waiting(foreign, "Foreign").pk)}

    response = client.post(o(group, "members/add/"), {"referral": known.get(asked, asked)})

    assert response.status_code == 404
    assert not Membership.objects.exists()


def test_add_by_alias_needs_nothing_else(client, group):
    make_membership(group, alias="Ana")
    url = o(group, "members/add/")

    page = client.post(url, {"alias": "ANA"}).text
    assert "There is already ANA in this group." in page
    assert 'value="ANA"' in page

    client.post(url, {"alias": "Ana B."})

    assert Parent.objects.get(alias="Ana B.").memberships.get().group == group


def test_leaving_asks_first(client, group):
    member = make_membership(group, alias="Ana")
    url = o(group, f"members/{member.pk}/leave/")

    assert "Does Ana leave the group?" in client.get(url).text
    client.post(url)

    member.refresh_from_db()
    assert str(member.left_on) == "2026-03-04"
    assert client.post(url).status_code == 404


def test_leader_is_a_facilitator_or_a_member(client, group):
    rosa = make_facilitator(group.organisation, shown_as="Rosa")
    make_facilitator(group.organisation, shown_as="Retired", in_service=False)
    ana = make_membership(group, alias="Ana")
    url = o(group, "leaders/add/")

    page = client.get(url).text
    assert "Rosa" in page
    assert "Ana" in page
    assert "Retired" not in page

    client.post(url, {"who": f"facilitator-{rosa.pk}", "part": "facilitator"})
    client.post(url, {"who": f"member-{ana.pk}", "part": "parent-leader"})

    leads = Leadership.objects.order_by("pk").values_list("facilitator", "membership", "part")
    assert list(leads) == [(rosa.pk, None, "facilitator"), (None, ana.pk, "parent-leader")]


def test_leader_from_elsewhere_is_refused(client, group):
    foreign = make_facilitator(make_group().organisation)

    page = client.post(
        o(group, "leaders/add/"), {"who": f"facilitator-{foreign.pk}", "part": "facilitator"}
    ).text

    assert "Select a valid choice." in page
    assert not Leadership.objects.exists()


def test_leader_stops_after_a_question(client, group):
    lead = make_leadership(group, make_facilitator(group.organisation, shown_as="Rosa"))
    url = o(group, f"leaders/{lead.pk}/end/")

    assert "Does Rosa stop as facilitator?" in client.get(url).text
    client.post(url)

    lead.refresh_from_db()
    assert str(lead.to_on) == "2026-03-04"


def test_invitation_is_drafted_and_marked_as_told(client, group):
    member = make_membership(group, alias="Ana")

    client.post(o(group, f"members/{member.pk}/invite/"))
    invitation = Invitation.objects.get()
    client.post(o(group, f"invitations/{invitation.pk}/told/"))

    invitation.refresh_from_db()
    assert (invitation.status, invitation.told_at) == (Invitation.Status.TOLD, TONIGHT)
    assert "They were told" not in client.get(o(group)).text


def test_people_of_another_group_are_not_there(client, group):
    other = make_group(make_programme(group.organisation, "circle-of-parents"))
    member = make_membership(other)
    lead = make_leadership(other, make_facilitator(group.organisation))
    invitation = Invitation.objects.create(
        membership=member, text="Come along.", drafted_at=TONIGHT
    )

    for tail in (
        f"members/{member.pk}/leave/",
        f"members/{member.pk}/invite/",
        f"leaders/{lead.pk}/end/",
        f"invitations/{invitation.pk}/told/",
    ):
        assert client.post(o(group, tail)).status_code == 404
    member.refresh_from_db()
    invitation.refresh_from_db()
    assert (member.left_on, invitation.told_at) == (None, None)
