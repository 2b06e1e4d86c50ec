from datetime import date

import pytest

from goround.apps.releases.catalogue import COSTS
from goround.apps.releases.models import Release
from goround.apps.releases.naming import names_of
from goround.apps.releases.services import make_draft
from goround.apps.releases.sheets import sheets
from tests.make import NOON, make_network, make_organisation
from tests.make_costs import make_currency, make_line
from tests.make_releases import YEAR, make_release, make_year

pytestmark = pytest.mark.django_db

IN_YEAR = {"spent_on": date(2020, 3, 3)}


@pytest.fixture
def network():
    """Two organisations with a group each, thirty and twenty parents, money entered for both."""
    network = make_network()
    for men, women in ((15, 15), (10, 10)):
        host = make_organisation(network=network)
        make_currency(host)
        make_line(make_year(host, men=men, women=women), 600_00, **IN_YEAR)
    return network


def figures(release_or_draft):
    """The network's, by measure; what hides is None."""
    if isinstance(release_or_draft, Release):
        rows = release_or_draft.figures.values_list(
            "organisation", "group", "measure", "split", "category", "shown", "stands"
        )
    else:
        rows = release_or_draft.figures
    return {row[2]: row[5] for row in rows if row[0] is None and not row[3]}


def test_money_is_the_networks_and_rounded_to_ten_shares(network):
    draft = make_draft(network=network, table=COSTS, span=YEAR, by=None, at=NOON)

    told = figures(draft)
    # 1200 for 50 parents: ten shares are 240.
    assert (told["parents"], told["paid"], told["donated"], told["rounded-to"]) == (
        50,
        1000,
        0,
        500,
    )
    assert {row[0] for row in draft.figures if row[2] == "paid"} == {None}


def test_each_is_worked_out_from_what_is_shown(network):
    draft = make_draft(network=network, table=COSTS, span=YEAR, by=None, at=NOON)

    money = [
        one for one in sheets("costs", draft.figures, names_of(network, COSTS)) if one.is_money
    ]

    assert [one.title for one in money] == ["Money, USD", "Paid, USD"]
    assert [figure.shown for figure in money[1].rows[0].figures] == [500, 20, 20]


def test_each_is_left_out_where_a_group_has_no_costs(network):
    make_year(make_organisation(network=network), men=10, women=10)

    draft = make_draft(network=network, table=COSTS, span=YEAR, by=None, at=NOON)

    assert (figures(draft)["groups"], figures(draft)["groups-with-costs"]) == (3, 2)
    money = [
        one for one in sheets("costs", draft.figures, names_of(network, COSTS)) if one.is_money
    ]
    assert [one.title for one in money] == ["Money, USD"]


def test_money_of_few_is_hidden():
    network = make_network()
    host = make_organisation(network=network)
    make_currency(host)
    make_line(make_year(host, men=4, women=5), 600_00, **IN_YEAR)

    told = figures(make_draft(network=network, table=COSTS, span=YEAR, by=None, at=NOON))

    assert [told[key] for key in ("parents", "paid", "donated", "rounded-to")] == [None] * 4


def test_two_currencies_are_never_added(network):
    other = make_organisation(network=network)
    make_currency(other, "EUR")
    make_line(make_year(other, men=10, women=10), 600_00, **IN_YEAR)

    assert (
        figures(make_draft(network=network, table=COSTS, span=YEAR, by=None, at=NOON))["paid"]
        is None
    )


def test_money_once_told_stands_whatever_is_entered_later(network):
    first = make_release(network, COSTS)
    make_line(network.organisation_set.first().group_set.get(), 9_000_00, **IN_YEAR)

    second = make_release(network, COSTS)

    assert figures(second)["paid"] == figures(first)["paid"] == 1000
    assert second.figures.get(measure="paid").stands
    assert not first.figures.get(measure="paid").stands
