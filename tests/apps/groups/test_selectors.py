from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from goround.apps.groups.models import Group, Invitation, Leadership
from goround.apps.groups.selectors import (
    GroupsKept,
    groups_for,
    groups_kept,
    groups_to_record,
    invitations_for,
    leaders_of,
    led_groups,
    members_of,
    who_waits_for,
)
from goround.apps.organisations.roles import Role
from tests.make import (
    NOON,
    TODAY,
    make_coordinator,
    make_facilitator,
    make_group,
    make_leadership,
    make_membership,
    make_organisation,
    make_parent,
    make_programme,
    make_referral,
    make_user,
)
from tests.make_groups import make_leader

pytestmark = pytest.mark.django_db

CHILDREN = Leadership.Part.CHILDRENS_LEADER


def test_coordinator_and_supervisor_see_every_group_of_their_organisation_only():
    group, foreign = make_group(), make_group()
    here = group.organisation
    for role in (Role.COORDINATOR, Role.SUPERVISOR):
        viewer = make_user(role=role, organisation=here)

        assert list(groups_for(viewer, here)) == [group]
        assert list(groups_for(viewer, foreign.organisation)) == []
        assert list(led_groups(viewer, here)) == []


def test_leader_sees_the_groups_they_lead_and_no_others():
    group = make_group()
    make_group(group.programme)
    rosa = make_leader(group)

    assert list(groups_for(rosa, group.organisation)) == [group]
    assert list(led_groups(rosa, group.organisation)) == [group]
    assert list(groups_to_record(rosa, group.organisation)) == [group]


def test_parent_leader_sees_the_group_they_lead_as_a_member():
    group = make_group()
    user = make_user(role=Role.PARENT_LEADER, organisation=group.organisation)
    member = make_membership(group, make_parent(group.organisation, user=user))
    assert list(groups_for(user, group.organisation)) == []

    make_leadership(group, None, membership=member, part=Leadership.Part.PARENT_LEADER)

    assert list(groups_for(user, group.organisation)) == [group]
    assert list(groups_to_record(user, group.organisation)) == [group]


def test_childrens_leader_sees_and_does_not_record():
    group = make_group()
    kim = make_leader(group, part=CHILDREN, role=Role.CHILDRENS_LEADER)

    assert list(led_groups(kim, group.organisation)) == [group]
    assert list(groups_to_record(kim, group.organisation)) == []


def test_facilitator_who_leads_only_the_children_does_not_record():
    group = make_group()
    kim = make_leader(group, part=CHILDREN)

    assert list(groups_to_record(kim, group.organisation)) == []


def test_leader_sees_nothing_once_the_lead_or_the_role_has_ended():
    group = make_group()
    before, roleless = make_leader(group), make_leader(group)
    before.facilitator.leaderships.update(to_on=TODAY)
    roleless.roles.all().delete()

    for viewer in (before, roleless):
        assert list(groups_for(viewer, group.organisation)) == []
        assert list(led_groups(viewer, group.organisation)) == []
        assert list(groups_to_record(viewer, group.organisation)) == []


def test_strangers_see_nothing():
    group = make_group()
    # A leader without an account must not make everybody without one a leader.
    make_leadership(group, make_facilitator(group.organisation))
    member = make_membership(group)
    Invitation.objects.create(membership=member, text="Come.", drafted_at=NOON)
    make_referral(make_parent(group.organisation), group.programme)
    strangers = [
        AnonymousUser(),
        make_user(),
        make_coordinator(make_organisation()),
        make_user(role=Role.NETWORK_OFFICER, network=group.organisation.network),
        make_user(role=Role.FACILITATOR, organisation=group.organisation),
    ]

    for viewer in strangers:
        assert list(groups_for(viewer, group.organisation)) == []
        assert list(led_groups(viewer, group.organisation)) == []
        assert list(groups_to_record(viewer, group.organisation)) == []
        assert list(members_of(viewer, group)) == []
        assert list(leaders_of(viewer, group)) == []
        assert list(invitations_for(viewer, group)) == []
        assert list(who_waits_for(viewer, group, called="")) == []


def test_groups_kept_filters_by_name_programme_and_status():
    monday = make_group(name="Monday circle")
    other = make_programme(monday.organisation, "circle-of-parents")
    tuesday = make_group(other, name="Tuesday circle")
    ended = make_group(
        monday.programme, name="Old circle", status=Group.Status.ENDED, ended_on=TODAY
    )
    ana = make_coordinator(monday.organisation)

    def kept(**keep):
        return list(groups_kept(ana, monday.organisation, keep=GroupsKept(**keep)))

    assert kept() == [monday, ended, tuesday]
    assert kept(search="TUES") == [tuesday]
    assert kept(programme=other) == [tuesday]
    assert kept(status=Group.Status.ACTIVE) == [monday, tuesday]


def test_members_of_are_those_who_have_not_left_by_alias():
    group = make_group()
    bo, ana = make_membership(group, alias="Bo"), make_membership(group, alias="Ana")
    make_membership(group, alias="Gone", left_on=TODAY)

    assert list(members_of(make_coordinator(group.organisation), group)) == [ana, bo]


def test_who_waits_for_finds_by_part_of_the_alias_in_this_programme():
    group = make_group()
    here = group.organisation
    calm = make_referral(make_parent(here, alias="Calm River"), group.programme)
    make_referral(make_parent(here, alias="Quiet Oak"), group.programme)
    elsewhere = make_programme(here, "circle-of-parents")
    make_referral(make_parent(here, alias="Calm Sea"), elsewhere)

    assert list(who_waits_for(make_coordinator(here), group, called="calm")) == [calm]


@pytest.mark.parametrize("rows", [1, 3])
def test_groups_for_asks_two_queries(rows, django_assert_num_queries):
    programme = make_programme()
    for _ in range(rows):
        group = make_group(programme)
        make_leadership(group, make_facilitator(programme.organisation))
    ana = make_coordinator(programme.organisation)

    with django_assert_num_queries(2):
        names = [
            (group.programme.name, group.venue, [lead.shown_as for lead in group.leaderships.all()])
            for group in groups_for(ana, programme.organisation)
        ]

    assert len(names) == rows
