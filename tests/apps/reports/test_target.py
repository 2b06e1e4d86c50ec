from datetime import date

import pytest

from goround.apps.audit.models import Event
from goround.apps.organisations.services import set_target
from goround.apps.reports.selectors import HostBegun, Target, plan_of
from tests.make import (
    NOON,
    make_coordinator,
    make_group,
    make_network,
    make_organisation,
    make_user,
)
from tests.make import make_programme as make_any_programme
from tests.make_months import la, make_cancelled, make_held, make_officer

pytestmark = pytest.mark.django_db

BY = date(2026, 6, 30)


@pytest.fixture
def network():
    return make_network(target_groups=100, target_by=BY)


def make_programme(network, **fields):
    return make_any_programme(make_organisation(network=network, **fields))


def test_plan_counts_each_group_in_the_month_it_first_met(network):
    one, other = make_programme(network, name="A"), make_programme(network, name="B")
    twice = make_group(one)
    make_held(twice, la(2024, 2, 29, 23))
    make_held(twice, la(2024, 5, 1))
    make_held(make_group(other), la(2024, 3, 1, 0))
    make_cancelled(make_group(other), la(2024, 3, 1))
    make_held(make_group(other), la(2024, 5, 2))

    plan = plan_of(make_officer(network), network, on=date(2024, 5, 15))

    assert plan.target == Target(3, 100, since=date(2024, 1, 1), by=BY)
    assert (plan.begun, plan.months, plan.is_over) == ((0, 1, 1, 0), 30, False)
    assert plan.hosts == (HostBegun(one.organisation, 1), HostBegun(other.organisation, 2))
    assert [(str(stand.month), stand.so_far) for stand in plan.stands] == [
        ("2024-03", 2),
        ("2024-04", 2),
    ]
    assert plan.now.expected.low <= plan.now.expected.middle < 100
    assert plan.needed == 97 / 26


def test_plan_that_is_over_expects_nothing_more(network):
    make_held(make_group(make_programme(network)), la(2026, 6, 30, 23))
    make_held(make_group(make_programme(network)), la(2026, 7, 1, 0))

    plan = plan_of(make_officer(network), network, on=date(2027, 1, 1))

    assert (plan.is_over, plan.target.groups, sum(plan.begun), plan.needed) == (True, 1, 1, None)
    assert (plan.now.expected.low, plan.now.expected.high, plan.now.expected.chance) == (1, 1, 0)


def test_first_months_are_too_early_to_expect_anything(network):
    make_programme(network)

    plan = plan_of(make_officer(network), network, on=date(2024, 2, 29))

    assert plan.begun == (0, 0)
    assert plan.now.expected is None


@pytest.mark.parametrize("groups", [1, 3])
def test_plan_asks_four_times_however_many_groups(network, groups, django_assert_num_queries):
    officer = make_officer(network)
    for _ in range(groups):
        make_held(make_group(make_programme(network)), la(2024, 2, 1))

    with django_assert_num_queries(4):
        plan = plan_of(officer, network, on=date(2024, 5, 15))

    assert plan.target.groups == groups


def test_plan_is_for_the_networks_office_alone(network):
    programme = make_programme(network)
    make_held(make_group(programme), la(2024, 2, 1))

    for viewer in (
        make_user(),
        make_coordinator(programme.organisation),
        make_officer(make_network()),
    ):
        assert plan_of(viewer, network, on=date(2024, 5, 15)) is None


def test_set_target_twice_is_in_each_trail_once(network):
    hosts = [make_organisation(network=network) for _ in range(2)]
    officer = make_officer(network)

    for _ in range(2):
        set_target(network=network, groups=120, by_day=BY, by=officer, at=NOON)

    network.refresh_from_db()
    assert (network.target_groups, network.target_by) == (120, BY)
    told = Event.objects.filter(kind="target.set").order_by("pk")
    assert [event.organisation_id for event in told] == [host.pk for host in hosts]
