"""The matrix, asked only about the pages on whose way a fault lies."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any

from django.test import Client

from goround.apps.organisations.roles import PERMISSIONS, Role
from goround.web.policy import POLICY, Rule
from tests.apps.organisations import test_roles
from tests.faults.seeding import Fault, faults_of_code
from tests.make import make_coordinator, make_user
from tests.selector_probe import TELLS_ANYBODY, gives_away, selectors
from tests.web import test_policy as matrix
from tests.world import make_world

# Enough to notice, few enough to end: the most telling cells come first.
MOST_CELLS = 120
WHO = [matrix.OF_TWO, Role.SUPERVISOR, Role.FACILITATOR, Role.NETWORK_OFFICER]


@dataclass
class Watch:
    """Three organisations, somebody of each kind, and which cell passes which function."""

    worlds: matrix.Worlds
    clients: dict[Any, Client]
    cells: dict[CodeType, list[tuple[Any, matrix.Cell]]] = field(default_factory=dict)
    policy: dict[str, Rule] = field(default_factory=lambda: dict(POLICY))
    roles: dict[Role, frozenset[Any]] = field(default_factory=lambda: dict(PERMISSIONS))

    @classmethod
    def begin(cls) -> Watch:
        own = make_world(matrix.OWN)
        sibling = make_world(matrix.SIBLING, network=own.organisation.network)
        worlds = matrix.Worlds(
            {matrix.OWN: own, matrix.SIBLING: sibling, matrix.FAR: make_world(matrix.FAR)}
        )
        watch = cls(worlds, {who: _signed_in(who, worlds) for who in WHO})
        watch._learn_the_ways()
        return watch

    def _learn_the_ways(self) -> None:
        wanted = {fault.function.__code__ for fault in faults_of_code() if fault.function}
        ways: dict[CodeType, list[tuple[Any, matrix.Cell]]] = defaultdict(list)
        for who in WHO:
            for cell in matrix.CELLS:
                if cell.method == "get" or (cell.method == "post" and who == matrix.OF_TWO):
                    with _codes_run(wanted) as run:
                        matrix.ask(self.clients[who], cell, self.worlds)
                    for code in run:
                        ways[code].append((who, cell))
        self.cells = dict(ways)

    def reaches(self, fault: Fault) -> bool:
        if fault.function is None:
            return True
        return fault.function.__code__ in self.cells or fault.function in _selectors()

    def notices(self, fault: Fault) -> bool:
        """Whether anything is wrong with the fault put in, by the policy as it was before."""
        if fault.page:
            # Asked by ``test_every_page_below_an_organisation_asks_for_a_permission``.
            with fault.put_in():
                return POLICY[fault.page] != self.policy[fault.page] and bool(
                    set(matrix.PAGES[fault.page]) & matrix.PLACES
                )
        if fault.role:
            return self._notices_right(fault)
        cells = sorted(self.cells.get(fault.function.__code__, []), key=_telling)
        with fault.put_in():
            return self._selector_tells(fault) or any(
                self._is_wrong(who, cell) for who, cell in cells[:MOST_CELLS]
            )

    def _notices_right(self, fault: Fault) -> bool:
        """The table of rights is written out a second time, for review."""
        with fault.put_in():
            return test_roles.printed() != test_roles.TABLE

    def _selector_tells(self, fault: Fault) -> bool:
        if fault.function not in _selectors() or fault.function.__name__ in TELLS_ANYBODY:
            return False
        own = self.worlds.by_name[matrix.OWN]
        elsewhere = make_coordinator(self.worlds.by_name[matrix.FAR].organisation)
        try:
            return any(
                gives_away(fault.function, viewer, own) for viewer in (make_user(), elsewhere)
            )
        except Exception:  # it fell over: a test of it would too
            return True

    def _is_wrong(self, who: Any, cell: matrix.Cell) -> bool:
        try:
            return any(matrix.faults_of(cell, who, self.clients[who], self.worlds, {}))
        except Exception:  # the page fell over: its own tests would too
            return True


def _signed_in(who: Any, worlds: matrix.Worlds) -> Client:
    client, user = Client(), matrix.somebody(who, worlds)
    assert user is not None
    client.force_login(user)
    return client


def _selectors() -> set[Any]:
    return {selector for _, selector in selectors()}


def _telling(way: tuple[Any, matrix.Cell]) -> tuple[bool, bool, bool]:
    """Foreign rows at home first, then lists at home, then foreign places."""
    _, cell = way
    return cell.place != matrix.OWN, cell.ids == cell.place, cell.method != "get"


@contextmanager
def _codes_run(wanted: set[CodeType]) -> Iterator[set[CodeType]]:
    """Which of these functions ran meanwhile."""
    run: set[CodeType] = set()

    def look(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code in wanted:
            run.add(frame.f_code)

    sys.setprofile(look)
    try:
        yield run
    finally:
        sys.setprofile(None)
