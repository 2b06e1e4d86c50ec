"""Several coordinators at the same moment, in threads of their own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from goround.apps.formation import changes
from goround.apps.formation.acceptance import CannotAccept, Plan, accept_round
from goround.apps.formation.models import Proposal, Round
from goround.apps.formation.versions import Overtaken
from goround.apps.groups.models import Group, Membership
from goround.domain.calendar.recurrence import Rhythm
from tests.make import NOON
from tests.make_formation import make_round, make_town, two_groups

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite",
        reason="the tests' SQLite lives in memory, where threads do not wait for each other",
    ),
]

CROWD = 6


def all_at_once(act: Callable[[int], str]) -> list[str]:
    """What each of the crowd got, sorted; they start together."""
    gate = Barrier(CROWD)

    def one(number: int) -> str:
        gate.wait()
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as pool:
        return sorted(pool.map(one, range(CROWD)))


def test_of_many_changes_from_one_version_one_is_kept():
    town = make_town(parents=8)
    made = make_round(town, *two_groups(town))
    names = town.ids(*range(CROWD))

    def change(number: int) -> str:
        try:
            changes.take_out(
                round=made, version=1, parent=names[number], by=town.coordinator, at=NOON
            )
        except Overtaken:
            return "overtaken"
        return "changed"

    assert all_at_once(change) == ["changed"] + ["overtaken"] * (CROWD - 1)
    assert sorted(Proposal.objects.values_list("version", flat=True)) == [1, 2]


def test_accepting_many_times_at_once_makes_the_groups_once():
    town = make_town(parents=8)
    made = make_round(town, *two_groups(town))
    plan = Plan(date(2026, 3, 4), Rhythm.WEEKLY, {"g0001": "Blue", "g0002": "Green"}, count=2)

    def accept(number: int) -> str:
        groups = accept_round(round=made, version=1, plan=plan, by=town.coordinator, at=NOON)
        return " ".join(group.name for group in groups)

    assert all_at_once(accept) == ["Blue Green"] * CROWD
    assert Group.objects.count() == 2


def test_two_rounds_that_want_the_same_parents_do_not_both_get_them():
    town = make_town(parents=8)
    rounds = [make_round(town, *two_groups(town)) for _ in range(CROWD)]

    def accept(number: int) -> str:
        names = {name: f"{name} of {number}" for name in ("g0001", "g0002")}
        plan = Plan(date(2026, 3, 4), Rhythm.WEEKLY, names, count=2)
        try:
            accept_round(round=rounds[number], version=1, plan=plan, by=town.coordinator, at=NOON)
        except CannotAccept:
            return "refused"
        return "accepted"

    assert all_at_once(accept) == ["accepted"] + ["refused"] * (CROWD - 1)
    assert Round.objects.filter(status=Round.Status.ACCEPTED).count() == 1
    assert Membership.objects.count() == 7
