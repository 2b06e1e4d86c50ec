import pytest
from django.urls import reverse

from goround.apps.costs.models import Budget, CostLine
from tests.make import make_coordinator, make_group, make_membership, make_organisation
from tests.make_costs import make_budget, make_currency, make_line
from tests.make_months import la, make_held
from tests.page_words import words

pytestmark = pytest.mark.django_db

# A mini-grant's budget for four sessions: trainers 2 x 40 x 4, copies, childcare, transport,
# room and refreshments.
MINI_GRANT = (
    ("worker-time", "40", "2", "4"),
    ("copies", "30", "1", "1"),
    ("children", "80", "1", "1"),
    ("transport", "80", "1", "1"),
    ("refreshments", "60", "1", "1"),
)


@pytest.fixture
def group():
    return make_group()


@pytest.fixture
def page(client, group):
    """Signed in as the group's coordinator: address of a page of the group."""
    client.force_login(make_coordinator(group.organisation))

    def address(name, *ids):
        return reverse(f"coordinator:{name}", args=[group.organisation.slug, *ids])

    return address


def test_mini_grant_entered_on_the_pages_costs_142_50_a_session(client, group, page):
    answer = client.post(page("currency"), {"code": "USD"})
    assert answer.url == page("costs")
    days = {"first_on": "2026-03-01", "last_on": "2026-03-31", "meetings": "4"}
    client.post(page("budget_new", group.pk), days)
    budget = Budget.objects.get()
    for kind, each, how_many, times in MINI_GRANT:
        line = {"kind": kind, "each": each, "how_many": how_many, "times": times}
        line["is_donated"] = "no"
        client.post(page("cost_plan", group.pk, budget.pk), line)
        client.post(page("cost_new", group.pk), line | {"spent_on": "2026-03-23"})
    given = {"kind": "venue", "each": "35", "how_many": "1", "times": "4", "is_donated": "yes"}
    client.post(page("cost_new", group.pk), given | {"spent_on": "2026-03-23"})
    ana = make_membership(group)
    for day in (2, 9, 16, 23):
        make_held(group, la(2026, 3, day), [ana])

    told = words(client.get(page("group_costs", group.pk), {"budget": budget.pk}))

    assert "all in USD" in told
    assert "Budget 570.00 142.50 for each" in told
    assert "142.50 for each of 4 meetings" in told
    assert "Meeting held 142.50 35.00 4" in told
    assert "Worker time 320.00 320.00 0.00" in told
    assert "40.00 × 2 × 4" in told
    assert "140.00 what it would have cost" in told


def test_costs_page_asks_for_a_currency_first(client, group, page):
    assert client.get(page("costs")).url == page("currency")
    assert client.get(page("group_costs", group.pk)).url == page("currency")
    assert client.get(page("cost_new", group.pk)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_costs_page_shows_every_group(client, group, page, rows, django_assert_max_num_queries):
    make_currency(group.organisation)
    for number in range(rows):
        one = make_group(group.programme, name=f"Circle {number}")
        make_held(one, la(2026, 3, 2), [make_membership(one)])
        make_line(one, 30_00)
        make_line(one, 90_00, budget=make_budget(one))

    with django_assert_max_num_queries(16):
        told = words(client.get(page("costs")))

    assert told.count("30.00 0.00 30.00 divided by 1") == rows
    assert f"{30 * rows}.00 for {rows} group" in told


def test_cost_can_be_changed_and_deleted(client, group, page):
    make_currency(group.organisation)
    line = make_line(group)
    told = {"kind": "copies", "each": "12.34", "how_many": "1", "times": "2", "is_donated": "no"}

    answer = client.post(page("cost", group.pk, line.pk), told | {"spent_on": "2026-03-05"})

    assert answer.url == page("group_costs", group.pk) + "?year=2026"
    assert CostLine.objects.get().amount == 24_68
    asks = client.get(page("cost_delete", group.pk, line.pk))
    assert "Delete copies, 24.68?" in words(asks)
    client.post(page("cost_delete", group.pk, line.pk))
    assert CostLine.objects.count() == 0


def test_line_of_a_cent_fraction_is_not_saved(client, group, page):
    make_currency(group.organisation)
    told = {"kind": "copies", "each": "1.005", "how_many": "1", "times": "1", "is_donated": "no"}

    answer = client.post(page("cost_new", group.pk), told | {"spent_on": "2026-03-05"})

    assert (answer.status_code, CostLine.objects.count()) == (200, 0)


def test_overlapping_budget_says_what_to_do(client, group, page):
    make_currency(group.organisation)
    make_budget(group)
    days = {"first_on": "2026-03-31", "last_on": "2026-04-30", "meetings": "4"}

    told = words(client.post(page("budget_new", group.pk), days))

    assert "Nothing was changed. Choose other days." in told
    assert Budget.objects.count() == 1


def test_line_of_another_group_is_not_there(client, group, page):
    make_currency(group.organisation)
    other = make_line(make_group(group.programme))

    assert client.get(page("cost", group.pk, other.pk)).status_code == 404


def test_stranger_finds_no_costs(client, group):
    make_currency(group.organisation)
    make_line(group)
    client.force_login(make_coordinator(make_organisation()))

    address = reverse("coordinator:group_costs", args=[group.organisation.slug, group.pk])

    assert client.get(address).status_code == 404
