"""What selectors tell of one organisation: nothing of another, and nothing to a stranger.

Cheaper than the pages of ``test_policy`` and through every selector that can be asked by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist

from goround.apps.groups.models import Group, Membership
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.models import Programme, RoleAssignment
from goround.apps.organisations.roles import Role
from goround.apps.people.models import Parent
from tests.make import make_coordinator, make_user
from tests.selector_probe import TELLS_ANYBODY, Selector, arguments_for, rows_in, selectors
from tests.world import World, make_world

pytestmark = pytest.mark.django_db

HERE, THERE = "OWN", "SIBLING"
# What is told of every place at once, because it is asked for without one.
OF_ALL_PLACES = {"roles_held": "one's own roles, wherever they are"}
# What these make of a group that somebody let through before, is no row of anybody's.
TELLS_NOTHING = {
    "session_of": "the number of a first meeting",
    "handover_of": "stages by their dates; the pages ask for the group first",
}
# What a role of any kind opens.
TELLS_WHO_COMES = {
    "programmes_for": "the programmes one comes to",
    "venues_for": "the places one comes to",
    "jobs_for": "kinds of work, ids and counts; each page that shows them asks for its own right",
}
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


def kept_rows(selector: Selector, viewer: Any, given: dict[str, Any]) -> list[Any]:
    """Rows that are kept; a rule or a board nobody made yet is none."""
    try:
        told = selector(viewer, **given)
    except ObjectDoesNotExist:
        return []
    rows = [row for row in rows_in(told) if row.pk]
    return rows or ([told] if isinstance(told, bool | int | str) and told else [])


@dataclass(frozen=True)
class Town:
    """Two organisations of one network, and what selectors may be asked about the first."""

    here: World
    there: World
    asked: dict[str, tuple[Selector, dict[str, Any]]]


@pytest.fixture
def town() -> Town:
    here = make_world(HERE)
    there = make_world(THERE, network=here.organisation.network)
    rows = given_rows(here)
    asked = {
        name: (selector, given)
        for name, selector in selectors()
        if (given := arguments_for(selector, here, rows))
    }
    return Town(here, there, asked)


def test_whoever_works_at_two_places_sees_each_by_itself(town):
    both = make_user()
    RoleAssignment.objects.bulk_create(
        RoleAssignment(user=both, role=role, organisation=world.organisation)
        for role in Role
        for world in (town.here, town.there)
        if role is not Role.NETWORK_OFFICER
    )

    told = [
        said
        for name, (selector, given) in town.asked.items()
        if name not in OF_ALL_PLACES
        if (said := told_of_elsewhere(selector, both, town.here, given))
    ]

    assert len(town.asked) > 120
    assert told == [], "\n".join(told)


def test_whoever_works_elsewhere_is_told_nothing(town):
    stranger = make_coordinator(town.there.organisation)

    told = [
        f"{name} told {said}"
        for name, (selector, given) in town.asked.items()
        if name not in TELLS_ANYBODY and name not in TELLS_NOTHING
        if (said := kept_rows(selector, stranger, given))
    ]

    assert told == [], "\n".join(told)


def test_a_parent_of_the_organisation_is_told_nothing_of_its_work(town):
    """Holding some role there is not enough: each selector asks for its own permission."""
    parent = make_user(role=Role.PARENT, organisation=town.here.organisation)

    told = [
        f"{name} told {said}"
        for name, (selector, given) in town.asked.items()
        if name not in TELLS_ANYBODY and name not in TELLS_NOTHING and name not in TELLS_WHO_COMES
        if (said := kept_rows(selector, parent, given))
    ]

    assert told == [], "\n".join(told)
