"""The matrix, asked only about the pages on whose way a fault lies."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import CodeType, FrameType, FunctionType
from typing import Any

from django.test import Client

from goround.apps.organisations.roles import Role
from tests.faults.seeding import Fault
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
    cells: dict[FunctionType, list[tuple[Any, matrix.Cell]]] = field(default_factory=dict)

    @classmethod
    def begin(cls, functions: Iterable[FunctionType]) -> Watch:
        own = make_world(matrix.OWN)
        sibling = make_world(matrix.SIBLING, network=own.organisation.network)
        worlds = matrix.Worlds(
            {matrix.OWN: own, matrix.SIBLING: sibling, matrix.FAR: make_world(matrix.FAR)}
        )
        watch = cls(worlds, {who: _signed_in(who, worlds) for who in WHO})
        watch._learn_the_ways({function.__code__: function for function in functions})
        return watch

    def _learn_the_ways(self, wanted: Mapping[CodeType, FunctionType]) -> None:
        ways: dict[FunctionType, list[tuple[Any, matrix.Cell]]] = defaultdict(list)
        for who in WHO:
            for cell in matrix.CELLS:
                if cell.method == "get" or (cell.method == "post" and who == matrix.OF_TWO):
                    with _codes_run(wanted) as run:
                        matrix.ask(self.clients[who], cell, self.worlds)
                    for code in run:
                        ways[wanted[code]].append((who, cell))
        self.cells = dict(ways)

    def notices(self, fault: Fault) -> bool:
        """Whether anything is wrong with the fault put in, by the policy as it was before."""
        if fault.function is None:
            return False
        cells = sorted(self.cells.get(fault.function, []), key=_telling)
        with fault.put_in():
            return any(self._is_wrong(who, cell) for who, cell in cells[:MOST_CELLS])

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


def _telling(way: tuple[Any, matrix.Cell]) -> tuple[bool, bool, bool]:
    """Foreign rows at home first, then lists at home, then foreign places."""
    _, cell = way
    return cell.place != matrix.OWN, cell.ids == cell.place, cell.method != "get"


@contextmanager
def _codes_run(wanted: Collection[CodeType]) -> Iterator[set[CodeType]]:
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
