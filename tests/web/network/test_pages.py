from __future__ import annotations

import csv
import html
from io import StringIO

import pytest
from django.test import Client

from goround.apps.accounts.models import User
from goround.apps.jobs.models import Job
from goround.apps.jobs.work import run_next
from goround.apps.meetings.models import Attendance, Meeting
from goround.apps.organisations.models import Network
from goround.apps.organisations.roles import Role
from goround.apps.releases.catalogue import MONTH
from goround.apps.releases.models import Release
from goround.domain.disclosure import Span
from tests.make import (
    NOON,
    make_coordinator,
    make_group,
    make_membership,
    make_network,
    make_organisation,
    make_programme,
    make_user,
)
from tests.make_months import la, make_held, make_officer
from tests.make_releases import make_release, make_year
from tests.world import make_world

pytestmark = pytest.mark.django_db

MARCH = {"month": "2020-03"}
SPRING = {"year": "2020"}
PAGES = ["month/", "month/download/", "snapshot/", "releases/"]


def signed_in(viewer: User) -> Client:
    client = Client()
    client.force_login(viewer)
    return client


def page(network: Network, name: str, query: dict[str, str]) -> str:
    answer = signed_in(make_officer(network)).get(f"/n/{network.slug}/{name}", query)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def forget_proof(client: Client) -> None:
    session = client.session
    del session["proved_at"]
    session.save()


def test_officer_sees_no_group_no_parent_and_no_alias():
    world = make_world("OFFICE")
    meeting = Meeting.objects.get(pk=world.ids["meeting_id"])
    make_held(
        meeting.group, la(2020, 3, 3), meeting.group.memberships.all(), heads_parents=2, children=1
    )
    network = world.organisation.network
    release = make_release(network)
    looked_at = [f"releases/{release.number}/", f"releases/{release.number}/download/"]
    allowed = {f"{part} {kind}" for part in ["CANARY-OFFICE"] for kind in ("network", "host")}

    for name in [*PAGES, *looked_at]:
        for query in (MARCH, SPRING, {}):
            shown = page(network, name, query)
            for words in allowed:
                shown = shown.replace(words, "")
            assert "CANARY" not in shown, name
    assert Attendance.objects.filter(meeting__starts_at__year=2020).exists()


@pytest.mark.parametrize("name", PAGES)
def test_network_pages_are_not_there_for_anybody_else(name: str):
    host = make_organisation()
    others = [
        make_coordinator(host),
        make_user(role=Role.SUPERVISOR, organisation=host),
        make_officer(make_network()),
    ]

    answers = [
        signed_in(viewer).get(f"/n/{host.network.slug}/{name}").status_code for viewer in others
    ]

    assert answers == [404] * len(others)


def test_network_month_counts_meetings_and_no_people_on_the_page_and_in_the_file():
    network = make_network()
    for name in ("A house", "B house"):
        programme = make_programme(make_organisation(network=network, name=name))
        group = make_group(programme)
        make_held(group, la(2020, 3, 3), [make_membership(group) for _ in range(37)])

    shown = page(network, "month/", MARCH)
    answer = signed_in(make_officer(network)).get(f"/n/{network.slug}/month/download/", MARCH)
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline="")))

    assert "2 groups at the organisations of the network" in shown
    assert [(row["Organisation"], row["Meetings held"]) for row in rows] == [
        ("A house", "1"),
        ("B house", "1"),
        ("All organisations together", "2"),
    ]
    for exact in ("37", "74"):
        assert f">{exact}<" not in shown
        assert all(exact not in row.values() for row in rows)


def test_network_month_leads_to_its_release_once_there_is_one():
    host = make_organisation()
    make_year(host, men=20, women=30)
    address = f"/n/{host.network.slug}/releases/1/"
    before = page(host.network, "month/", MARCH)

    make_release(host.network, MONTH, Span.of(2020, 3))

    assert address not in before
    assert f'href="{address}"' in page(host.network, "month/", MARCH)


def test_snapshot_is_the_one_released_and_never_the_exact_one():
    host = make_organisation()
    make_year(host, men=12, women=31)
    before = page(host.network, "snapshot/", {})

    make_release(host.network)
    after = page(host.network, "snapshot/", {"year": "2020"})

    assert "No year was released yet" in before
    assert '<strong class="figure-value">45</strong>' in after
    assert "<span>of 45</span> <span>22.2 %</span>" in after
    assert ">43<" not in before + after


def test_office_makes_a_draft_and_releases_it_after_saying_who_they_are():
    host = make_organisation()
    make_year(host, men=12, women=31)
    office = make_officer(host.network)
    officer, at = signed_in(office), f"/n/{host.network.slug}/releases/"

    here = officer.post(at, {"offer": "snapshot.2020-01"})["Location"]
    run_next("worker")
    draft = officer.get(here)
    forget_proof(officer)
    asked = officer.post(f"{here}release/")
    officer.force_login(office)
    waits = officer.post(f"{here}release/", follow=True)
    run_next("worker")
    released = officer.get(here, follow=True)

    assert "A draft: nothing has left yet" in draft.text
    assert asked["Location"].startswith("/account/prove/")
    assert "It is looked through once more and then released." in waits.text
    assert released.redirect_chain == [(f"{at}1/", 302)]
    assert "Number 1, released on" in released.text


def test_draft_says_how_far_it_is_with_and_without_javascript():
    host = make_organisation()
    make_year(host, men=12, women=31)
    officer, at = signed_in(make_officer(host.network)), f"/n/{host.network.slug}/releases/"
    here = officer.post(at, {"offer": "snapshot.2020-01"})["Location"]
    job = Job.objects.get()

    waits, listed = officer.get(here).text, officer.get(at).text
    Job.objects.update(status=Job.Status.RUNNING, progress={"solved": 41, "hidden": 3})
    part = officer.get(here, headers={"HX-Request": "true"}).text
    whole = officer.get(here).text
    Job.objects.update(status=Job.Status.QUEUED)
    run_next("worker")
    after = officer.get(here, headers={"HX-Request": "true"})

    assert "Waiting to begin" in waits
    assert '<meta http-equiv="refresh"' in waits
    assert "being worked out" in listed
    assert "41 ways of working somebody out were tried. 3 figures are hidden so far." in part
    assert part.strip() in whole
    assert (after.headers["HX-Redirect"], job.network) == (here, host.network)
    assert "A draft: nothing has left yet" in officer.get(here).text


def test_draft_that_could_not_be_made_says_so_and_can_be_asked_for_again():
    host = make_organisation()
    make_year(host, men=12, women=31)
    officer, at = signed_in(make_officer(host.network)), f"/n/{host.network.slug}/releases/"
    here = officer.post(at, {"offer": "snapshot.2020-01"})["Location"]
    Job.objects.update(status=Job.Status.FAILED, ended_at=NOON, failure="It did not finish.")

    shown = officer.get(here).text
    unmade = officer.get(f"{here}release/")
    again = officer.post(at, {"offer": "snapshot.2020-01"})

    assert "It did not finish." in shown
    assert 'name="offer" value="snapshot.2020-01"' in shown
    assert unmade["Location"] == again["Location"] == here


def test_draft_that_is_out_of_date_is_made_anew_and_not_released():
    host = make_organisation()
    group = make_year(host, men=12, women=31)
    officer, at = signed_in(make_officer(host.network)), f"/n/{host.network.slug}/releases/"
    here = officer.post(at, {"offer": "snapshot.2020-01"})["Location"]
    run_next("worker")
    make_held(group, la(2020, 3, 10), [make_membership(group) for _ in range(20)])

    officer.post(f"{here}release/")
    run_next("worker")

    answer = officer.get(here)
    assert "Figures have changed since you looked. Please look again." in answer.text
    assert not Release.objects.exists()


def test_draft_of_a_month_in_which_nothing_was_recorded_says_so_and_is_not_released():
    host = make_organisation()
    make_year(host, men=12, women=31)
    officer, at = signed_in(make_officer(host.network)), f"/n/{host.network.slug}/releases/"
    here = officer.post(at, {"offer": "month.2020-04"})["Location"]
    run_next("worker")

    shown = officer.get(here).text
    asked = officer.post(f"{here}release/")

    assert "There is nothing to release" in shown
    assert f"{here}release/" not in shown
    assert asked["Location"] == here
    assert not Job.objects.filter(status=Job.Status.QUEUED).exists()


def test_draft_can_be_put_aside():
    host = make_organisation()
    make_year(host, men=12, women=31)
    officer, at = signed_in(make_officer(host.network)), f"/n/{host.network.slug}/releases/"
    drafted = officer.post(at, {"offer": "month.2020-03"})

    officer.post(f"{drafted['Location']}aside/")

    assert officer.get(drafted["Location"]).status_code == 404


def test_table_or_period_that_is_none_is_answered_in_words():
    host = make_organisation()
    make_year(host, men=12, women=31)

    answer = signed_in(make_officer(host.network)).post(
        f"/n/{host.network.slug}/releases/", {"offer": "snapshot.2099-01"}
    )

    assert answer.status_code == 200
    assert "Select a valid choice" in answer.text


def test_release_reads_alike_in_the_office_in_the_file_and_for_a_funder():
    host = make_organisation()
    make_year(host, men=12, women=31)
    release = make_release(host.network)

    office = page(host.network, "releases/1/", {})
    funder = " ".join(Client().get(f"/released/{release.link}/").text.split())
    file = Client().get(f"/released/{release.link}/download/")
    rows = list(csv.DictReader(StringIO(file.content.decode("utf-8-sig"), newline="")))

    for shown in (office, funder):
        assert "10 <small>22.2 %</small>" in shown
        assert '<span class="release-hidden">hidden</span>' in shown
        assert 'data-label="Men"><span class="release-said">10' in shown
        assert "A dash: of which type groups are" in shown
        assert "<dt>Percent of the row's first number</dt>" in html.unescape(shown)
    men = [row for row in rows if row["Counted"] == "Men" and row["Unit"] == host.name]
    assert [(row["Number"], row["Note"]) for row in men] == [("", "hidden")] or men[0][
        "Number"
    ] == "10"
    assert Client().get("/released/guessed/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("name", "query", "queries"),
    [("month/", MARCH, 10), ("snapshot/", {}, 9), ("releases/", {}, 8), ("releases/1/", {}, 6)],
)
def test_network_page_asks_the_same_number_of_queries(
    rows: int, name: str, query: dict[str, str], queries: int, django_assert_num_queries
):
    network = make_network()
    for _ in range(rows):
        for _ in range(rows):
            make_year(make_organisation(network=network), men=12, women=13)
    make_release(network)
    client = signed_in(make_officer(network))

    with django_assert_num_queries(queries):
        client.get(f"/n/{network.slug}/{name}", query)
