from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.test import Client
from django.utils.timezone import now

from goround.apps.accounts.models import User
from goround.apps.groups.models import Group
from goround.apps.organisations.roles import Role
from goround.domain.counting import Month
from tests.make import (
    make_coordinator,
    make_group,
    make_meeting,
    make_membership,
    make_organisation,
    make_programme,
    make_user,
)
from tests.make_months import la, make_cancelled, make_held

pytestmark = pytest.mark.django_db

# Long gone, so that every meeting is over whatever day the tests run on.
MARCH = {"month": "2020-03"}
FIRST = {"first_at": la(2020, 3, 2)}


def signed_in(viewer: User) -> Client:
    client = Client()
    client.force_login(viewer)
    return client


def page(group: Group, query: dict[str, str] = MARCH, name: str = "month/") -> str:
    coordinator = make_coordinator(group.organisation)
    answer = signed_in(coordinator).get(f"/o/{group.organisation.slug}/{name}", query)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def table(group: Group, query: dict[str, str] = MARCH) -> list[dict[str, str]]:
    coordinator = make_coordinator(group.organisation)
    answer = signed_in(coordinator).get(f"/o/{group.organisation.slug}/month/download/", query)
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="{group.organisation.slug}-2020-03-not-for-publication.csv"'
    )
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_month_shows_a_count_with_the_meetings_nobody_counted():
    group = make_group(name="Lantern", **FIRST)
    for day in range(2, 13):
        children = None if day < 4 else 4
        make_held(group, la(2020, 3, day), [make_membership(group)], children=children)

    shown = page(group)

    assert "at 9 of 11 meetings; 2 not counted" in shown
    assert "<small>at 9 of 11 meetings;</small> <small>2 not counted</small>" in shown
    assert "Lantern" in shown
    assert "They are not for publication." in shown


def test_month_calls_what_nobody_counted_not_known():
    group = make_group(**FIRST)
    make_held(group, la(2020, 3, 3))

    shown = page(group)

    assert shown.count("not known") == 7  # three figures, and parents and children in two rows
    assert "1 meeting not counted" in shown


def test_month_names_the_groups_that_are_not_in():
    programme = make_programme(playbook_key="circle-of-parents")
    late = make_group(programme, name="Late one", **FIRST)
    make_meeting(late, starts_at=la(2020, 3, 3))
    make_held(make_group(programme, name="Done one", **FIRST), la(2020, 3, 3), heads_parents=3)

    shown = page(late)

    assert "March was due on 10 April; 1 group is not in yet:" in shown
    notice = shown[shown.index("1 group is not in yet:") :][:400]
    assert "Late one" in notice
    assert "Done one" not in notice


def test_month_says_when_all_groups_are_in():
    group = make_group(make_programme(playbook_key="circle-of-parents"), **FIRST)
    make_held(group, la(2020, 3, 3), heads_parents=3)

    assert "March is due on 10 April. The one group is in." in page(group)


def test_present_month_reminds_of_the_last_one():
    programme = make_programme(playbook_key="circle-of-parents")
    local = programme.organisation.local(now())
    last = Month.of(local.date()).later(-1)
    group = make_group(programme, first_at=local - timedelta(days=90))
    make_meeting(group, starts_at=la(last.year, last.number, 5))

    shown = page(group, {})

    assert f"{last.first_day:%B} " in shown
    assert "1 group is not in yet:" in shown


def test_month_that_is_none_is_answered_in_words():
    group = make_group()

    shown = page(group, {"month": "2020-13"})

    assert "That is no month. A month looks like 2026-03. Below is the present one." in shown


def test_month_leaves_out_other_organisations():
    group, foreign = make_group(name="Ours", **FIRST), make_group(name="Theirs", **FIRST)
    for each in (group, foreign):
        make_held(each, la(2020, 3, 3), [make_membership(each)])

    assert "Theirs" not in page(group)
    assert [row["Group"] for row in table(group)] == ["Ours", "All groups together"]


@pytest.mark.parametrize("name", ["month/", "month/download/"])
def test_month_is_not_there_for_a_stranger_or_without_the_right(name: str):
    group = make_group()
    host = group.organisation
    strangers = [
        make_coordinator(make_organisation()),
        make_user(role=Role.FACILITATOR, organisation=host),
        make_user(role=Role.PARENT, organisation=host),
        make_user(role=Role.NETWORK_OFFICER, network=host.network),
    ]

    answers = [signed_in(viewer).get(f"/o/{host.slug}/{name}").status_code for viewer in strangers]

    assert answers == [404] * len(strangers)


def test_month_opens_for_a_supervisor():
    group = make_group()
    supervisor = make_user(role=Role.SUPERVISOR, organisation=group.organisation)

    answer = signed_in(supervisor).get(f"/o/{group.organisation.slug}/month/", MARCH)

    assert answer.status_code == 200


def test_download_keeps_unknown_empty_and_disarms_formulas():
    group = make_group(name="=HYPERLINK(1)", **FIRST)
    make_held(group, la(2020, 3, 3), [make_membership(group)], children=0)
    make_held(group, la(2020, 3, 10))
    make_cancelled(group, la(2020, 3, 17))
    other = make_group(group.programme, name="Uncounted", **FIRST)
    make_held(other, la(2020, 3, 3))

    rows = {row["Group"]: row for row in table(group)}

    assert list(rows) == ["'=HYPERLINK(1)", "Uncounted", "All groups together"]
    first = rows["'=HYPERLINK(1)"]
    assert (first["Meetings planned"], first["Meetings held"]) == ("3", "2")
    assert (first["Parents attending"], first["Children attending"]) == ("1", "0")
    assert first["Held meetings with children not counted"] == "1"
    assert rows["Uncounted"]["Parents attending"] == ""
    assert rows["All groups together"]["Parents attending"] == "1"


def test_long_month_comes_in_pages_and_sums_them_all():
    programme = make_programme()
    for number in range(26):
        group = make_group(programme, name=f"Group {number:02}", **FIRST)
        make_held(group, la(2020, 3, 3), heads_parents=2)

    first, second = page(group), page(group, MARCH | {"page": "2"})

    assert ("Group 24" in first, "Group 25" in first) == (True, False)
    assert ("Group 24" in second, "Group 25" in second) == (False, True)
    assert "52" in first
    assert "?month=2020-03&amp;page=2" in first
    assert len(table(group)) == 27


@pytest.mark.parametrize("rows", [1, 3])
def test_month_page_asks_the_same_number_of_queries(rows: int, django_assert_num_queries):
    programme = make_programme(playbook_key="circle-of-parents")
    for number in range(rows):
        group = make_group(programme, name=f"Group {number}", **FIRST)
        make_held(group, la(2020, 3, 3), [make_membership(group) for _ in range(rows)])
        make_meeting(group, starts_at=la(2020, 3, 10))
    client = signed_in(make_coordinator(programme.organisation))

    with django_assert_num_queries(9):
        client.get(f"/o/{programme.organisation.slug}/month/", MARCH)


def test_desk_reminds_of_groups_not_in_for_last_month():
    programme = make_programme(playbook_key="circle-of-parents")
    host = programme.organisation
    last = Month.of(host.local(now()).date()).later(-1)
    group = make_group(programme, first_at=now() - timedelta(days=90))
    make_meeting(group, starts_at=la(last.year, last.number, 5))

    shown = signed_in(make_coordinator(host)).get(f"/o/{host.slug}/").text

    assert f"Groups not in for {last.first_day:%B}" in shown
    assert f"due on 10 {last.later(1).first_day:%B}" in shown
    assert f"/o/{host.slug}/month/?month={last}" in shown
