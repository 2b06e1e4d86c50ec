"""A page finds out once whose room is whose: for each viewer, and only for itself."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from goround.apps.accounts.models import User
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.groups.selectors import (
    belongs_to,
    groups_for,
    groups_to_record,
    leaders_in_room,
    leads_room,
    led_groups,
    members_helped,
    members_in_room,
    own_membership,
    own_memberships,
    room_for,
    room_of,
    rooms_for,
)
from goround.apps.organisations.one_look import one_look
from goround.apps.organisations.roles import Permission, Role
from goround.apps.organisations.selectors import (
    Viewer,
    networks_for,
    organisations_for,
    permissions_at,
)
from tests.make import (
    make_coordinator,
    make_facilitator,
    make_group,
    make_leadership,
    make_membership,
    make_network,
    make_parent,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> Group:
    return make_group(name="Monday circle")


def member_of(group: Group) -> Membership:
    user = make_user(role=Role.PARENT, organisation=group.organisation)
    return make_membership(group, make_parent(group.organisation, user=user))


def user_of(membership: Membership) -> User:
    assert membership.parent.user is not None
    return membership.parent.user


def leader_of(group: Group, part: Leadership.Part = Leadership.Part.FACILITATOR) -> User:
    user = make_user(role=Role.FACILITATOR, organisation=group.organisation)
    make_leadership(group, make_facilitator(group.organisation, user=user), part=part)
    return user


def told(viewer: Viewer, group: Group) -> tuple[object, ...]:
    """Everything a room's selectors say, as plain values."""
    room, mine = room_for(viewer, group.pk), own_membership(viewer, group)
    return (
        room.pk if room else None,
        [one.pk for one in rooms_for(viewer)],
        list(Group.objects.filter(pk__in=room_of(viewer, group.pk)).values_list("pk", flat=True)),
        list(
            Group.objects.filter(pk__in=belongs_to(viewer, group.pk)).values_list("pk", flat=True)
        ),
        [one.pk for one in own_memberships(viewer)],
        mine.pk if mine else None,
        leads_room(viewer, group),
        [one.pk for one in organisations_for(viewer)],
        [one.pk for one in organisations_for(viewer, needs=Permission.SEE_ALL_GROUPS)],
        [one.pk for one in networks_for(viewer)],
        permissions_at(viewer, group.organisation),
        [one.pk for one in groups_for(viewer, group.organisation)],
        [one.pk for one in led_groups(viewer, group.organisation)],
        [one.pk for one in groups_to_record(viewer, group.organisation)],
        [one.pk for one in members_helped(viewer, group.organisation)],
        [one.pk for one in members_in_room(viewer, group)],
        [one.pk for one in leaders_in_room(viewer, group)],
    )


def test_one_look_tells_everybody_what_asking_each_time_tells(group):
    ana, elsewhere = member_of(group), make_group()
    gone = member_of(group)
    gone.left_on = gone.joined_on
    gone.save()
    people: dict[str, Viewer] = {
        "member": user_of(ana),
        "leader": leader_of(group),
        "children's leader": leader_of(group, Leadership.Part.CHILDRENS_LEADER),
        "coordinator": make_coordinator(group.organisation),
        "member elsewhere": user_of(member_of(elsewhere)),
        "coordinator elsewhere": make_coordinator(elsewhere.organisation),
        "network's office": make_user(role=Role.NETWORK_OFFICER, network=make_network()),
        "visitor": AnonymousUser(),
        "who left": user_of(gone),
        "nobody": make_user(),
    }
    apart = {name: told(user, group) for name, user in people.items()}

    with one_look():
        together = {name: told(user, group) for name, user in people.items()}

    assert together == apart
    assert together["member"][0] == together["leader"][0] == group.pk
    for stranger in people.keys() - {"member", "leader"}:
        assert together[stranger][0] is None
        assert together[stranger][-2:] == ([], [])


def test_what_was_found_out_ends_with_the_look(group):
    ana = member_of(group)
    with one_look():
        assert own_membership(user_of(ana), group) == ana
    ana.left_on = ana.joined_on
    ana.save()

    with one_look():
        assert own_membership(user_of(ana), group) is None
        assert room_for(user_of(ana), group.pk) is None


def test_one_look_asks_once(group, django_assert_num_queries):
    viewer = user_of(member_of(group))

    with one_look(), django_assert_num_queries(4):
        for _ in range(3):
            own_membership(viewer, group)
            room_for(viewer, group.pk)
            leads_room(viewer, group)
