from __future__ import annotations

from datetime import date, timedelta

import pytest

from goround.apps.meetings.models import Attendance
from goround.apps.organisations.models import Network
from goround.apps.people.models import Parent
from goround.apps.people.opening import keep_details
from goround.apps.releases import services
from goround.apps.releases.catalogue import (
    FEDERAL,
    GROUP_YEAR,
    MONTH,
    SNAPSHOT,
    Kind,
    first_day,
    last_day,
    scope,
)
from goround.apps.releases.measuring import Measuring
from goround.apps.releases.models import Draft, Release
from goround.apps.releases.selectors import (
    drafts_for,
    offers,
    release_by_link,
    releases_about,
    releases_for,
    sheets_of,
)
from goround.domain.disclosure import Cell, Span
from tests.make import (
    NOON,
    make_coordinator,
    make_group,
    make_membership,
    make_network,
    make_organisation,
    make_parent,
    make_programme,
    make_referral,
    make_user,
)
from tests.make_months import la, make_held, make_officer
from tests.make_releases import YEAR, make_release, make_year

pytestmark = pytest.mark.django_db
MARCH = Span.of(2020, 3)


def said(release: Release) -> dict[tuple[int | None, str, str], int | None]:
    rows = release.figures.filter(group=None)
    return {
        (host, measure, key): shown
        for host, measure, key, shown in rows.values_list(
            "organisation", "measure", "category", "shown"
        )
    }


def test_snapshot_shows_rounded_counts_and_hides_what_is_small():
    host = make_organisation()
    make_year(host, men=12, women=31)

    told = said(make_release(host.network))

    assert told[None, "parents", ""] == told[host.pk, "parents", ""] == 45
    assert told[None, "parents", "male"] == 10
    assert told[None, "parents", "other"] is None
    assert told[None, "groups", ""] == 1  # of groups, not of people
    assert told[None, "meetings", "held"] == 1


def test_small_organisation_is_not_found_by_taking_the_large_one_away():
    network = make_network()
    large, small = make_organisation(network=network), make_organisation(network=network)
    make_year(large, men=20, women=40)
    make_year(small, men=1, women=3)

    told = said(make_release(network))

    assert told[small.pk, "parents", ""] is None
    assert None in (told[large.pk, "parents", ""], told[None, "parents", ""])


def test_draft_is_what_will_be_released_and_goes_with_it():
    host = make_organisation()
    make_year(host, men=12, women=31)
    draft = services.make_draft(network=host.network, table=SNAPSHOT, span=YEAR, by=None, at=NOON)
    again = services.make_draft(network=host.network, table=SNAPSHOT, span=YEAR, by=None, at=NOON)
    rows, number = again.figures, again.pk

    release = services.publish(draft=again, by=None, at=NOON)

    assert draft.pk == number
    assert not Draft.objects.exists()
    shown = release.figures.order_by("pk").values_list(
        "organisation", "group", "measure", "split", "category", "shown", "stands"
    )
    assert [list(row) for row in shown] == rows


def test_figures_that_moved_since_the_draft_are_not_released():
    host = make_organisation()
    group = make_year(host, men=12, women=31)
    draft = services.make_draft(network=host.network, table=SNAPSHOT, span=YEAR, by=None, at=NOON)
    make_held(group, la(2020, 3, 10), [make_membership(group) for _ in range(20)])

    with pytest.raises(services.FiguresMoved):
        services.publish(draft=draft, by=None, at=NOON)

    assert not Release.objects.exists()


def test_late_data_of_a_few_leaves_the_figure_and_of_many_replaces_it():
    host = make_organisation()
    group = make_year(host, men=12, women=31)
    make_release(host.network)

    make_held(group, la(2020, 3, 10), [make_membership(group)])
    few = make_release(host.network)
    make_held(group, la(2020, 3, 17), [make_membership(group) for _ in range(30)])
    many = make_release(host.network)

    assert few.figures.get(organisation=None, measure="parents", split="").stands
    assert said(few)[None, "parents", ""] == 45
    assert said(many)[None, "parents", ""] == 75


def test_period_that_is_not_over_cannot_be_drafted():
    host = make_organisation()
    make_year(host, men=12, women=31)

    with pytest.raises(services.NotOverYet):
        services.make_draft(
            network=host.network, table=SNAPSHOT, span=Span.of(2026, 1, 12), by=None, at=NOON
        )


def test_month_adds_up_attendances_and_the_year_of_each_group_adds_up_months():
    host = make_organisation()
    group = make_year(host, men=6, women=6, children=14)
    make_held(group, la(2020, 3, 10), group.memberships.all(), heads_parents=8, heads_new=3)
    make_held(group, la(2020, 5, 5), group.memberships.all())
    exact = Measuring([host], NOON)

    month = exact.people(scope(MONTH, MARCH, ()))
    year = exact.people(scope(GROUP_YEAR, YEAR, ()))

    here = (host.pk,)
    assert month[Cell("attendances", MARCH)] == 32
    assert month[Cell("children-attendances", MARCH, here)] == 14
    newness = {
        cell.category: count
        for cell, count in month.items()
        if cell.split == "newness" and cell.unit == here
    }
    assert newness == {"new": 15, "returning": 17, "not-said": 0}
    assert year[Cell("attendances", YEAR, (host.pk, group.pk))] == 44
    assert year[Cell("attendances", Span.of(2020, 5), here)] == 12


def test_federal_year_counts_families_once_and_their_children():
    host = make_organisation()
    programme = make_programme(host)
    group = make_group(programme)
    pair = [make_parent(host), make_parent(host)]
    pair[0].together.add(pair[1])
    alone = make_parent(host)
    for parent, ages in ((pair[0], (2.0, 4.0)), (pair[1], (2.0,)), (alone, (7.0,))):
        keep_details([parent.telling(children_ages=ages, ages_on=date(2019, 1, 1))])
    make_held(group, la(2019, 10, 1), [make_membership(group, one) for one in (*pair, alone)])
    federal = Span.of(2019, 10, 12)

    found = Measuring([host], NOON).people(scope(FEDERAL, federal, ()))

    assert {
        cell.measure: count for cell, count in found.items() if not (cell.unit or cell.split)
    } == {
        "parents": 3,
        "families": 2,
        "children": 3,
    }
    assert (first_day(federal), last_day(federal)) == (date(2019, 10, 1), date(2020, 9, 30))


def test_federal_year_counts_who_told_of_a_disability_parents_and_families_apart():
    host = make_organisation()
    group = make_group(make_programme(host))
    pair = [make_parent(host), make_parent(host)]
    pair[0].together.add(pair[1])
    alone, silent = make_parent(host), make_parent(host)
    for parent, who in ((pair[0], ("parent",)), (pair[1], ("child",)), (alone, ("parent",))):
        keep_details([parent.telling(disabilities=who)])
    people = [*pair, alone, silent]
    make_held(group, la(2019, 10, 1), [make_membership(group, one) for one in people])
    federal = Span.of(2019, 10, 12)

    found = Measuring([host], NOON).people(scope(FEDERAL, federal, ()))

    parts = {
        (cell.measure, cell.split, cell.category): count
        for cell, count in found.items()
        if not cell.unit and cell.split in {"disability", "child-disability"}
    }
    assert parts == {
        ("parents", "disability", "told"): 2,
        ("parents", "disability", "not-said"): 2,
        ("families", "child-disability", "told"): 1,
        ("families", "child-disability", "not-said"): 2,
    }


def test_source_that_joins_the_playbook_later_says_nothing_about_last_year():
    host = make_organisation()
    group = make_year(host, men=12, women=31)
    first = make_release(host.network)
    other = make_programme(host, "safe-project")
    make_held(make_group(other), la(2020, 6, 1))

    again = make_release(host.network)

    assert set(said(again)) == set(said(first))
    assert Attendance.objects.filter(meeting__group=group).count() == 43


def test_periods_on_offer_are_over_and_the_latest_comes_first():
    assert [first_day(span) for span in Kind.MONTH.spans(date(2025, 11, 20), date(2026, 2, 1))] == [
        date(2026, 1, 1),
        date(2025, 12, 1),
        date(2025, 11, 1),
    ]
    assert [
        first_day(s) for s in Kind.FEDERAL_YEAR.spans(date(2024, 9, 30), date(2025, 10, 1))
    ] == [
        date(2024, 10, 1),
        date(2023, 10, 1),
    ]


def test_offers_say_what_was_released_already():
    host = make_organisation()
    make_year(host, men=12, women=31)
    make_release(host.network)

    found = offers(make_officer(host.network), host.network, at=NOON)

    of_2020 = [one for one in found if one.table is SNAPSHOT and one.span == YEAR]
    assert [(one.key, one.released) for one in of_2020] == [("snapshot.2020-01", 1)]
    assert not any(one.last >= NOON.date() for one in found)


def test_months_in_which_nobody_met_are_not_offered():
    host = make_organisation()
    group = make_year(host, men=12, women=31)
    make_held(group, la(2022, 8, 2))

    found = offers(make_officer(host.network), host.network, at=NOON)

    months = [f"{one.first:%Y-%m}" for one in found if one.table is MONTH]
    # By another clock it may have been the month before or after.
    assert months == ["2022-09", "2022-08", "2022-07", "2020-04", "2020-03"]
    assert [one.first.year for one in found if one.table is SNAPSHOT] == [2022, 2020]


def test_stranger_and_other_network_find_no_release_and_no_draft():
    host = make_organisation()
    make_year(host, men=12, women=31)
    services.make_draft(network=host.network, table=MONTH, span=MARCH, by=None, at=NOON)
    release = make_release(host.network)
    network: Network = host.network

    for viewer in (make_user(), make_coordinator(host), make_officer(make_network())):
        assert list(releases_for(viewer, network)) == []
        assert list(drafts_for(viewer, network)) == []
        assert offers(viewer, network, at=NOON) == []
    assert list(releases_for(make_officer(network), network)) == [release]
    assert list(releases_about(make_coordinator(host), host)) == [release]
    assert list(releases_about(make_coordinator(make_organisation()), host)) == []
    assert release_by_link(make_user(), release.link) == release
    assert release_by_link(make_user(), "guessed") is None


def test_sheets_of_a_release_take_percent_from_what_is_shown():
    host = make_organisation()
    make_year(host, men=12, women=31)
    release = make_release(host.network)

    gender = next(s for s in sheets_of(make_user(), release) if "Men" in s.columns)

    whole = next(row for row in gender.rows if row.is_network)
    men = whole.figures[gender.columns.index("Men")]
    assert (men.shown, str(men.percent)) == (10, "22.2")  # of 45, not of 43


def test_type_of_groups_is_no_hidden_figure_of_an_organisation():
    host = make_organisation()
    make_year(host, men=12, women=31)
    release = make_release(host.network)

    types = next(s for s in sheets_of(make_user(), release) if s.split == "type")

    (here, whole) = types.rows
    assert [(f.shown, f.untold) for f in here.figures] == [(1, False), (None, True)]
    assert [(f.shown, f.untold) for f in whole.figures] == [(1, False), (1, False)]
    assert types.hidden == 0


def test_parent_who_came_by_no_known_way_is_counted_as_not_known():
    host = make_organisation()
    programme = make_programme(host)
    group = make_group(programme)
    people = [make_parent(host, gender=Parent.Gender.FEMALE) for _ in range(30)]
    for one in people[:15]:
        make_referral(one, programme, source="hospitals", waiting_since=NOON - timedelta(days=3000))
    make_held(group, la(2020, 3, 3), [make_membership(group, one) for one in people])

    figures = Measuring([host], NOON).people({("parents", YEAR)})

    by_source = {c.category: n for c, n in figures.items() if c.split == "source" and not c.unit}
    assert (by_source["hospitals"], by_source["not-said"]) == (15, 15)
    assert figures[Cell("parents", YEAR)] == 30
