"""The promise: two who must not meet are never brought together, whatever happens.

``KEEP_APART_OPERATIONS`` makes it longer than the suite's 1,000; ``make soak`` runs 100,000.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from random import Random

import pytest
from django.db import transaction

from goround.apps.apart import asking
from goround.apps.groups import company
from goround.apps.groups.services import NoPlace, add_member
from tests.apps.apart.town import Town, brought_together
from tests.at_once import at_once
from tests.conftest import ON_POSTGRESQL
from tests.make import NOON, make_keep_apart
from tests.make_groups import begin_group, make_rule

OPERATIONS = int(os.environ.get("KEEP_APART_OPERATIONS", "1000"))
A_TOWN = 250


def live(town: Town, rng: Random, operations: int) -> tuple[list[str], Counter[bool]]:
    """Let things happen in the town, three to an hour; what the eye saw, and what was done."""
    at, seen, done = NOON, [], Counter[bool]()
    for number in range(operations):
        at += timedelta(minutes=rng.randint(5, 40))
        with transaction.atomic():
            done[town.act(rng, at)] += 1
            if rng.random() < 0.05:
                town.change_records(rng, at)
        if number % 10 == 9:
            seen += brought_together(town.organisation, at=at)
    return seen, done


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(max(1, OPERATIONS // A_TOWN)))
def test_nobody_is_brought_together_who_must_not_meet(seed):
    rng = Random(seed)

    seen, done = live(Town(rng), rng, A_TOWN)

    assert seen == []
    # The town lives: many acts are done, and some are refused.
    assert done[True] > A_TOWN // 3
    assert done[False] > A_TOWN // 20


@pytest.mark.django_db
@pytest.mark.parametrize("broken", ["may_meet", "may_be_near"])
def test_the_eye_sees_what_a_missing_wall_lets_through(monkeypatch, broken):
    monkeypatch.setattr(asking, broken, lambda *args, **more: True)

    assert seen_in_some_town() != []


@pytest.mark.django_db
def test_the_eye_sees_a_place_that_nobody_looked_at(monkeypatch):
    monkeypatch.setattr(company, "_finders", [])

    assert seen_in_some_town() != []


def seen_in_some_town() -> list[object]:
    """What the eye saw in the first of a few towns in which it saw anything."""
    for seed in range(8):
        rng = Random(seed)
        seen, _ = live(Town(rng), rng, A_TOWN)
        if seen:
            return list(seen)
    return []


def at_once_in(town: Town, seed: int, at: datetime):
    rng = Random(seed)

    def act() -> None:
        for _ in range(6):
            with transaction.atomic():
                town.act(rng, at)

    return act


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(max(1, OPERATIONS // 500)))
def test_nor_when_four_act_at_once(seed):
    rng = Random(seed)
    town, at, seen = Town(rng), NOON, []

    for number in range(10):
        at += timedelta(hours=rng.randint(1, 9))
        acts = [at_once_in(town, seed * 1000 + number * 4 + worker, at) for worker in range(4)]
        assert at_once(*acts) == []
        seen += brought_together(town.organisation, at=at)

    assert seen == []


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_who_join_two_groups_of_one_evening_at_once():
    """Neither group holds the other's lock; only the organisation's stops them."""
    for seed in range(6):
        town = Town(Random(seed))
        one, other = town.parents[10], town.parents[11]
        make_keep_apart(one, other)
        groups = [
            begin_group(make_rule(), programme=town.programme, name=name, venue=town.venues[0])
            for name in ("One", "Other")
        ]
        joins = [
            partial(
                add_member,
                group=group,
                parent=parent,
                joined_on=NOON.date(),
                by=town.coordinator,
                at=NOON,
            )
            for group, parent in zip(groups, (one, other), strict=True)
        ]

        raised = at_once(*joins)

        assert [type(error) for error in raised] == [NoPlace]
        assert list(brought_together(town.organisation, at=NOON)) == []
