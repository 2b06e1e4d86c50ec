"""Each number of an address in turn is that of a neighbour's row: nothing is there.

The matrix in ``test_policy`` takes all numbers of an address from one organisation. A page that
finds two rows then refuses the first, and whether it would refuse the second nobody learns. Here
whoever asks may open the page, and all numbers but one are right; that one belongs to another
group, with other people, of the same organisation. Where it is not the first, they even belong to
that group too: its rows are still not those of this one. A page to come is in it as soon as the
resolver knows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie
from itertools import groupby, product
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from goround.apps.accounts.models import SignIn, User
from goround.apps.decisions.models import Decision
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.joining.models import JoinRule
from goround.apps.organisations.models import Organisation, RoleAssignment
from goround.apps.organisations.roles import PERMISSIONS, Role
from goround.apps.people.models import Parent
from goround.apps.rooms.models import Offer
from goround.web.policy import POLICY, Anyone
from tests.canaries import our_models
from tests.make import (
    make_coordinator,
    make_facilitator,
    make_group,
    make_leadership,
    make_meeting,
    make_membership,
    make_organisation,
    make_programme,
    make_user,
)
from tests.make_ours import make_goal
from tests.make_safeguarding import make_concern, make_reader
from tests.web.test_policy import MISSING, OWN, PAGES, PLACES, SIBLING, Worlds, somebody
from tests.world import World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

# Whose own rows and groups a page shows, and not everybody's of the organisation.
BOUND = [Role.PARENT, Role.FACILITATOR, Role.CHILDRENS_LEADER]
PEOPLE = [*BOUND, Role.COORDINATOR, Role.SAFEGUARDING_LEAD]
# Where no permission is asked for: both belong to rooms, each in a way of their own.
IN_ROOMS = {Role.PARENT, Role.FACILITATOR}
# Where both worlds have the same word, one that nothing is called.
NOBODYS = {
    "formed": "g9999",
    "kind": "nonsense",
    "language": "xx",
    "number": MISSING,
    "taken_number": str(UUID(int=0)),
}
METHODS, CLOSED = ("get", "post"), {404, 405}
# What a request writes about itself, whatever it asks for.
OF_A_REQUEST = ("django_session", "accounts_signin")
# Stays where it is: of these a place has one, or they are locked or sealed to their place.
STAYS = {
    "apart.KeepApart",
    "costs.OwnCurrency",
    "organisations.Programme",
    "releases.Basis",
    "releases.ReleasedFigure",
    "surveys.Survey",
}
# Nobody opens these in the world of the matrix.
SHUT = {
    "room:circle_door": "only while a circle is open; tests/web/room open one",
    "room:circle_live": "only while a circle is open; tests/web/room open one",
    "room:circle_person": "only while a circle is open; tests/web/room open one",
    "room:come_back": "only on the day on which somebody left",
    "survey:own": "only while a survey is open; tests/web/survey open one",
}
# What is sent with it; a page that looks at that first would refuse for another reason.
SENT = {
    "room:agreement_aloud": {"number": 1},
    "room:agreement_yes": {"number": 1},
    "room:goal_change": {"act": "done"},
    "room:topic": {"act": "want"},
}


def is_asked(page: str) -> bool:
    keys, rule = set(PAGES[page]) - PLACES, POLICY[page]
    if rule is Anyone.VISITOR or not keys:
        return False
    is_bound = rule is Anyone.SIGNED_IN or any(rule in PERMISSIONS[role] for role in BOUND)
    return is_bound or len(keys) > 1


# Large parts of the site, by the first word of their pages too: ``make faults`` asks no test that
# takes seconds.
SPLIT = {"children", "coordinator", "decisions", "room"}


def folder(page: str) -> str:
    """Pages of one part of the site, few enough for one test."""
    name, _, last = page.partition(":")
    return f"{name}:{last.partition('_')[0]}" if name in SPLIT else name


ASKED = sorted(filter(is_asked, PAGES), key=folder)
FOLDERS = {name: list(pages) for name, pages in groupby(ASKED, key=folder)}


@dataclass
class Cast:
    """One's own place, somebody of each kind at home there, and the numbers of the neighbours."""

    own: World
    beside: dict[str, Any]
    users: dict[Role, Any]
    clients: dict[Role, Client]
    own_for: dict[str, dict[str, Any]]

    def ids(self, page: str) -> dict[str, Any]:
        return self.own.ids | {"kind": "consent"} | self.own_for.get(page, {})

    def ask(
        self, who: Role, page: str, method: str, wrong: str = "", *, of_both: bool = False
    ) -> tuple[int, list[str]]:
        """The answer and what was written, which is undone afterwards."""
        ids = self.ids(page) | ({wrong: self.beside[wrong]} if wrong else {})
        host, client = self.own.organisation, self.clients[who]
        place = {"organisation": host.slug, "network": host.network.slug}
        address = reverse(page, kwargs={key: place.get(key) or ids[key] for key in PAGES[page]})
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        with transaction.atomic():
            if of_both:
                self.belongs_beside(who)
            with _written() as wrote:
                status = getattr(client, method)(address, SENT.get(page, {})).status_code
            transaction.set_rollback(True)
        client.cookies = SimpleCookie(cookies)
        return status, wrote

    def belongs_beside(self, who: Role) -> None:
        """To the neighbours' group too; whoever works for the organisation does so already."""
        group = Group.objects.get(pk=self.beside["group_id"])
        if who is Role.PARENT:
            make_membership(group, Parent.objects.get(pk=self.own.ids["parent_id"]))
        for lead in Leadership.objects.filter(facilitator__user=self.users[who]):
            make_leadership(group, lead.facilitator, part=lead.part)


@contextmanager
def _written() -> Iterator[list[str]]:
    wrote: list[str] = []

    def look(execute: Any, sql: str, *told: Any) -> Any:
        is_write = sql.startswith(("INSERT", "UPDATE", "DELETE"))
        if is_write and not any(table in sql for table in OF_A_REQUEST):
            wrote.append(sql[:60])
        return execute(sql, *told)

    with connection.execute_wrapper(look):
        yield wrote


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """Made once for all pages, and taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _cast()
        transaction.set_rollback(True)


def _cast() -> Cast:
    own = make_world(OWN)
    other = make_world(SIBLING, network=own.organisation.network)
    worlds = Worlds({OWN: own, SIBLING: other})
    users = {who: somebody(who, worlds) for who in PEOPLE}
    users[Role.PARENT] = Parent.objects.get(pk=own.ids["parent_id"]).user
    users[Role.COORDINATOR] = RoleAssignment.objects.get(pk=own.ids["assignment_id"]).user
    _move_in(other, own)
    clients = {}
    for who, user in users.items():
        assert user is not None
        clients[who] = Client(raise_request_exception=False)
        clients[who].force_login(user)
    return Cast(own, other.ids | NOBODYS, users, clients, _so_that_pages_open(own, users))


def _so_that_pages_open(own: World, users: dict[Role, Any]) -> dict[str, dict[str, Any]]:
    """A meeting that comes, with an offer; and other numbers for some pages."""
    group, now = Group.objects.get(pk=own.ids["group_id"]), timezone.now()
    coming = make_meeting(group, starts_at=now + timedelta(days=1))
    Offer.objects.filter(pk=own.ids["offer_id"]).update(meeting=coming)
    membership = Membership.objects.get(pk=own.ids["membership_id"])
    goal = {"goal_id": make_goal(membership).pk}
    found = make_group(group.programme)
    JoinRule.objects.create(group=found, can_be_found=True)
    election = {"decision_id": Decision.objects.get(group=group, kind="election").pk}
    session = SignIn.objects.filter(user=users[Role.COORDINATOR]).latest("pk")
    return {
        "account:end_session": {"sign_in_id": session.pk},
        "decisions:answer": election,
        "decisions:begin": election,
        "decisions:stand": election,
        "parent:ask": {"group_id": found.pk},
        "room:goal": goal,
        "room:goal_change": goal,
    }


def _move_in(other: World, own: World) -> None:
    """From now on all that stands there belongs to one's own organisation and programme."""
    for model in our_models():
        has_place = "organisation" in {field.name for field in model._meta.concrete_fields}
        if has_place and model._meta.label not in STAYS:
            rows = model._base_manager.filter(organisation=other.organisation)
            rows.update(organisation=own.organisation)
    moved = Group.objects.filter(pk=other.ids["group_id"])
    moved.update(programme=own.ids["programme_id"])


@pytest.mark.parametrize("name", FOLDERS)
def test_a_number_of_the_neighbours_is_not_there(name, cast):
    found, shut = [], []
    for page in FOLDERS[name]:
        people = _who_opens(cast, page)
        shut += [] if people else [page]
        first, *inner = (key for key in PAGES[page] if key not in PLACES)
        for who, method in product(people, METHODS):
            asked = {key: cast.ask(who, page, method, key, of_both=True) for key in inner}
            if who in BOUND or POLICY[page] is Anyone.SIGNED_IN:
                asked[first] = cast.ask(who, page, method, first)
            for key, (status, wrote) in asked.items():
                if status not in CLOSED or wrote:
                    found.append(f"{who}: {method} {page}, {key} beside: {status} {wrote}")

    assert found == [], "\n".join(found)
    assert set(shut) == SHUT.keys() & set(FOLDERS[name])


def _who_opens(cast: Cast, page: str) -> list[Role]:
    """Who finds something there with all numbers right: the first who may, and whoever belongs
    to rooms too."""
    rule, people = POLICY[page], []
    for who in PEOPLE:
        may = rule is Anyone.SIGNED_IN or rule in PERMISSIONS[who]
        if may and (not people or (rule is Anyone.SIGNED_IN and who in IN_ROOMS)):
            answers = (cast.ask(who, page, method)[0] for method in METHODS)
            people += [who] if any(status not in CLOSED for status in answers) else []
    return people


def test_who_works_at_two_places_finds_at_each_what_is_there(client):
    """And not at one what the other has, though they may look at both."""
    here, there = make_organisation(), make_organisation()
    lead = _at_both(Role.SAFEGUARDING_LEAD, here, there)
    reader = make_reader(make_concern(there), make_coordinator(there))
    dolores, group = _at_both(Role.FACILITATOR, here, there), make_group(make_programme(there))
    make_leadership(group, make_facilitator(there, user=dolores))
    part, leader = Leadership.Part.PARENT_LEADER, make_membership(group)
    make_leadership(group, None, part=part, membership=leader)

    def asked(place, user, page, *ids):
        client.force_login(user)
        return getattr(client, page[0])(reverse(page[1], args=[place.slug, *ids])).status_code

    end, check_in = ("post", "lead:reader_end"), ("get", "facilitator:check_in")
    assert asked(here, lead, end, reader.concern_id, reader.pk) == 404
    assert asked(there, lead, end, reader.concern_id, reader.pk) == 302
    assert asked(here, dolores, check_in, group.pk) == 404
    assert asked(there, dolores, check_in, group.pk) == 200


def _at_both(role: Role, here: Organisation, there: Organisation) -> User:
    user = make_user(role=role, organisation=here)
    RoleAssignment.objects.create(user=user, role=role, organisation=there)
    return user
