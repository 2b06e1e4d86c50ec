from __future__ import annotations

from datetime import date

import pytest

from goround.apps.reports.selectors import MeetingSums, network_month
from goround.domain.counting import Month
from tests.make import (
    make_coordinator,
    make_group,
    make_meeting,
    make_membership,
    make_network,
    make_organisation,
    make_programme,
)
from tests.make_months import la, make_held, make_officer

pytestmark = pytest.mark.django_db
MARCH = Month(2026, 3)
APRIL_1 = la(2026, 4, 1)


def test_network_month_sums_each_organisation_and_all():
    network = make_network()
    here = make_organisation(network=network, name="A")
    there = make_organisation(network=network, name="B")
    for host in (here, there):
        programme = make_programme(host, "circle-of-parents")
        for _ in range(2):
            group = make_group(programme)
            make_held(group, la(2026, 3, 3), [make_membership(group)], children=2)
    make_meeting(make_group(programme), starts_at=la(2026, 3, 9))

    month = network_month(make_officer(network), network, MARCH, at=APRIL_1)

    assert [(row.organisation.name, row.groups, row.groups_not_in) for row in month.rows] == [
        ("A", 2, 0),
        ("B", 3, 1),
    ]
    assert [row.due_on for row in month.rows] == [date(2026, 4, 10)] * 2
    assert (month.groups, month.groups_not_in) == (5, 1)
    assert month.total == MeetingSums(planned=5, held=4, not_recorded=1)


def test_network_month_takes_each_organisation_by_its_own_clock():
    network = make_network()
    for name, zone in (("A", "America/Los_Angeles"), ("B", "Asia/Tokyo")):
        host = make_organisation(network=network, name=name, time_zone=zone)
        make_held(make_group(make_programme(host)), la(2026, 3, 31, 20), heads_parents=1)

    officer = make_officer(network)
    march, april = (network_month(officer, network, Month(2026, n), at=APRIL_1) for n in (3, 4))

    assert [row.meetings.held for row in march.rows] == [1, 0]
    assert [row.meetings.held for row in april.rows] == [0, 1]


def test_network_month_is_empty_for_anybody_else():
    group = make_group()
    make_held(group, la(2026, 3, 3), heads_parents=1)
    network = group.organisation.network

    for viewer in (make_coordinator(group.organisation), make_officer(make_network())):
        month = network_month(viewer, network, MARCH, at=APRIL_1)
        assert (month.rows, month.total) == ((), MeetingSums())


@pytest.mark.parametrize("rows", [1, 3])
def test_network_month_asks_the_same_number_of_queries(rows: int, django_assert_num_queries):
    network = make_network()
    for _ in range(rows):
        programme = make_programme(make_organisation(network=network))
        for _ in range(rows):
            group = make_group(programme)
            make_held(group, la(2026, 3, 3), [make_membership(group)])
    officer = make_officer(network)

    with django_assert_num_queries(4):
        month = network_month(officer, network, MARCH, at=APRIL_1)

    assert month.total.held == rows * rows
