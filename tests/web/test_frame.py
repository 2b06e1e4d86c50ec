"""The links around a page: a few in sight, the rest behind "More", each once for each width."""

from __future__ import annotations

import re

import pytest

from goround.apps.organisations.roles import Role
from tests.make import make_coordinator, make_organisation, make_user

pytestmark = pytest.mark.django_db

NAV = re.compile(r'<nav class="nav".*?</nav>', re.S)
IN_SIGHT = re.compile(r'<a class="nav-link" href="([^"]+)"')
BEHIND = re.compile(r'<a class="menu-item([^"]*)" href="([^"]+)"')


def nav_of(client, user, path) -> tuple[list[str], list[tuple[str, str]], str]:
    client.force_login(user)
    found = NAV.search(client.get(path).content.decode())
    assert found is not None
    return IN_SIGHT.findall(found[0]), BEHIND.findall(found[0]), found[0]


def test_many_links_are_six_in_sight_and_the_rest_behind_more(client):
    host = make_organisation()
    here = f"/o/{host.slug}/"

    in_sight, behind, nav = nav_of(client, make_coordinator(host), f"{here}month/")

    assert in_sight[0] == here
    assert len(in_sight) == 6
    # Two of the six are behind "More" on a phone alone.
    assert [address for narrow, address in behind if narrow] == in_sight[4:]
    wide = [address for narrow, address in behind if not narrow]
    assert f"{here}month/" in wide
    assert not set(wide) & set(in_sight)
    assert f'href="{here}month/" aria-current="page"' in nav


def test_few_links_are_all_in_sight(client):
    host = make_organisation()
    leader = make_user(role=Role.CHILDRENS_LEADER, organisation=host)

    in_sight, behind, _ = nav_of(client, leader, f"/o/{host.slug}/children/")

    assert in_sight
    assert behind == []
