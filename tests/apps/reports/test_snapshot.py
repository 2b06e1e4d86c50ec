from __future__ import annotations

from datetime import date

import pytest

from goround.apps.organisations.models import Organisation
from goround.apps.people.models import Training
from goround.apps.reports.counts import Days
from goround.apps.reports.selectors import Snapshot, Target, group_target, periods, snapshot
from goround.domain.privacy import Share
from tests.make import (
    make_coordinator,
    make_facilitator,
    make_group,
    make_leadership,
    make_membership,
    make_network,
    make_organisation,
    make_parent,
    make_programme,
    make_referral,
)
from tests.make_months import la, make_held, make_officer

pytestmark = pytest.mark.django_db
MARCH = Days(date(2026, 3, 1), date(2026, 3, 31))


def picture(host: Organisation, days: Days = MARCH) -> Snapshot:
    found = snapshot(make_coordinator(host), host, days)
    assert found is not None
    return found


def test_snapshot_counts_each_parent_once_with_gender_and_source():
    programme = make_programme()
    host = programme.organisation
    group = make_group(programme)
    members = []
    for gender, source in [("male", "hospitals"), ("female", "hospitals"), ("", "best-start")]:
        parent = make_parent(host, gender=gender)
        make_referral(parent, programme, source=source)
        members.append(make_membership(group, parent))
    members.append(make_membership(group, make_parent(host, gender="other")))
    never_came = make_membership(group, make_parent(host, gender="male"))
    make_held(group, la(2026, 3, 3), members)
    make_held(group, la(2026, 3, 10), members[:2], heads_parents=4)
    make_held(group, la(2026, 4, 1, 0), [never_came])
    make_held(group, la(2026, 3, 24))

    seen = picture(host)

    assert (seen.participants, seen.men) == (4, Share(1, 3, unknown=1))
    assert [(line.label, line.share) for line in seen.sources[:2]] == [
        ("Hospitals and Welcome Baby", Share(2, 3)),
        ("Best Start community partnerships", Share(1, 3)),
    ]
    assert seen.source_unknown == 1
    assert (seen.meetings, seen.meetings_not_counted, seen.heads) == (3, 1, 4)


def test_snapshot_takes_the_source_that_came_first():
    programme = make_programme()
    group = make_group(programme)
    parent = make_parent(programme.organisation)
    make_referral(parent, programme, source="self", waiting_since=la(2026, 2, 1))
    make_referral(
        parent,
        make_programme(programme.organisation, "safe-project"),
        waiting_since=la(2026, 1, 1),
        source="best-start",
    )
    make_held(group, la(2026, 3, 3), [make_membership(group, parent)])

    lines = picture(programme.organisation).sources

    assert [line.share.numerator for line in lines] == [1, 0, 0, 0]
    assert lines[0].label == "Best Start community partnerships"


def test_snapshot_puts_types_most_first_and_counts_groups_once():
    programme = make_programme()
    for kind in ("new-baby", "self-care", "self-care", ""):
        group = make_group(programme, type=kind)
        for day in (3, 10):
            make_held(group, la(2026, 3, day), heads_parents=3)

    seen = picture(programme.organisation)

    assert [(line.label, line.share.numerator) for line in seen.types[:2]] == [
        ("Self-care", 2),
        ("New baby", 1),
    ]
    assert (seen.groups, seen.type_unknown) == (4, 1)


def test_snapshot_counts_facilitators_of_the_time():
    programme = make_programme()
    host = programme.organisation
    pair = [make_facilitator(host) for _ in range(2)]
    late = make_facilitator(host)
    for helper, day in zip([*pair, late], (1, 31, 32), strict=True):
        on = date.fromordinal(date(2026, 3, 1).toordinal() + day - 1)
        for kind in ("circle-facilitator", "again"):
            Training.objects.create(facilitator=helper, kind=kind, completed_on=on)
    led, half_led = make_group(programme), make_group(programme)
    for group in (led, half_led):
        make_held(group, la(2026, 3, 3), heads_parents=3)
        make_leadership(group, pair[0])
    make_leadership(led, pair[1])
    make_leadership(half_led, late, from_on=date(2026, 4, 1))

    seen = picture(host)

    assert (seen.trained, seen.fully_led) == (2, Share(1, 2))


def test_target_holds_groups_against_the_number_wanted_since_it_was_set():
    network = make_network(target_groups=100, target_by=date(2026, 6, 30))
    programme = make_programme(make_organisation(network=network))
    elsewhere = make_programme(make_organisation(network=network), "safe-project")
    for moment in (la(2023, 12, 31), la(2024, 1, 1), la(2026, 3, 31), la(2026, 4, 1, 0)):
        make_held(make_group(programme), moment, heads_parents=3)
    make_held(make_group(elsewhere), la(2026, 3, 1), heads_parents=3)

    target = group_target(make_officer(network), network, on=MARCH.last)

    assert target == Target(2, 100, since=date(2024, 1, 1), by=date(2026, 6, 30))
    assert group_target(make_officer(make_network()), network, on=MARCH.last) is None


def test_periods_reach_from_the_first_month_of_a_year_to_its_last_busiest_first():
    programme = make_programme()
    for first, last in [
        (la(2025, 1, 9), la(2025, 7, 31, 23)),
        (la(2025, 3, 9), la(2025, 4, 1)),
        (la(2025, 12, 9), la(2026, 2, 1)),
    ]:
        group = make_group(programme)
        make_held(group, first, heads_parents=1)
        make_held(group, last, heads_parents=1)

    host = programme.organisation

    assert periods(make_coordinator(host), host) == [
        Days(date(2025, 1, 1), date(2025, 12, 31)),
        Days(date(2026, 1, 1), date(2026, 2, 28)),
    ]


def test_snapshot_and_periods_are_for_the_organisation_alone():
    group = make_group()
    make_held(group, la(2026, 3, 3), heads_parents=1)
    host = group.organisation

    for viewer in (make_coordinator(make_organisation()), make_officer(host.network)):
        assert snapshot(viewer, host, MARCH) is None
        assert periods(viewer, host) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_snapshot_asks_the_same_number_of_queries(rows: int, django_assert_num_queries):
    host = make_organisation()
    for key in ["parent-support-circles", "safe-project", "circle-of-parents"][:rows]:
        programme = make_programme(host, key)
        for _ in range(rows):
            group = make_group(programme)
            make_held(group, la(2026, 3, 3), [make_membership(group)])
    coordinator = make_coordinator(host)

    with django_assert_num_queries(6):
        seen = snapshot(coordinator, host, MARCH)
    with django_assert_num_queries(2):
        periods(coordinator, host)

    assert seen is not None
    assert seen.participants == rows * rows
