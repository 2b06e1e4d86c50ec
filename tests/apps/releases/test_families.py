"""Erased families in the federal year: a correction says of them what the first release said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from goround.apps.people.models import Parent
from goround.apps.people.opening import keep_details
from goround.apps.records.erasing import erase
from goround.apps.releases.catalogue import FEDERAL
from goround.apps.releases.measuring import Measuring
from goround.apps.releases.working_out import work_out
from goround.domain.disclosure import Cell, Span
from tests.make import (
    NOON,
    make_group,
    make_membership,
    make_organisation,
    make_parent,
    make_programme,
)
from tests.make_months import la, make_held
from tests.make_releases import make_release

pytestmark = pytest.mark.django_db
YEAR = Span.of(2019, 10, 12)


def make_family(group, parents: int, children: int) -> list[Parent]:
    """Everybody of it told of a disability."""
    people = [make_parent(group.organisation) for _ in range(parents)]
    people[0].together.set(people[1:])
    for one in people:
        keep_details(
            [
                one.telling(
                    children_ages=(2.0,) * children,
                    ages_on=date(2019, 1, 1),
                    disabilities=("parent", "child"),
                )
            ]
        )
    day = la(2019, 10, 1) + timedelta(days=group.meetings.count())
    make_held(group, day, [make_membership(group, one) for one in people])
    return people


@pytest.fixture
def group():
    group = make_group(make_programme(make_organisation()))
    for _ in range(15):
        make_family(group, 1, 2)
    return group


def known(group) -> dict[Cell, int]:
    return dict(work_out(group.organisation.network, FEDERAL, YEAR, at=NOON).figures)


def let_go(people: list[Parent]) -> None:
    for one in people:
        erase(parent=Parent.objects.get(pk=one.pk), by=None, at=NOON)


def test_erased_family_stays_in_what_was_counted_once(group):
    pair = make_family(group, 2, 3)
    make_release(group.organisation.network, FEDERAL, YEAR)
    before = known(group)

    let_go(pair)

    now = Measuring([group.organisation], NOON).people({("families", YEAR), ("children", YEAR)})
    assert (now[Cell("families", YEAR)], now[Cell("children", YEAR)]) == (17, 30)
    assert known(group) == before
    assert (before[Cell("families", YEAR)], before[Cell("children", YEAR)]) == (16, 33)


def test_correction_after_an_erasure_says_nothing_new(group):
    pair = make_family(group, 2, 3)
    first = make_release(group.organisation.network, FEDERAL, YEAR)
    let_go(pair)

    second = make_release(group.organisation.network, FEDERAL, YEAR)

    columns = ("organisation", "measure", "split", "category", "shown", "stands")
    assert list(second.figures.order_by("pk").values_list(*columns)) == list(
        first.figures.order_by("pk").values_list(*columns)
    )


def test_families_that_come_late_are_counted_beside_the_erased(group):
    make_release(group.organisation.network, FEDERAL, YEAR)
    let_go(list(Parent.objects.order_by("pk")[:1]))

    for _ in range(3):
        make_family(group, 1, 2)

    figures = known(group)
    assert figures[Cell("parents", YEAR)] == 18
    assert figures[Cell("families", YEAR)] == 17
    assert figures[Cell("children", YEAR)] == 34


def test_family_that_was_never_told_of_goes_with_the_parent(group):
    pair = make_family(group, 2, 3)
    let_go(pair)

    figures = known(group)

    assert figures[Cell("parents", YEAR)] == 17
    assert figures[Cell("children", YEAR)] == 30


def test_sums_and_splits_still_add_up_after_an_erasure(group):
    make_release(group.organisation.network, FEDERAL, YEAR)
    let_go(list(Parent.objects.order_by("pk")[:4]))
    make_family(group, 1, 0)

    figures = known(group)

    here = (group.organisation_id,)
    for unit in ((), here):
        for measure, split in (("parents", "disability"), ("families", "child-disability")):
            parts = sum(
                count
                for cell, count in figures.items()
                if (cell.measure, cell.split, cell.unit) == (measure, split, unit)
            )
            assert parts == figures[Cell(measure, YEAR, unit)]
        assert figures[Cell("families", YEAR, unit)] <= figures[Cell("parents", YEAR, unit)]
