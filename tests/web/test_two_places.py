"""What selectors tell of one organisation: nothing of another, and nothing to a stranger.

Cheaper than the pages of ``test_policy`` and through every selector that can be asked by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist

from goround.apps.children.models import Child
from goround.apps.decisions.models import Decision
from goround.apps.formation.models import Round
from goround.apps.groups.models import Group, Membership
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.models import Programme, RoleAssignment
from goround.apps.organisations.roles import Role
from goround.apps.people.models import Parent
from goround.apps.safeguarding.models import Concern
from goround.apps.surveys.models import Survey, Wave
from tests.make import make_coordinator, make_user
from tests.make_ours import account_of, make_member
from tests.selector_probe import TELLS_ANYBODY, Selector, arguments_for, rows_in, selectors
from tests.world import World, make_world

pytestmark = pytest.mark.django_db

HERE, THERE = "OWN", "SIBLING"
# What is told of every place at once, because it is asked for without one.
OF_ALL_PLACES = {"roles_held": "one's own roles, wherever they are"}
# What these tell of a row that another selector let through before.
LET_THROUGH = {
    "adults_of": "who may collect a child that was found for this viewer",
    "session_of": "the number of a first meeting",
    "handover_of": "stages by their dates; the pages ask for the group first",
}
# What a role of any kind opens.
TELLS_WHO_COMES = {
    "programmes_for": "the programmes one comes to",
    "venues_for": "the places one comes to",
    "jobs_for": "kinds of work, ids and counts; each page that shows them asks for its own right",
}
# What members of one group know of one another.
TELLS_THE_GROUP = {
    "leaders_in_room": "who leads it",
    "members_in_room": "by alias",
    "offers_for": "who takes whom along, by alias",
    "parent_leaders": "whom it elected",
    "readers_of": "who reads a note to the leaders",
    "requests_for": "who asks to join, if the group says yes itself",
}
GIVEN = {
    "Child": (Child, "child_id"),
    "Concern": (Concern, "concern_id"),
    "Decision": (Decision, "decision_id"),
    "Group": (Group, "group_id"),
    "Meeting": (Meeting, "meeting_id"),
    "Membership": (Membership, "membership_id"),
    "Parent": (Parent, "parent_id"),
    "Programme": (Programme, "programme_id"),
    "Round": (Round, "round_id"),
    "Survey": (Survey, "survey_id"),
    "Wave": (Wave, "wave_id"),
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
    rows = [row for row in rows_in(told) if getattr(row, "pk", None)]
    return rows or ([told] if isinstance(told, bool | int | str) and told else [])


@dataclass(frozen=True)
class Town:
    """Two organisations of one network, and what selectors may be asked about the first."""

    here: World
    there: World
    asked: list[tuple[str, Selector, dict[str, Any]]]


@pytest.fixture
def town() -> Town:
    here = make_world(HERE)
    there = make_world(THERE, network=here.organisation.network)
    rows = given_rows(here)
    asked = [
        (name, selector, given)
        for name, selector in selectors()
        if (given := arguments_for(selector, here, rows)) is not None
    ]
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
        for name, selector, given in town.asked
        if name not in OF_ALL_PLACES
        if (said := told_of_elsewhere(selector, both, town.here, given))
    ]

    assert len(town.asked) > 120
    assert told == [], "\n".join(told)


def test_whoever_works_elsewhere_is_told_nothing(town):
    stranger = make_coordinator(town.there.organisation)

    told = [
        f"{name} told {said}"
        for name, selector, given in town.asked
        if name not in TELLS_ANYBODY and name not in LET_THROUGH
        if (said := kept_rows(selector, stranger, given))
    ]

    assert told == [], "\n".join(told)


def test_a_parent_of_the_organisation_is_told_nothing_of_its_work(town):
    """Holding some role there is not enough: each selector asks for its own permission."""
    parent = make_user(role=Role.PARENT, organisation=town.here.organisation)

    told = [
        f"{name} told {said}"
        for name, selector, given in town.asked
        if name not in TELLS_ANYBODY and name not in LET_THROUGH and name not in TELLS_WHO_COMES
        if (said := kept_rows(selector, parent, given))
    ]

    assert told == [], "\n".join(told)


def test_a_member_is_told_nothing_that_is_another_members_own(town):
    group = Group.objects.get(pk=town.here.ids["group_id"])
    ben = account_of(make_member(group, "Ben"))
    ana = Parent.objects.get(pk=town.here.ids["parent_id"])
    hers = {"parent_id": ana.pk, "user_id": ana.user_id}
    hers["membership_id"] = town.here.ids["membership_id"]

    told = {
        name
        for name, selector, given in town.asked
        if name not in OF_ALL_PLACES and name not in LET_THROUGH
        for row in kept_rows(selector, ben, given)
        for owned in (row, getattr(row, "child", None))
        if any(getattr(owned, key, None) == pk for key, pk in hers.items())
    }

    assert told == set(TELLS_THE_GROUP)
