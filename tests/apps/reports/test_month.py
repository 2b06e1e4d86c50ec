from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from goround.apps.groups.models import Group, Membership
from goround.apps.meetings.models import Attendance, Meeting
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.roles import Role
from goround.apps.reports.selectors import OrganisationMonth, month_of
from goround.domain.counting import Figures, Month, Tally
from tests.make import (
    make_coordinator,
    make_group,
    make_meeting,
    make_membership,
    make_organisation,
    make_parent,
    make_programme,
    make_user,
)
from tests.make_months import la, make_cancelled, make_held

pytestmark = pytest.mark.django_db
MARCH = Month(2026, 3)
APRIL_1 = la(2026, 4, 1)


def seen(host: Organisation, month: Month = MARCH, at=APRIL_1) -> OrganisationMonth:
    return month_of(make_coordinator(host), host, month, at=at)


def only(host: Organisation, month: Month = MARCH, at=APRIL_1) -> Figures:
    (row,) = seen(host, month, at).rows
    return row.figures


def test_month_counts_names_heads_and_children_apart_from_what_nobody_counted():
    group = make_group()
    ana, ben = make_membership(group), make_membership(group)
    make_held(group, la(2026, 3, 3), [ana, ben], children=3)
    make_held(group, la(2026, 3, 10), [ana], heads_parents=2, heads_new=1)
    make_held(group, la(2026, 3, 17))
    make_cancelled(group, la(2026, 3, 24))

    assert only(group.organisation) == Figures(
        planned=4,
        held=3,
        cancelled=1,
        parents=Tally(5, counted=2, uncounted=1),
        children=Tally(3, counted=1, uncounted=2),
        new=3,
        returning=2,
        heads=2,
        persons=2,
    )


def test_meeting_over_and_untold_is_not_recorded_and_a_later_one_to_come():
    group = make_group()
    make_meeting(group, starts_at=la(2026, 3, 3))
    make_meeting(group, starts_at=la(2026, 3, 10))

    during = only(group.organisation, at=la(2026, 3, 3, 19))
    after = only(group.organisation, at=la(2026, 3, 3, 21))

    assert (during.not_recorded, during.to_come) == (0, 2)
    assert (after.not_recorded, after.to_come) == (1, 1)


def test_month_begins_and_ends_at_midnight_where_the_organisation_is():
    group = make_group()
    for moment in (
        la(2026, 2, 28, 23, 59),
        la(2026, 3, 1, 0),
        la(2026, 3, 31, 23),
        la(2026, 4, 1, 0),
    ):
        make_held(group, moment, heads_parents=1)

    counted = [only(group.organisation, Month(2026, number)).planned for number in (2, 3, 4)]

    assert counted == [1, 2, 1]


def test_parent_is_new_once_in_a_group_even_after_leaving_and_coming_back():
    group = make_group()
    parent = make_parent(group.organisation)
    first = make_membership(group, parent, left_on=date(2026, 2, 20), joined_on=date(2026, 2, 1))
    again = make_membership(group, parent, alias="Back")
    make_held(group, la(2026, 2, 10), [first])
    make_held(group, la(2026, 3, 10), [again])

    february, march = only(group.organisation, Month(2026, 2)), only(group.organisation)

    assert (february.new, february.returning) == (1, 0)
    assert (march.new, march.returning) == (0, 1)


def test_parent_is_new_again_in_another_group_but_one_person_in_all():
    programme = make_programme()
    parent = make_parent(programme.organisation)
    for day in (3, 4):
        group = make_group(programme)
        make_held(group, la(2026, 3, day), [make_membership(group, parent)])

    month = seen(programme.organisation)

    assert [row.figures.persons for row in month.rows] == [1, 1]
    assert (month.total.new, month.total.persons) == (2, 1)


def test_due_names_the_day_of_the_playbook_and_the_groups_not_in():
    host = make_organisation()
    asked = make_programme(host, "circle-of-parents")
    told, untold = make_group(asked, name="Told"), make_group(asked, name="Untold")
    make_held(told, la(2026, 3, 3), heads_parents=4)
    make_meeting(untold, starts_at=la(2026, 3, 3))
    make_meeting(make_group(make_programme(host)), starts_at=la(2026, 3, 3))

    month = seen(host)

    (due,) = month.dues
    assert (due.on, due.groups) == (date(2026, 4, 10), 2)
    assert [row.group.name for row in due.missing] == ["Untold"]
    assert month.without_day == 1


def test_month_lists_groups_that_were_going_on_without_a_meeting():
    programme = make_programme()
    make_group(programme, name="Going on")
    make_group(programme, name="Later", first_at=la(2026, 4, 1, 0))
    ended = {"status": Group.Status.ENDED, "first_at": la(2025, 1, 1)}
    make_group(programme, name="Ended before", ended_on=date(2026, 2, 28), **ended)
    make_group(programme, name="Ended in it", ended_on=date(2026, 3, 1), **ended)

    assert [row.group.name for row in seen(programme.organisation).rows] == [
        "Ended in it",
        "Going on",
    ]


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.PARENT, Role.SAFEGUARDING_LEAD])
def test_month_is_empty_for_those_who_may_not_see_it(role: Role):
    group = make_group()
    make_held(group, la(2026, 3, 3), [make_membership(group)])
    elsewhere = make_coordinator(make_organisation())
    without = make_user(role=role, organisation=group.organisation)

    for viewer in (elsewhere, without):
        month = month_of(viewer, group.organisation, MARCH, at=APRIL_1)
        assert (month.rows, month.total) == ((), Figures())


@pytest.mark.parametrize("rows", [1, 3])
def test_month_asks_the_same_number_of_queries_for_any_number_of_rows(
    rows: int, django_assert_num_queries
):
    programme = make_programme()
    coordinator = make_coordinator(programme.organisation)
    for number in range(rows):
        group = make_group(programme)
        make_held(group, la(2026, 3, 1 + number), [make_membership(group) for _ in range(rows)])

    with django_assert_num_queries(4):
        month = month_of(coordinator, programme.organisation, MARCH, at=APRIL_1)

    assert month.total.persons == rows * rows


def by_hand(group: Group, month: Month) -> tuple[int, int, int]:
    """New and returning by walking through every meeting, and different parents."""
    new = returning = 0
    before: set[int] = set()
    persons: set[int] = set()
    for meeting in Meeting.objects.filter(group=group, status="held").order_by("starts_at", "pk"):
        came = set(
            Attendance.objects.filter(meeting=meeting).values_list("membership__parent", flat=True)
        )
        if Month.of(meeting.starts_at.astimezone(group.zone).date()) == month:
            new, returning = new + len(came - before), returning + len(came & before)
            persons |= came
        before |= came
    return new, returning, len(persons)


@pytest.mark.parametrize("seed", range(8))
def test_month_agrees_with_counting_by_hand(seed: int):
    rng = Random(seed)
    programme = make_programme()
    parents = [make_parent(programme.organisation) for _ in range(5)]
    groups = [make_group(programme) for _ in range(3)]
    for group in groups:
        members: list[Membership] = [make_membership(group, parent) for parent in parents]
        for week in range(rng.randint(1, 12)):
            day = la(2026, 2, 20) + timedelta(days=rng.choice([7 * week, 3 * week]), minutes=week)
            make_held(group, day, rng.sample(members, rng.randint(0, 5)))

    month = seen(programme.organisation)

    assert [
        (row.figures.new, row.figures.returning, row.figures.persons) for row in month.rows
    ] == [by_hand(row.group, MARCH) for row in month.rows]
    assert month.total.persons <= sum(row.figures.persons for row in month.rows)
