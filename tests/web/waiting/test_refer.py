"""A coordinator adds a parent whom an agency sent."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from goround.apps.audit.models import Event
from goround.apps.people.models import Parent, Postcode, Referral
from goround.domain.privacy.place import coarse_cell
from tests.make import make_coordinator, make_programme

pytestmark = pytest.mark.django_db

SECRET = "0123456789abcdef" * 2


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def ana(client, programme):
    user = make_coordinator(programme.organisation)
    client.force_login(user)
    return user


def address(programme):
    return f"/o/{programme.organisation.slug}/waiting/refer/"


def today(programme):
    return programme.organisation.local(timezone.now()).date()


def told(programme, **more):
    usual = {
        "secret": SECRET,
        "alias": "Calm  River",
        "agreed_on": today(programme).isoformat(),
        "source": "hospitals",
        "agency": "Welcome Baby",
    }
    return usual | more


def test_refer_puts_a_parent_on_the_list(client, programme, ana):
    answer = client.post(
        address(programme),
        told(
            programme,
            free=["mon-evening", "sat-morning"],
            languages=["es", "en"],
            another_language="fi",
            children="3، 7؛0.5",
            interests=["men"],
            modes=["online"],
            max_km="10",
            needs=["childcare"],
            tags=["single-parent"],
            wishes=["grandparent"],
            gender="male",
            disabilities=["child"],
            safe_contact="text after eight",
            lat="34.262",
            lon="-118.421",
        ),
    )

    parent, referral = Parent.objects.get(), Referral.objects.get()
    assert (answer.status_code, "Calm River is on the waiting list" in answer.text) == (200, True)
    assert (referral.door, referral.source, referral.agency) == (
        "agency",
        "hospitals",
        "Welcome Baby",
    )
    assert referral.agreed_on == today(programme)
    assert parent.available == ("mon 17:30-20:30", "sat 09:00-12:00")
    assert parent.languages == ("es", "en", "fi")
    assert (parent.children_ages, parent.ages_on) == ((3.0, 7.0, 0.5), today(programme))
    assert (parent.interests, parent.modes, parent.max_km) == (("men",), ("online",), 10.0)
    assert (parent.needs, parent.tags, parent.wishes) == (
        ("childcare",),
        ("single-parent",),
        ("grandparent",),
    )
    assert (parent.gender, parent.safe_contact) == ("male", "text after eight")
    assert parent.disabilities == ("child",)
    assert parent.home_cell == coarse_cell(34.262, -118.421)
    assert {event.by_id for event in Event.objects.all()} == {ana.pk}


def test_refer_sent_twice_makes_one_entry_and_the_same_receipt(client, programme, ana):
    first, again = (client.post(address(programme), told(programme)).text for _ in range(2))

    words = re.compile(r'class="receipt"[^>]*><strong>([a-z ]+)<')
    assert words.findall(first) == words.findall(again)
    assert len(words.findall(first)[0].split()) == 6
    assert Referral.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"agreed_on": ""}, "Nobody is put on the list without having said yes"),
        ({"agreed_on": "tomorrow"}, "Enter a valid date"),
        ({"alias": ""}, "Choose any name we can call you by"),
        ({"children": "three"}, "“three” is no age"),
        ({"children": "26"}, "Ages from 0 to 25"),
        ({"children": "1 " * 16}, "Write at most 15 ages"),
        ({"postcode": "00000"}, "We do not know this postcode"),
        ({"lat": "95", "lon": "1"}, "This is no place on Earth"),
        ({"lat": "nan", "lon": "1"}, "This is no place on Earth"),
        ({"lat": "34"}, "This is no place on Earth"),
        ({"secret": ""}, "This page was open too long"),
        ({"secret": "guess"}, "This page was open too long"),
    ],
)
def test_refer_answers_bad_input_in_words_and_loses_nothing(client, programme, ana, wrong, says):
    sent = told(programme, safe_contact="text me", free=["tue-evening"]) | wrong

    answer = client.post(address(programme), sent)

    assert (answer.status_code, Referral.objects.count()) == (200, 0)
    assert says in answer.text
    assert 'value="text me"' in answer.text
    assert 'value="tue-evening" checked' in answer.text


def test_refer_refuses_a_day_that_has_not_come(client, programme, ana):
    later = today(programme) + timedelta(days=1)

    answer = client.post(address(programme), told(programme, agreed_on=later.isoformat()))

    assert "This day has not come yet" in answer.text
    assert Referral.objects.count() == 0


def test_refer_finds_the_place_by_postcode(client, programme, ana):
    network = programme.organisation.network
    assert 'name="postcode"' not in client.get(address(programme)).text
    Postcode.objects.create(network=network, code="91331", cell="8829a1d743fffff")

    assert 'name="postcode"' in client.get(address(programme)).text
    client.post(address(programme), told(programme, postcode="91 331"))

    assert Parent.objects.get().home_cell == "8829a1d743fffff"


def test_refer_asks_which_programme_when_there_are_several(client, programme, ana):
    other = make_programme(programme.organisation, "safe-project", name="SAFE")

    asked = client.get(address(programme)).text
    assert f'href="?programme={other.pk}"' in asked
    assert "<form" not in asked.split("<main")[1]
    client.post(address(programme), told(programme, source="") | {"programme": str(other.pk)})

    assert Referral.objects.get().programme == other


def test_refer_to_a_programme_of_somebody_else_asks_again(client, programme, ana):
    make_programme(programme.organisation, "safe-project")
    foreign = make_programme(name="Foreign")

    answer = client.post(address(programme), told(programme) | {"programme": str(foreign.pk)})

    assert Referral.objects.count() == 0
    assert "Foreign" not in answer.text


def test_refer_suggests_an_alias_nobody_has(client, programme, ana):
    page = client.get(address(programme)).text

    (alias,) = re.findall(r'name="alias" value="([^"]+)"', page)
    assert len(alias.split()) == 2
    (secret,) = re.findall(r'name="secret" value="([0-9a-f]{32})"', page)
    assert secret not in client.get(address(programme)).text
