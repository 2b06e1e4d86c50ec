"""The runner of ``make faults``: one fault in, the few tests that pass its function, fault out.

    pytest -p tests.faults.running tests/web tests/apps tests/faults/matrix_cells.py

With ``--only apps.costs`` those faults alone whose name has these words, and no cells.

Every test runs once without a fault first, and it is written down which functions it passed and
how long it took; one that fails then, or is slow, is not asked again. A fault is met by the
quickest tests of its function until one fails. What none noticed, the cells of the matrix are
asked about. At the end each test that noticed something runs once more without any fault: one
that fails now noticed nothing. What ``alike`` names changes no answer: it is asked about like the
others and told with its reason, and does not count.
"""

from __future__ import annotations

import logging
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from time import process_time
from types import FunctionType
from typing import Any

import hypothesis
import pytest
from _pytest.runner import runtestprotocol

from tests.faults.alike import CHANGES_NOTHING

LEAST_CAUGHT = 0.95
# A test that is slower is not asked about a fault; nor are more, once this is used up. Seconds
# of this process, so that a busy machine changes nothing.
SLOWEST, LONGEST = 3.0, 20.0
# So much is told of why a test fails without a fault.
WHY = 600
# The matrix itself: its cells are asked one by one instead.
MATRIX = ("test_every_page_keeps_the_policy", "test_every_page_below_an_organisation_opens")
CELLS = "test_what_the_cells_notice"
# The tests that read the table of pages and the table of roles.
OF_PAGES = "test_every_page_below_an_organisation_asks_for_a_permission"
OF_ROLES = "tests/apps/organisations/test_roles.py"

# Faults that no test noticed, for the cells; and those that the cells noticed.
left: list[Any] = []
noticed_by_cells: list[Any] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    named = "only faults whose name has these words; may stand more than once"
    parser.addoption("--only", action="append", default=[], help=named)


class TooLong(Exception):
    """A test that ends well without the fault does not end with it."""


@dataclass
class Run:
    """All tests once collected, and what each one passes.

    ``elsewhere`` is a test that shares no folder with any: said to come next, it makes pytest take
    down whatever is not of the session. What stayed of another folder would fail all that follow.
    """

    items: list[pytest.Item]
    elsewhere: pytest.Item
    passes: dict[pytest.Item, set[FunctionType]] = field(default_factory=dict)
    seconds: dict[pytest.Item, float] = field(default_factory=dict)
    caught_by: Counter[pytest.Item] = field(default_factory=Counter)
    # What was wrong the last time something was.
    why: str = ""

    def learn(self, functions: Iterable[FunctionType]) -> None:
        passed: set[FunctionType] = set()
        with ExitStack() as until:
            for function in functions:
                until.enter_context(_reporting(function, passed))
            # Once more than the others: whoever is first waits for the database to be made.
            for item in self.items[:1]:
                self.ends_well(item)
            for number, item in enumerate(self.items):
                passed.clear()
                begun = process_time()
                is_well = self.ends_well(item)
                self.seconds[item] = process_time() - begun
                if not is_well:
                    _say(f"  not asked, it fails without a fault: {item.nodeid}\n{self.why}")
                elif self.seconds[item] < SLOWEST:
                    self.passes[item] = set(passed)
                if number % 200 == 0:
                    _say(f"  {number} of {len(self.items)} tests run without a fault")

    def is_noticed(self, fault: Any) -> bool:
        until = process_time() + LONGEST
        with fault.put_in():
            for item in self._asked_about(fault):
                with _at_most(SLOWEST * 10):
                    is_well = self.ends_well(item)
                if not is_well:
                    self.caught_by[item] += 1
                    return True
                if process_time() > until:
                    return False
        return False

    def _asked_about(self, fault: Any) -> list[pytest.Item]:
        if fault.page:
            return [item for item in self.passes if OF_PAGES in item.nodeid]
        if fault.role:
            return [item for item in self.passes if item.nodeid.startswith(OF_ROLES)]
        found = [item for item, passed in self.passes.items() if fault.function in passed]
        return sorted(found, key=lambda item: (not self.caught_by[item], self.seconds[item]))

    def ends_well(self, item: pytest.Item) -> bool:
        reports = runtestprotocol(item, nextitem=self.elsewhere, log=False)
        failed = [report for report in reports if report.failed]
        self.why = failed[0].longreprtext.strip()[-WHY:] if failed else ""
        return not failed


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    from tests.faults.seeding import faults_of_code, faults_of_policy

    logging.disable(logging.CRITICAL)
    hypothesis.settings.register_profile("faults", deadline=None, database=None)
    hypothesis.settings.load_profile("faults")
    cells = [item for item in session.items if CELLS in item.nodeid]
    run = Run([item for item in session.items if _is_asked(item)], elsewhere=cells[0])
    only = session.config.getoption("only") or [""]
    every = [*faults_of_code(), *faults_of_policy()]
    faults = [fault for fault in every if any(words in fault.name for words in only)]
    run.learn({fault.function: None for fault in faults if fault.function})
    _say(f"{len(run.passes)} of {len(run.items)} tests will be asked about {len(faults)} faults.")
    left.extend(fault for fault in faults if not _told(run.is_noticed(fault), fault))
    wrong = [f"{item.nodeid}\n{run.why}" for item in run.caught_by if not run.ends_well(item)]
    for item in cells if left and not session.config.getoption("only") else ():
        runtestprotocol(item, nextitem=None, log=False)
    survived = {fault.name for fault in left if fault not in noticed_by_cells}
    gone = CHANGES_NOTHING.keys() - {fault.name for fault in every}
    noticed = {fault.name for fault in faults} - survived
    stale = gone | (CHANGES_NOTHING.keys() & noticed)
    counted = [fault for fault in faults if fault.name not in CHANGES_NOTHING]
    _tell(run, counted, wrong, stale)
    missed = len(survived - CHANGES_NOTHING.keys())
    session.testsfailed += bool(wrong or stale) or missed > (1 - LEAST_CAUGHT) * len(counted)
    return True


def _is_asked(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    own = marker is not None and marker.kwargs.get("transaction")
    empties = own or {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return not empties and not any(name in item.nodeid for name in (*MATRIX, CELLS))


def _told(is_noticed: bool, fault: Any) -> bool:
    if not is_noticed:
        _say(f"  no test noticed {fault.name} ({fault.place})")
    return is_noticed


def _tell(run: Run, faults: list[Any], wrong: list[str], stale: Iterable[str]) -> None:
    survivors = [fault for fault in faults if fault in left and fault not in noticed_by_cells]
    for what, some in (
        ("of pages and selectors", [fault for fault in faults if fault.function]),
        ("of the policy and the roles", [fault for fault in faults if not fault.function]),
        ("in all", faults),
    ):
        caught = sum(fault not in survivors for fault in some)
        if not some:
            continue
        _say(f"{caught} of {len(some)} seeded faults {what} were caught: {caught / len(some):.1%}.")
    for item, count in run.caught_by.most_common(10):
        _say(f"  {count} by {item.nodeid}")
    for name in wrong:
        _say(f"FAILS WITHOUT A FAULT NOW: {name}")
    for name in sorted(stale):
        _say(f"SAID TO CHANGE NOTHING, AND IS NOTICED OR GONE: {name}")
    for fault in survivors:
        known = "" if not fault.function or run._asked_about(fault) else " (no test passes it)"
        _say(f"survived: {fault.name} ({fault.place}){known}")
    for fault in left:
        if fault.name in CHANGES_NOTHING:
            _say(f"changes no answer: {fault.name}: {CHANGES_NOTHING[fault.name]}")


@contextmanager
def _reporting(function: FunctionType, passed: set[FunctionType]) -> Iterator[None]:
    """The function runs as ever, and says that it did."""
    from tests.faults.seeding import reporting

    before = function.__code__
    name, function.__code__ = reporting(function)
    function.__globals__[name] = lambda: passed.add(function)
    try:
        yield
    finally:
        function.__code__ = before
        del function.__globals__[name]


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    def stop(number: int, frame: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
