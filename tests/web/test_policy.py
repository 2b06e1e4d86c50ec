"""Every page by every role, own and foreign: the policy table is the only oracle.

A page that is not in ``goround/web/policy.py`` fails here, and so does one that opens for a
role without the permission it names, or shows a stranger one word of another organisation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from goround.apps.accounts.models import User
from goround.apps.organisations.models import Network, Organisation
from goround.apps.organisations.roles import PERMISSIONS, Permission, Role
from goround.web.policy import POLICY, Anyone
from tests.make import make_network, make_organisation, make_user
from tests.world import World, make_world

pytestmark = pytest.mark.django_db

METHODS = ("get", "post", "put", "delete")


def pages() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and keyword arguments of every address the resolver knows."""
    yield from _pages(get_resolver().url_patterns, "", ())


def _pages(
    patterns: list[URLPattern | URLResolver], prefix: str, above: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in patterns:
        keys = above + tuple(re.findall(r"<(?:\w+:)?(\w+)>", str(entry.pattern)))
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _pages(entry.url_patterns, inner, keys)
        else:
            yield f"{prefix}{entry.name}", keys


PAGES = dict(pages())
WALLED = sorted(name for name, rule in POLICY.items() if isinstance(rule, Permission))
PLACES = {"organisation", "network"}
OF_OWN_GROUPS = {
    "facilitator:group",
    "facilitator:roll",
    "facilitator:calendar",
    "facilitator:member_sign_up",
    "facilitator:member_code",
    *(name for name in POLICY if name.startswith("room:")),
}
OF_A_ROW = [name for name in WALLED if set(PAGES.get(name, ())) - PLACES]


def test_every_page_is_in_the_policy_table_and_nothing_else():
    assert set(PAGES) == set(POLICY)


@dataclass
class Cast:
    own: World
    foreign: World
    users: dict[Role, User]


@pytest.fixture
def cast() -> Cast:
    own, foreign = make_world("OWN"), make_world("FOREIGN")
    users = {role: make_user(role=role, **_place(role, own)) for role in Role}
    return Cast(own, foreign, users)


def _place(role: Role, world: World) -> dict[str, Organisation | Network]:
    if role is Role.NETWORK_OFFICER:
        return {"network": world.organisation.network}
    return {"organisation": world.organisation}


def address(name: str, world: World, ids: World) -> str:
    """The page's address in one world, with the ids of rows from another."""
    known = {
        "organisation": world.organisation.slug,
        "network": world.organisation.network.slug,
    }
    return reverse(name, kwargs={key: known.get(key) or ids.ids[key] for key in PAGES[name]})


def call(client: Client, method: str, url: str) -> tuple[int, str]:
    response = getattr(client, method)(url)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, body.decode(errors="replace")


@pytest.mark.parametrize("name", WALLED)
def test_page_opens_only_for_roles_with_its_permission(name, cast):
    opened = set()
    for role, user in cast.users.items():
        client = Client()
        client.force_login(user)
        for method in METHODS:
            status, body = call(client, method, address(name, cast.own, cast.own))
            if POLICY[name] not in PERMISSIONS[role]:
                assert status == 404, f"{role} got {status} for {method} {name}"
                assert "CANARY-OWN" not in body
            elif method == "get":
                # Those who may open their own groups' pages lead none in this cast.
                assert status in {200, 302, 304, 404, 405}, f"{role} got {status} for {name}"
                opened.add(status)
    if name not in OF_OWN_GROUPS:
        assert opened - {404}, f"nobody could open {name}"


@pytest.mark.parametrize("name", WALLED)
def test_page_hides_another_organisation(name, cast):
    mixed = [(cast.foreign, cast.foreign), (cast.foreign, cast.own), (cast.own, cast.foreign)]
    for user in cast.users.values():
        client = Client()
        client.force_login(user)
        for world, ids in mixed:
            has_ids = name in OF_A_ROW
            if world is cast.own and not has_ids:
                continue
            for method in METHODS:
                status, body = call(client, method, address(name, world, ids))
                assert status == 404 or (status == 405 and world is cast.own), (
                    f"{user.handle} got {status} for {method} {name}"
                )
                assert "CANARY-FOREIGN" not in body


@pytest.mark.parametrize("name", OF_A_ROW)
def test_page_answers_a_foreign_row_like_a_missing_one(name, cast):
    role = next(role for role in Role if POLICY[name] in PERMISSIONS[role])
    client = Client()
    client.force_login(cast.users[role])
    missing = World(cast.own.organisation, dict.fromkeys(cast.own.ids, 987_654))

    foreign_answer = call(client, "get", address(name, cast.own, cast.foreign))
    missing_answer = call(client, "get", address(name, cast.own, missing))

    assert foreign_answer == missing_answer


@pytest.mark.parametrize("name", WALLED)
def test_page_asks_a_visitor_to_sign_in(name, cast):
    for method in METHODS:
        client = Client()
        response = getattr(client, method)(address(name, cast.own, cast.own))
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/sign-in/")


def test_visitor_pages_open_without_signing_in():
    visitor_pages = [n for n, rule in POLICY.items() if rule is Anyone.VISITOR and not PAGES[n]]
    for name in visitor_pages:
        status, _ = call(Client(), "get", reverse(name))
        assert status in {200, 302, 404, 405}, f"{name} answered {status}"


def test_stranger_without_any_role_sees_no_organisation():
    organisation = make_organisation(name="CANARY-HOST", network=make_network())
    client = Client()
    client.force_login(make_user())

    assert "CANARY-HOST" not in client.get("/").content.decode()
    assert client.get(f"/o/{organisation.slug}/").status_code == 404
