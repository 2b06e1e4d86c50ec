from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction

from goround.apps.audit.models import Event
from goround.apps.costs.models import Budget, CostLine
from goround.apps.costs.selectors import (
    budget_around,
    budgets_for,
    budgets_of,
    budgets_on,
    costed_groups,
    currency_of,
    group_costs,
    lines_for,
    lines_of,
    organisation_costs,
    years_of_costs,
)
from goround.apps.costs.services import (
    BudgetsOverlap,
    CurrencyInUse,
    Told,
    change_budget,
    change_cost,
    choose_currency,
    delete_budget,
    delete_cost,
    enter_cost,
    plan_cost,
)
from goround.apps.costs.services import make_budget as begin_budget
from goround.apps.organisations.roles import Role
from goround.apps.reports.counts import Days
from goround.domain.costs import CURRENCIES, Rate
from tests.make import (
    NOON,
    make_coordinator,
    make_group,
    make_membership,
    make_organisation,
    make_programme,
    make_user,
)
from tests.make_costs import make_budget, make_currency, make_line
from tests.make_months import la, make_held

pytestmark = pytest.mark.django_db

MARCH = Days(date(2026, 3, 1), date(2026, 3, 31))
DAY = date(2026, 3, 4)


@pytest.fixture
def group():
    return make_group()


@pytest.fixture
def coordinator(group):
    return make_coordinator(group.organisation)


def kinds(subject=None):
    return [event.kind for event in Event.objects.order_by("pk") if event.kind != "job.asked"]


def test_enter_cost_multiplies_and_leaves_the_words_out_of_the_trail(group, coordinator):
    told = Told(kind="worker-time", each=40_00, how_many=2, times=4, about="Ana and Ben")

    line = enter_cost(group=group, on=DAY, told=told, by=coordinator, at=NOON)

    assert (line.amount, line.organisation_id) == (320_00, group.organisation_id)
    event = Event.objects.get(kind="cost.entered")
    assert event.facts == {
        "group": group.pk,
        "budget": None,
        "line_kind": "worker-time",
        "amount": 320_00,
        "donated": False,
    }


def test_change_cost_to_the_same_leaves_no_entry(group, coordinator):
    told = Told(kind="copies", each=30_00)
    line = enter_cost(group=group, on=DAY, told=told, by=coordinator, at=NOON)

    change_cost(line=line, on=DAY, told=told, by=coordinator, at=NOON)
    more = Told(kind="copies", each=31_00)
    change_cost(line=line, on=DAY, told=more, by=coordinator, at=NOON)

    assert kinds() == ["cost.entered", "cost.changed"]
    assert Event.objects.get(kind="cost.changed").facts["before"] == 30_00
    assert CostLine.objects.get().amount == 31_00


def test_delete_cost_twice_leaves_one_entry(group, coordinator):
    line = make_line(group)

    for _ in range(2):
        delete_cost(line=line, by=coordinator, at=NOON)

    assert (CostLine.objects.count(), kinds()) == (0, ["cost.deleted"])


def test_budgets_of_a_group_share_no_day(group, coordinator):
    held = make_budget(group)
    same = {"group": group, "meetings": 4, "by": coordinator, "at": NOON}

    with pytest.raises(BudgetsOverlap):
        begin_budget(first_on=held.last_on, last_on=held.last_on + timedelta(days=9), **same)
    after = begin_budget(
        first_on=held.last_on + timedelta(days=1), last_on=held.last_on + timedelta(days=9), **same
    )
    with pytest.raises(BudgetsOverlap):
        change_budget(
            budget=after, first_on=DAY, last_on=after.last_on, meetings=4, by=coordinator, at=NOON
        )

    days = [(one.first_on, one.last_on) for one in Budget.objects.order_by("first_on")]
    assert all(one[1] < other[0] for one, other in pairwise(days))


def test_delete_budget_keeps_what_was_spent(group, coordinator):
    budget = make_budget(group)
    plan_cost(budget=budget, told=Told(kind="copies", each=30_00), by=coordinator, at=NOON)
    spent = make_line(group)

    for _ in range(2):
        delete_budget(budget=budget, by=coordinator, at=NOON)

    assert list(CostLine.objects.all()) == [spent]
    assert kinds() == ["cost.entered", "budget.deleted"]


def test_choose_currency_stays_once_something_is_entered(group, coordinator):
    here, by = group.organisation, {"by": coordinator, "at": NOON}
    choose_currency(organisation=here, code="EUR", **by)
    choose_currency(organisation=here, code="USD", **by)
    choose_currency(organisation=here, code="USD", **by)
    make_line(group)

    with pytest.raises(CurrencyInUse):
        choose_currency(organisation=here, code="JOD", **by)

    assert currency_of(coordinator, here) == CURRENCIES["USD"]
    assert kinds() == ["currency.chosen", "currency.chosen"]


def test_database_refuses_wrong_products_and_lines_of_neither_kind(group):
    budget = make_budget(group)
    for wrong in (
        {"amount": 9_00, "each": 10_00},
        {"spent_on": None},
        {"budget": budget, "spent_on": DAY},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_line(group, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_budget(group, first_on=date(2026, 5, 2), last_on=date(2026, 5, 1))


def test_group_costs_come_with_their_denominators(group, coordinator, django_assert_num_queries):
    ana, ben = make_membership(group), make_membership(group)
    make_held(group, la(2026, 3, 2), [ana, ben])
    make_held(group, la(2026, 3, 9), [ana], heads_parents=3)
    make_held(group, la(2026, 4, 6), [ana, ben])
    budget = make_budget(group)
    make_line(group, 500_00, budget=budget)
    make_line(group, 60_00)
    make_line(group, 25_00, is_donated=True, kind="venue")
    make_line(group, 7_00, spent_on=date(2026, 4, 1))
    make_line(make_group(group.programme), 999_00)

    with django_assert_num_queries(4):
        found = group_costs(coordinator, group, MARCH, budget=budget, at=NOON)

    assert (found.planned.paid, found.spent.paid, found.spent.donated) == (500_00, 60_00, 25_00)
    assert [(row.kind.value, row.planned, row.spent, row.left) for row in found.money] == [
        ("transport", 500_00, 60_00, 440_00)
    ]
    assert found.planned_each.per_meeting == Rate(500_00, 4)
    paid = found.apiece.paid
    assert paid.per_meeting == Rate(60_00, 2)
    assert paid.per_attendance == Rate(60_00, 6)
    assert paid.per_participant == Rate(60_00, 2, is_most=True)
    assert found.apiece.donated.per_meeting == Rate(25_00, 2)


@pytest.mark.parametrize("groups", [1, 3])
def test_organisation_costs_count_only_meetings_of_groups_with_costs(
    groups, django_assert_max_num_queries
):
    programme = make_programme()
    coordinator = make_coordinator(programme.organisation)
    for number in range(groups):
        one = make_group(programme, name=f"Group {number}")
        make_held(one, la(2026, 3, 2), [make_membership(one)])
        make_line(one, 30_00)
    make_held(make_group(programme), la(2026, 3, 2))

    with django_assert_max_num_queries(5):
        found = organisation_costs(coordinator, programme.organisation, MARCH, at=NOON)

    assert [row.paid for row in found.rows] == [30_00] * groups
    assert (found.met.held, found.without) == (groups, 1)
    assert found.apiece.paid.per_participant == Rate(30_00 * groups, groups)


def test_budgets_on_a_day_say_how_much_is_gone(group, coordinator):
    budget = make_budget(group)
    make_line(group, 100_00, budget=budget)
    make_line(group, 60_00)
    make_line(group, 50_00)
    make_line(group, 5_00, is_donated=True)
    make_line(group, 9_00, spent_on=date(2026, 4, 1))

    (row,) = budgets_on(coordinator, group.organisation, DAY)

    assert (row.planned, row.spent, row.left, row.percent) == (100_00, 110_00, -10_00, 110)
    assert budgets_on(coordinator, group.organisation, date(2026, 4, 1)) == []


@pytest.mark.parametrize("role", [None, Role.FACILITATOR, Role.SUPERVISOR, Role.COORDINATOR])
def test_costs_are_for_this_organisations_coordinators_only(group, role):
    """A coordinator, too, of another organisation."""
    here = group.organisation
    other = make_organisation(network=here.network) if role == Role.COORDINATOR else here
    stranger = make_user(role=role, organisation=other if role else None)
    make_currency(here)
    make_line(group, budget=make_budget(group))
    make_line(group)

    assert currency_of(stranger, here) is None
    assert list(lines_for(stranger, here)) == []
    assert list(budgets_for(stranger, here)) == []
    assert list(costed_groups(stranger, here)) == []
    assert list(lines_of(stranger, group)) == []
    assert list(budgets_of(stranger, group)) == []
    assert budget_around(stranger, group, DAY) is None
    assert years_of_costs(stranger, here) == []
    assert budgets_on(stranger, here, DAY) == []
    assert organisation_costs(stranger, here, MARCH, at=NOON).rows == ()
    assert group_costs(stranger, group, MARCH, at=NOON).spent.paid == 0
