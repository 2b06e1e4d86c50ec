"""A group's own room: whose it is, and what it shows before any card is in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from goround.apps.accounts.models import User
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.groups.selectors import (
    leaders_in_room,
    leads_room,
    members_in_room,
    own_membership,
    rooms_for,
)
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.selectors import room_meetings
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.roles import Role
from tests.make import (
    make_coordinator,
    make_facilitator,
    make_group,
    make_leadership,
    make_meeting,
    make_membership,
    make_organisation,
    make_parent,
    make_user,
    make_venue,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> Group:
    group = make_group(name="Monday circle")
    group.venue = make_venue(group.organisation, name="Eastside Library", address="4 Elm Street")
    group.save()
    return group


def member_of(group: Group, alias: str = "Calm River") -> Membership:
    user = make_user(role=Role.PARENT, organisation=group.organisation)
    return make_membership(group, make_parent(group.organisation, alias=alias, user=user))


def leader_of(group: Group, part: Leadership.Part = Leadership.Part.FACILITATOR) -> User:
    user = make_user(role=Role.FACILITATOR, organisation=group.organisation)
    helper = make_facilitator(group.organisation, user=user, shown_as="Dolores")
    make_leadership(group, helper, part=part)
    return user


def as_user(user: User | None) -> Client:
    assert user is not None
    client = Client()
    client.force_login(user)
    return client


def room_of(group: Group) -> str:
    return f"/room/{group.pk}/"


def test_room_shows_a_member_when_and_where_and_who(group):
    ana = member_of(group)
    make_membership(group, alias="Quiet Hill")
    leader_of(group)
    soon = timezone.now() + timedelta(days=2)
    make_meeting(group, starts_at=soon - timedelta(days=9))
    make_meeting(group, starts_at=soon)

    page = as_user(ana.parent.user).get(room_of(group)).text

    assert f"{soon.astimezone(group.zone):%H:%M}" in page
    for told in ("Eastside Library", "4 Elm Street", "Quiet Hill", "Dolores", "Calm River"):
        assert told in page


def test_room_opens_to_who_leads_the_group(group):
    dolores = leader_of(group)

    assert as_user(dolores).get(room_of(group)).status_code == 200


def test_room_passes_over_a_cancelled_meeting_and_says_so(group):
    ana, now = member_of(group), timezone.now()
    off = make_meeting(group, starts_at=now + timedelta(days=1))
    Meeting.objects.filter(pk=off.pk).update(status="cancelled", cancelled_because="No heating")
    make_meeting(group, starts_at=now + timedelta(days=8))

    context = as_user(ana.parent.user).get(room_of(group)).context

    assert context["meeting"].starts_at == now + timedelta(days=8)
    assert [one.pk for one in context["later"]] == [off.pk]


def strangers(host: Organisation, group: Group) -> dict[str, User]:
    elsewhere = make_group(name="Elsewhere")
    left = member_of(group, "Long Gone")
    left.left_on = left.joined_on
    left.save()
    neighbour = member_of(make_group(programme=group.programme))
    users = {
        "coordinator": make_coordinator(host),
        "supervisor": make_user(role=Role.SUPERVISOR, organisation=host),
        "safeguarding lead": make_user(role=Role.SAFEGUARDING_LEAD, organisation=host),
        "children's leader": leader_of(group, Leadership.Part.CHILDRENS_LEADER),
        "leader elsewhere": leader_of(elsewhere),
        "member elsewhere": member_of(elsewhere).parent.user,
        "member of a group next door": neighbour.parent.user,
        "who left": left.parent.user,
        "nobody": make_user(),
    }
    return {name: user for name, user in users.items() if user is not None}


def test_room_is_not_there_for_anybody_else(group):
    asked = strangers(group.organisation, group)

    answers = {name: as_user(user).get(room_of(group)).status_code for name, user in asked.items()}
    texts = {as_user(user).get(room_of(group)).text for user in asked.values()}
    missing = as_user(asked["nobody"]).get("/room/987654/")

    assert answers == dict.fromkeys(asked, 404)
    assert texts == {missing.text}


def test_room_asks_a_visitor_to_sign_in(client, group):
    answer = client.get(room_of(group))

    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/")


def test_room_is_gone_with_the_group(group):
    ana = member_of(group)
    Group.objects.filter(pk=group.pk).update(status="ended", ended_on=ana.joined_on)

    assert as_user(ana.parent.user).get(room_of(group)).status_code == 404


def test_room_is_shut_to_a_leader_whose_role_has_ended(group):
    dolores = leader_of(group)
    dolores.roles.all().delete()

    assert as_user(dolores).get(room_of(group)).status_code == 404


def test_calendar_is_for_the_people_of_the_room(group):
    ana = member_of(group)
    off = make_meeting(group, starts_at=timezone.now() + timedelta(days=1))
    Meeting.objects.filter(pk=off.pk).update(status="cancelled", cancelled_because="No heating")

    file = as_user(ana.parent.user).get(f"{room_of(group)}calendar.ics")
    refused = as_user(make_user()).get(f"{room_of(group)}calendar.ics")

    assert (file.status_code, refused.status_code) == (200, 404)
    assert b"STATUS:CANCELLED" in file.content
    assert b"Monday circle" not in file.content


def test_title_tells_nothing(group):
    page = as_user(member_of(group).parent.user).get(room_of(group)).text

    title = page.split("<title>")[1].split("</title>")[0]
    assert title == "Next time"


@pytest.mark.parametrize("rows", [1, 6])
def test_room_asks_as_much_however_many_belong(group, rows, django_assert_max_num_queries):
    ana = member_of(group)
    for _ in range(rows):
        make_membership(group)
        make_meeting(group, starts_at=timezone.now() + timedelta(days=rows))
    client = as_user(ana.parent.user)

    with django_assert_max_num_queries(40):
        page = client.get(room_of(group)).text

    assert "Next time" in page


def test_parent_is_led_into_the_room(group):
    ana = member_of(group)

    page = as_user(ana.parent.user).get("/me/").text

    assert f'href="{room_of(group)}"' in page


def test_facilitator_is_led_into_the_room(group):
    dolores = leader_of(group)

    page = as_user(dolores).get(f"/o/{group.organisation.slug}/run/{group.pk}/").text

    assert f'href="{room_of(group)}"' in page


def test_stranger_sees_no_members_and_no_leaders(group):
    member_of(group)
    leader_of(group)
    make_meeting(group, starts_at=timezone.now() + timedelta(days=1))
    for stranger in (make_user(), make_coordinator(make_organisation())):
        assert not rooms_for(stranger)
        assert not leads_room(stranger, group)
        assert own_membership(stranger, group) is None
        assert not members_in_room(stranger, group)
        assert not leaders_in_room(stranger, group)
        assert not room_meetings(stranger, group, at=timezone.now())
