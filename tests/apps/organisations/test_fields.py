from __future__ import annotations

import pytest

from goround.apps.organisations.fields import words
from goround.apps.organisations.models import Venue
from tests.make import make_organisation, make_venue

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("features", [(), ("step-free",), ("childcare", "step-free", "ñ b")])
def test_several_words_come_back_as_they_went_in(features):
    venue = make_venue(make_organisation(), features=features)

    assert Venue.objects.get(pk=venue.pk).features == features


def test_has_finds_whole_words_only():
    here = make_organisation()
    step_free = make_venue(here, features=("childcare", "step-free"))
    make_venue(here, features=("step-free-ish",))
    make_venue(here, features=())

    assert list(Venue.objects.filter(features__has="step-free")) == [step_free]
    assert list(Venue.objects.filter(features__has="step")) == []


@pytest.mark.parametrize("wild", ["%", "_", "step%", "s_ep-free", "\\"])
def test_has_takes_no_wild_cards(wild):
    make_venue(make_organisation(), features=("step-free",))

    assert list(Venue.objects.filter(features__has=wild)) == []


def test_words_keeps_each_once_in_the_order_first_seen():
    assert words(["es", "en", "es"]) == ("es", "en")
