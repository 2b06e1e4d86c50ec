"""What can be worked out from random histories of releases: nothing, as long as they are audited.

``RELEASE_HISTORIES=10000`` as in ``make soak``; by default the thousand of every run.
"""

from __future__ import annotations

import os

import pytest

from tests.attacks.answered import Answered
from tests.attacks.attack import Attack, Broken, Issue, by_trying
from tests.attacks.erased import Families
from tests.attacks.histories import COMES, FAMILIES, PARENTS, World, history

HISTORIES = int(os.environ.get("RELEASE_HISTORIES", "1000"))
# So that each worker of a parallel run has some.
PARTS = 10
# The control needs no more than a few to be broken many times.
UNGUARDED = 60
# One history in so many is of outcomes, which take longer, and one of families.
OF_OUTCOMES = 16


def world_of(seed: int) -> type[World | Answered | Families]:
    return {0: Answered, 1: Families}.get(seed // PARTS % OF_OUTCOMES, World)


def attack(ledger: list[Issue]) -> Attack:
    inside = {"same": "not-better", "worse": "not-better"}
    return Attack(
        ledger, adding={COMES}, within=[(PARENTS, COMES), (FAMILIES, PARENTS)], inside=inside
    )


def broken(ledger: list[Issue]) -> list[Broken]:
    return attack(ledger).broken() if ledger else []


@pytest.mark.parametrize("part", range(PARTS))
def test_no_protected_number_can_be_told_from_audited_releases(part: int):
    printed = 0

    for seed in range(part, HISTORIES, PARTS):
        ledger = history(seed, of=world_of(seed))
        printed += sum(len(issue.printed) for issue in ledger)
        assert broken(ledger) == [], f"history {seed}"

    assert printed > HISTORIES // PARTS  # there was something to attack


def test_attacker_breaks_into_outcomes_without_an_audit():
    ledgers = [history(seed, audited=False, of=Answered) for seed in range(UNGUARDED // 3)]

    assert sum(bool(broken(ledger)) for ledger in ledgers) > len(ledgers) // 3


def test_attacker_breaks_into_families_without_an_audit():
    ledgers = [history(seed, audited=False, of=Families) for seed in range(UNGUARDED // 3)]

    assert sum(bool(broken(ledger)) for ledger in ledgers) > len(ledgers) // 3


def test_attacker_breaks_into_releases_without_an_audit():
    got_in = [seed for seed in range(UNGUARDED) if broken(history(seed, audited=False))]

    assert len(got_in) > UNGUARDED // 3


def test_attacker_finds_the_same_as_trying_everything():
    tiny = Issue(
        truth={
            (PARENTS, 0, 1, (), "", ""): 26,
            (PARENTS, 0, 1, (), "gender", "a"): 14,
            (PARENTS, 0, 1, (), "gender", "b"): 9,
            (PARENTS, 0, 1, (), "gender", "c"): 3,
        },
        printed={(PARENTS, 0, 1, (), "", ""): 25, (PARENTS, 0, 1, (), "gender", "a"): 15},
    )
    there = attack([tiny])
    ((targets, members),) = there._heaps()

    tried = by_trying(there, targets, most=30)

    assert there._bounds(targets, members) == tried == [(0, 14), (0, 14)]
    assert there.broken() == []
