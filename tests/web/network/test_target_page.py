from datetime import date

import pytest
from django.urls import reverse

from tests.make import make_group, make_network, make_organisation, make_programme
from tests.make_months import la, make_held, make_officer
from tests.page_words import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def network(client):
    """With two groups that met in 2015, and its officer signed in."""
    network = make_network(target_groups=4, target_by=date(2016, 6, 30))
    programme = make_programme(make_organisation(network=network, name="East"))
    for month in (2, 3):
        make_held(make_group(programme, name="Hidden group"[:month]), la(2015, month, 2))
    client.force_login(make_officer(network))
    return network


def test_target_page_tells_what_was_held_and_what_was_to_be_expected(client, network):
    answer = client.get(reverse("network:target", args=[network.slug]))

    told = words(answer)
    assert "4 groups by June 2016" in told
    assert "Groups that met 2 of 4 50.0 %" in told
    assert "The time is over. The target was not reached." in told
    assert "March 2015 2 " in told
    assert "June 2016 2 2 0 %" in told
    assert "East 2" in told
    assert "Hidden" not in answer.text


def test_target_can_be_set(client, network):
    page = reverse("network:target_edit", args=[network.slug])

    answer = client.post(page, {"groups": "2", "by_day": "2016-06-30"})

    assert answer.url == reverse("network:target", args=[network.slug])
    assert "the target was reached" in words(client.get(answer.url))


def test_network_without_a_target_is_asked_for_one(client):
    network = make_network()
    client.force_login(make_officer(network))

    assert "No target is set" in client.get(reverse("network:target", args=[network.slug])).text


def test_office_of_another_network_finds_no_target(client, network):
    client.force_login(make_officer(make_network()))

    assert client.get(reverse("network:target", args=[network.slug])).status_code == 404
