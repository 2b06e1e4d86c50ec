"""The commands with which a new server gets its first organisation and people."""

from __future__ import annotations

import io

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from goround.apps.accounts.models import User
from goround.apps.audit.models import Event
from goround.apps.organisations.models import Network, Organisation
from goround.apps.organisations.selectors import networks_for, organisations_for
from tests.make import make_network, make_organisation

pytestmark = pytest.mark.django_db

PASSPHRASE = "seven chairs and a kettle"


def run(*words: str) -> str:
    said = io.StringIO()
    call_command(*words, stdout=said)
    return said.getvalue()


def add_family_house() -> str:
    return run("add_organisation", "Family House", "--network", "County", "--time-zone", "UTC")


@pytest.fixture(autouse=True)
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes in on standard input, which is no terminal in a test."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSPHRASE}\n"))


def test_add_organisation_makes_its_network_once() -> None:
    said = add_family_house()
    run("add_organisation", "Open Door", "--network", "County", "--time-zone", "UTC")

    assert said == (
        "Family House is added. Its short name is family-house, its network's is county.\n"
    )
    assert list(Network.objects.values_list("name", flat=True)) == ["County"]
    assert sorted(Organisation.objects.values_list("slug", flat=True)) == [
        "family-house",
        "open-door",
    ]
    assert sorted(Event.objects.values_list("kind", flat=True)) == [
        "network.added",
        "organisation.added",
        "organisation.added",
    ]


def test_add_organisation_twice_changes_nothing() -> None:
    add_family_house()

    with pytest.raises(CommandError) as refused:
        add_family_house()

    assert str(refused.value) == (
        "An organisation is called 'family-house' already. Nothing was changed."
    )
    assert Organisation.objects.count() == 1


def test_add_organisation_refuses_an_unknown_time_zone_and_keeps_no_network() -> None:
    with pytest.raises(CommandError) as refused:
        run("add_organisation", "Family House", "--network", "County", "--time-zone", "Mars")

    assert str(refused.value).endswith("Nothing was changed.")
    assert Network.objects.count() == 0


def test_add_person_can_sign_in_and_holds_the_role_there_only() -> None:
    here, elsewhere = make_organisation(slug="here"), make_organisation(slug="elsewhere")

    run("add_person", " Ana ", "--role", "coordinator", "--at", "here", "--shown-as", "Ana")

    ana = authenticate(handle="ana", password=PASSPHRASE)
    assert isinstance(ana, User)
    assert ana.shown_as == "Ana"
    assert list(organisations_for(ana)) == [here]
    assert elsewhere not in organisations_for(ana)


def test_add_person_gives_somebody_known_a_second_role() -> None:
    here, network = make_organisation(slug="here"), make_network(slug="county")
    run("add_person", "ana", "--role", "coordinator", "--at", "here")
    before = User.objects.get().password

    run("add_person", "ana", "--role", "network-officer", "--at", "county")

    ana = User.objects.get()
    assert ana.password == before
    assert (list(organisations_for(ana)), list(networks_for(ana))) == ([here], [network])


def test_add_person_refuses_a_short_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    make_organisation(slug="here")
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))

    with pytest.raises(CommandError) as refused:
        run("add_person", "ana", "--role", "coordinator", "--at", "here")

    assert str(refused.value).endswith("Nothing was changed.")
    assert User.objects.count() == 0


def test_add_person_names_the_places_there_are() -> None:
    make_organisation(slug="here")

    with pytest.raises(CommandError) as refused:
        run("add_person", "ana", "--role", "coordinator", "--at", "nowhere")

    assert str(refused.value) == "No organisation is called 'nowhere'. There are: here."
    assert User.objects.count() == 0
