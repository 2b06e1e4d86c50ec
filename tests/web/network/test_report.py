"""The network's report: released figures on one page, on screen and on paper."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from goround.apps.releases.catalogue import COSTS, OUTCOMES, SNAPSHOT
from goround.domain.disclosure import Span
from tests.make import (
    make_coordinator,
    make_membership,
    make_network,
    make_organisation,
    make_parent,
)
from tests.make_costs import make_currency, make_line
from tests.make_months import la, make_held, make_officer
from tests.make_outcomes import make_answered
from tests.make_releases import make_release, make_year
from tests.page_words import words
from tests.pdf_files import assert_tagged, pages_in, places_of_words, text_of_pdf

pytestmark = pytest.mark.django_db
ASKED = date(2020, 1, 10), date(2020, 6, 10)


@pytest.fixture
def network():
    """2020 of one organisation: everything released that the report is made of."""
    host = make_organisation()
    group = make_year(host, men=12, women=31)
    make_currency(host)
    make_line(group, 600_00, spent_on=date(2020, 3, 3))
    make_answered(host, better=30, worse=20, same=3, on=ASKED)
    for table in (SNAPSHOT, OUTCOMES, COSTS):
        make_release(host.network, table)
    return host.network


def page(network, viewer=None, name="report/", **query):
    client = Client()
    client.force_login(viewer or make_officer(network))
    return client.get(f"/n/{network.slug}/{name}", query)


def test_report_says_what_was_released_and_what_is_hidden(network):
    shown = words(page(network))

    assert "Released figures only: nobody can be found in them." in shown
    assert "1 group met. 1 meeting was held." in shown
    assert "About 45 parents took part" in shown
    assert "Men 10 22.2 %" in shown
    assert "Another answer hidden" in shown
    assert "The groups cost about 600 USD." in shown
    assert "Of 55: 30 better, 25 the same or worse." in shown
    assert "figures are hidden." in shown
    assert "From the releases 1, 2, 3 · Ours" in shown


def test_report_has_no_exact_figure_of_people(network):
    shown = words(page(network).text.partition("<main")[2].partition("released-facts")[2])

    # 43 parents, 12 men, 31 women, 53 who answered twice.
    assert not {"43", "12", "31", "53"} & set(shown.replace(":", " ").split())


def test_report_is_made_of_the_last_release_of_each_table(network):
    host = network.organisation_set.get()
    group = host.group_set.first()
    people = [make_membership(group, make_parent(host)) for _ in range(40)]
    make_held(group, la(2020, 3, 10), people)
    make_release(network, SNAPSHOT)

    shown = words(page(network))

    assert "About 85 parents took part" in shown
    assert "From the releases 4, 2, 3" in shown


def test_report_of_another_year_is_there_when_it_was_released(network):
    make_release(network, SNAPSHOT, Span.of(2021, 1, 12))

    assert "About 45 parents" in words(page(network))
    assert "How many parents took part is hidden." in words(page(network, year="2021"))


def test_paper_is_tagged_and_says_the_same(network):
    answer = page(network, name="report/pdf/", year="2020")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert_tagged(answer.content, language="en")
    printed = " ".join(text_of_pdf(answer.content).split())
    assert "Released figures only" in printed
    assert "30 better, 25 the same or worse" in printed


def test_report_runs_from_right_to_left_on_screen_and_on_one_tagged_page(network):
    client = Client(headers={"Accept-Language": "ar"})
    client.force_login(make_officer(network))

    shown = client.get(f"/n/{network.slug}/report/").text
    made = client.get(f"/n/{network.slug}/report/pdf/").content

    assert '<html lang="ar" dir="rtl"' in shown
    assert_tagged(made, language="ar")
    assert pages_in(made) == 1
    places = places_of_words(made)
    # Names on the right, drawings and what they say to their left. Letters are read as they lie.
    part, same, men = (word[::-1] for word in ("الجزء", "حاله", "رجال"))
    assert places[part] > places["30"] > places[same]
    assert places[men] > places["10"]
    assert places["30"] > places["25"]


def test_report_before_anything_was_released_says_how_to_begin():
    network = make_organisation().network

    assert "No year was released yet" in words(page(network))
    assert page(network, name="report/pdf/").url == f"/n/{network.slug}/report/"


def test_report_is_not_there_for_anybody_else(network):
    others = (make_coordinator(network.organisation_set.get()), make_officer(make_network()))

    for viewer in others:
        for name in ("report/", "report/pdf/"):
            assert page(network, viewer, name).status_code == 404


def test_report_asks_a_fixed_number_of_queries(network, django_assert_max_num_queries):
    client = Client()
    client.force_login(make_officer(network))

    with django_assert_max_num_queries(20):
        client.get(f"/n/{network.slug}/report/")
