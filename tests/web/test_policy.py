"""Every page, role, organisation, id and method against the one policy in ``web/policy.py``.

Three organisations: one's own, another of the same network, and one of another network. Every
text of each holds a canary of its own. A cell is one request; what it should answer is asked of
``answer_to`` alone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from itertools import product
from zlib import crc32

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from goround.apps.accounts.models import User
from goround.apps.groups.models import Leadership
from goround.apps.organisations.models import RoleAssignment
from goround.apps.organisations.roles import Permission, Role
from goround.web.policy import POLICY, Answer, answer_to
from tests.canaries import CLOSED, canary, our_models, text_fields, texts_without
from tests.make import make_coordinator, make_facilitator, make_leadership, make_user
from tests.selector_probe import TELLS_ANYBODY, arguments_for, gives_away, selectors
from tests.world import World, make_world

pytestmark = pytest.mark.django_db

OWN, SIBLING, FAR = "OWN", "SIBLING", "FAR"
MISSING = 987_654
PLACES = {"organisation", "network"}
# Read and written everywhere; of the others each cell tries one, by turns.
ALWAYS, BY_TURNS = ("get", "post"), ("put", "delete", "head", "patch")
STRANGER, VISITOR = "stranger", "visitor"
# A coordinator of two organisations, who may not see one of them from the other.
OF_TWO = "coordinator of two"
PEOPLE = [*Role, OF_TWO, STRANGER, VISITOR]
Part = Leadership.Part
LEADS = {Role.FACILITATOR, Role.PARENT_LEADER, Role.CHILDRENS_LEADER}
# Changes that end what other cells look at; the cell's savepoint brings it back.
OPENED = {200, 204, 302, 304, 400, 403, 405, 409, 422, 429}


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


@dataclass(frozen=True)
class Cell:
    page: str
    place: str
    ids: str
    method: str


@dataclass
class Worlds:
    by_name: dict[str, World]
    missing: World = field(init=False)

    def __post_init__(self) -> None:
        own = self.by_name[OWN]
        self.missing = World(own.organisation, dict.fromkeys(own.ids, MISSING))

    def address(self, cell: Cell) -> str:
        place = self.by_name[cell.place].organisation
        ids = self.missing if cell.ids == "MISSING" else self.by_name[cell.ids]
        known = {"organisation": place.slug, "network": place.network.slug}
        return reverse(
            cell.page,
            kwargs={key: known.get(key) or ids.ids.get(key, "x") for key in PAGES[cell.page]},
        )

    def is_own(self, cell: Cell, who: Role | str) -> bool:
        """Whether the place in the address is one of the viewer's own."""
        wide = "network" in PAGES[cell.page] or who == OF_TWO
        return cell.place in {OWN, SIBLING} if wide else cell.place == OWN


def cells_of(page: str) -> Iterator[Cell]:
    keys = set(PAGES[page])
    with_ids, with_place = bool(keys - PLACES), bool(keys & PLACES)
    pairs = [(OWN, OWN)]
    if with_place:
        pairs += [(SIBLING, SIBLING), (FAR, FAR)]
    if with_ids:
        pairs += [(OWN, SIBLING), (OWN, FAR), (OWN, "MISSING")]
        pairs += [(SIBLING, OWN), (FAR, OWN)] if with_place else []
    for place, ids in pairs:
        turn = BY_TURNS[crc32(f"{page} {place}".encode()) % len(BY_TURNS)]
        for method in (*ALWAYS, turn) if place == ids else ALWAYS:
            yield Cell(page, place, ids, method)


# Every 404 below an organisation has one body, whatever was asked for.
NO_PAGE = Cell("", "", "", "get")
CELLS = [cell for page in sorted(PAGES) for cell in cells_of(page)]
# One of so many is asked in each of the two runs of ``make test``.
PARTS = 7


def test_the_matrix_is_as_large_as_promised():
    assert 2 * len(CELLS) * len(PEOPLE) // PARTS >= 10_000
    assert {cell.page for cell in CELLS} == set(POLICY) == set(PAGES)


def test_every_text_of_every_table_holds_a_canary():
    make_world("OWN")

    assert texts_without("OWN") == []


def test_every_closed_text_is_still_there():
    known = {name for model in our_models() for name, _ in text_fields(model)}

    assert set(CLOSED) - known == set()


@pytest.fixture
def worlds() -> Worlds:
    own = make_world(OWN)
    sibling = make_world(SIBLING, network=own.organisation.network)
    return Worlds({OWN: own, SIBLING: sibling, FAR: make_world(FAR)})


def asked_of(who: Role | str) -> list[Cell]:
    """All cells in ``make soak``; else a part for each person, by turns, so that every cell is
    asked of somebody. PostgreSQL asks another part than SQLite."""
    if os.environ.get("MATRIX") == "whole":
        return CELLS
    turn = PEOPLE.index(who) + (connection.vendor == "postgresql")
    return CELLS[turn % PARTS :: PARTS]


def role_of(who: Role | str) -> Role | None:
    if who == OF_TWO:
        return Role.COORDINATOR
    return who if isinstance(who, Role) else None


def somebody(who: Role | str, worlds: Worlds) -> User | None:
    """Somebody of that role at the own organisation; those who lead, lead its group."""
    if who == VISITOR:
        return None
    if who == STRANGER:
        return make_user()
    own, role = worlds.by_name[OWN], role_of(who)
    if who == OF_TWO:
        user = make_user(role=role, organisation=own.organisation)
        sibling = worlds.by_name[SIBLING].organisation
        RoleAssignment.objects.create(user=user, role=role, organisation=sibling)
        return user
    if role is Role.NETWORK_OFFICER:
        return make_user(role=role, network=own.organisation.network)
    user = make_user(role=role, organisation=own.organisation)
    if role in LEADS:
        helper = make_facilitator(own.organisation, user=user, shown_as="CANARY-OWN leader")
        group = own.organisation.group_set.get(pk=own.ids["group_id"])
        is_with_children = role is Role.CHILDRENS_LEADER
        part = Part.CHILDRENS_LEADER if is_with_children else Part.FACILITATOR
        make_leadership(group, helper, part=part)
    return user


def ask(client: Client, cell: Cell, worlds: Worlds) -> tuple[int, str]:
    """One request, undone afterwards; who signed out with it is signed in again."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic():
        response = getattr(client, cell.method)(worlds.address(cell))
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)
    return response.status_code, body.decode(errors="replace")


def faults_of(
    cell: Cell, who: Role | str, client: Client, worlds: Worlds, seen: dict[Cell, tuple[int, str]]
) -> Iterator[str]:
    """What is wrong with the answer, in words; nothing for a cell that keeps the policy."""
    own = worlds.is_own(cell, who)
    wanted = answer_to(cell.page, role_of(who), signed_in=who != VISITOR, own=own)
    status, body = ask(client, cell, worlds)
    said = f"{who}: {cell.method} {cell.page} at {cell.place} with {cell.ids}"
    if wanted is Answer.SIGN_IN and status != 302:
        yield f"{said} got {status}, not the way to sign in"
    if wanted is Answer.NOT_THERE and status != 404:
        yield f"{said} got {status}, not 404"
    if wanted is Answer.OPEN and status not in OPENED | {404}:
        yield f"{said} got {status}"
    shown = [word for word in hidden(cell, who, wanted) if word in body]
    yield from (f"{said} shows {word}" for word in shown)
    walled = bool(set(PAGES[cell.page]) & PLACES)
    # What belongs to a network is as much the sibling's.
    foreign = {FAR} if "network" in PAGES[cell.page] else {SIBLING, FAR}
    if walled and cell.place == OWN and cell.ids in foreign and status != 405:
        missing = Cell(cell.page, OWN, "MISSING", cell.method)
        if missing not in seen:
            seen[missing] = ask(client, missing, worlds)
        if (status, body) != seen[missing]:
            yield f"{said} differs from a row that does not exist"
    is_no_page = status == 404 and cell.method == "get" and walled
    if is_no_page and body != seen.setdefault(NO_PAGE, (status, body))[1]:
        yield f"{said} has an answer of its own for what is not there"


def hidden(cell: Cell, who: Role | str, wanted: Answer) -> list[str]:
    """The canaries that may not be in the answer."""
    if wanted is not Answer.OPEN:
        return [canary(name) for name in (OWN, SIBLING, FAR)]
    # A public address shows what is on the poster of its own programme, and nothing else.
    here = cell.place if set(PAGES[cell.page]) & PLACES else cell.ids
    if who == OF_TWO and not PAGES[cell.page]:
        # Pages of no place, such as home, list both of one's own.
        return [canary(FAR)]
    foreign = [canary(name) for name in (FAR, SIBLING, OWN) if name != here]
    # A network's office sees the names of its organisations, beside sums.
    return [canary(FAR)] if "network" in PAGES[cell.page] else foreign


# A page no role opened would make its cells say nothing.
NOBODY_OPENS = {
    "coordinator:round_change": "what is sent in names the change; tests/web/rounds make each",
    "room:circle_door": "only while a circle is open; tests/web/room open one",
    "room:circle_live": "only while a circle is open; tests/web/room open one",
    "room:circle_person": "only while a circle is open; tests/web/room open one",
}


def test_every_page_below_an_organisation_asks_for_a_permission():
    below = {page for page, keys in PAGES.items() if set(keys) & PLACES}

    assert {page for page in below if not isinstance(POLICY[page], Permission)} == set()


def test_every_selector_tells_a_stranger_nothing(worlds: Worlds):
    strangers = [make_user(), make_coordinator(worlds.by_name[FAR].organisation)]
    asked = [name for name, each in selectors() if arguments_for(each, worlds.by_name[OWN])]

    told = [
        gave
        for name, selector in selectors()
        for viewer in strangers
        if name not in TELLS_ANYBODY and (gave := gives_away(selector, viewer, worlds.by_name[OWN]))
    ]

    assert len(asked) > 25
    assert told == [], "\n".join(told)


def test_a_stranger_without_any_role_is_offered_no_organisation(worlds: Worlds):
    client = Client()
    client.force_login(make_user())

    assert "CANARY" not in client.get("/").text


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_keeps_the_policy(who: Role | str, worlds: Worlds):
    user, client = somebody(who, worlds), Client()
    if user:
        client.force_login(user)
    seen: dict[Cell, tuple[int, str]] = {}

    cells = asked_of(who)
    found = [fault for cell in cells for fault in faults_of(cell, who, client, worlds, seen)]

    assert found == [], f"{len(found)} of {len(cells)} cells:\n" + "\n".join(found[:40])


def test_every_page_below_an_organisation_opens_for_somebody(worlds: Worlds):
    """Else a page that is always shut would pass the matrix."""
    clients = {}
    for who in Role:
        user = somebody(who, worlds)
        assert user is not None
        clients[who] = Client()
        clients[who].force_login(user)

    shut = []
    for page, keys in sorted(PAGES.items()):
        if not set(keys) & PLACES:
            continue
        may = [r for r in Role if answer_to(page, r, signed_in=True, own=True) is Answer.OPEN]
        answers = {
            ask(clients[role], Cell(page, OWN, OWN, method), worlds)[0]
            for role, method in product(may, ALWAYS)
        }
        if not answers - {404, 405}:
            shut.append(page)

    assert shut == sorted(NOBODY_OPENS)
