"""Somebody with every role at two organisations sees in each only what is that one's."""

from __future__ import annotations

from typing import Any

import pytest

from goround.apps.groups.models import Group, Membership
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.models import Programme, RoleAssignment
from goround.apps.organisations.roles import Role
from goround.apps.people.models import Parent
from tests.make import make_user
from tests.selector_probe import Selector, arguments_for, rows_in, selectors
from tests.world import World, make_world

pytestmark = pytest.mark.django_db

HERE, THERE = "OWN", "SIBLING"
# What is told of every place at once, because it is asked for without one.
OF_ALL_PLACES = {"roles_held": "one's own roles, wherever they are"}
GIVEN = {
    "Group": (Group, "group_id"),
    "Meeting": (Meeting, "meeting_id"),
    "Membership": (Membership, "membership_id"),
    "Parent": (Parent, "parent_id"),
    "Programme": (Programme, "programme_id"),
}


def given_rows(world: World) -> dict[str, Any]:
    return {
        name: model._default_manager.get(pk=world.ids[key]) for name, (model, key) in GIVEN.items()
    }


def told_of_elsewhere(selector: Selector, viewer: Any, here: World, given: dict[str, Any]) -> str:
    told = selector(viewer, **given)
    foreign = [
        row
        for row in rows_in(told)
        if getattr(row, "organisation_id", None) not in {None, here.organisation.pk}
    ]
    says = f"CANARY-{THERE}" in repr(told)
    return f"{selector.__name__} told {foreign[:3]}" if foreign or says else ""


def test_whoever_works_at_two_places_sees_each_by_itself():
    here = make_world(HERE)
    there = make_world(THERE, network=here.organisation.network)
    both, rows = make_user(), given_rows(here)
    RoleAssignment.objects.bulk_create(
        RoleAssignment(user=both, role=role, organisation=world.organisation)
        for role in Role
        for world in (here, there)
        if role is not Role.NETWORK_OFFICER
    )
    asked = {
        name: (selector, given)
        for name, selector in selectors()
        if name not in OF_ALL_PLACES and (given := arguments_for(selector, here, rows))
    }

    told = [
        said
        for selector, given in asked.values()
        if (said := told_of_elsewhere(selector, both, here, given))
    ]

    assert len(asked) > 120
    assert told == [], "\n".join(told)
