"""What changed for parents, as the office and a funder see it."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.test import Client

from goround.apps.releases.catalogue import OUTCOMES
from tests.make import make_coordinator, make_organisation
from tests.make_months import make_officer
from tests.make_outcomes import YEAR, make_answered
from tests.make_releases import make_release
from tests.page_words import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def release():
    host = make_organisation()
    make_answered(host, better=30, worse=20, same=3, once=4)
    return make_release(host.network, OUTCOMES, YEAR)


def office(release):
    client = Client()
    client.force_login(make_officer(release.network))
    return client, f"/n/{release.network.slug}/releases/{release.number}/"


def test_page_tells_gains_and_the_rest_alike(release):
    client, address = office(release)

    shown = words(client.get(address))

    assert "Of 55: 30 better, 25 the same or worse." in shown
    assert "stayed the same or got worse" in shown
    assert "Averages are not released" in shown
    assert "Where fewer than 10 stayed the same" in shown


def test_page_tells_worse_apart_where_enough_stayed_the_same():
    host = make_organisation()
    make_answered(host, better=30, worse=20, same=15)
    client, address = office(make_release(host.network, OUTCOMES, YEAR))

    assert "Of 65: 30 better, 15 the same, 20 worse." in words(client.get(address))


def test_organisation_with_every_figure_hidden_is_named_and_not_listed(release):
    small = make_organisation(network=release.network)
    make_answered(small, better=2)
    client, _address = office(release)
    again = make_release(release.network, OUTCOMES, YEAR)

    shown = words(client.get(f"/n/{release.network.slug}/releases/{again.number}/"))

    assert f"Asked too, with every figure hidden: {small.name}." in shown


def test_csv_has_a_line_for_each_figure_and_says_what_is_hidden(release):
    client, address = office(release)

    lines = list(
        csv.reader(StringIO(client.get(f"{address}download/").content.decode("utf-8-sig")))
    )

    network = [line[3:] for line in lines if line[2] == "All organisations together"]
    assert network == [
        ["Strength: Answered both times", "55", "", "rounded to 5"],
        ["Strength: Better", "30", "54.5", "rounded to 5"],
        ["Strength: The same or worse", "25", "45.5", "rounded to 5"],
        ["Strength: Of these worse", "", "", "hidden"],
        ["Strength: Of these the same", "", "", "hidden"],
    ]


def test_workbook_brings_a_dictionary_and_its_methods(release):
    client, address = office(release)

    book = ZipFile(BytesIO(client.get(f"{address}workbook/").content))

    sheets = book.read("xl/workbook.xml").decode()
    assert all(f'name="{name}"' in sheets for name in ("Figures", "Data dictionary", "Methods"))
    told = book.read("xl/sharedStrings.xml").decode()
    assert "Empty where it is hidden." in told
    assert release.seal in told


def test_funder_reads_the_same_without_signing_in_and_a_guess_finds_nothing(release):
    stranger = Client()

    assert "30 better, 25 the same or worse" in words(stranger.get(f"/released/{release.link}/"))
    assert stranger.get(f"/released/{release.link}/workbook/").status_code == 200
    assert stranger.get("/released/guessed/workbook/").status_code == 404


def test_workbook_is_not_there_for_a_coordinator(release):
    client = Client()
    client.force_login(make_coordinator(release.network.organisation_set.get()))

    answer = client.get(f"/n/{release.network.slug}/releases/{release.number}/workbook/")

    assert answer.status_code == 404
