"""Surveys are taken up, written and changed; what was asked once stays as it was."""

from __future__ import annotations

import pytest

from goround.apps.audit.models import Event
from goround.apps.surveys.making import KeyTaken, change, put_words, take_up, write_own
from goround.apps.surveys.models import Survey, SurveyVersion
from goround.domain.surveys import InstrumentError
from tests.make import NOON, make_coordinator, make_group, make_organisation, make_programme
from tests.make_surveys import SMALL, make_survey, make_wave, newest

pytestmark = pytest.mark.django_db

TEXT = SMALL.format(name="Small")


@pytest.fixture
def here():
    return make_organisation()


@pytest.fixture
def ana(here):
    return make_coordinator(here)


def test_taking_up_twice_changes_nothing(here, ana):
    for _ in range(2):
        take_up(organisation=here, key="how-it-is-here", by=ana, at=NOON)

    assert Survey.objects.count() == 1
    assert Event.objects.filter(kind="survey.added").count() == 1


def test_two_organisations_have_their_own(here, ana):
    take_up(organisation=here, key="how-it-is-here", by=ana, at=NOON)
    take_up(organisation=make_organisation(), key="how-it-is-here", by=ana, at=NOON)

    assert Survey.objects.count() == 2


def test_a_key_is_taken_once(here, ana):
    make_survey(here)

    with pytest.raises(KeyTaken):
        write_own(organisation=here, text=TEXT, source="x", by=ana, at=NOON)


def test_a_file_with_mistakes_adds_nothing(here, ana):
    with pytest.raises(InstrumentError):
        write_own(organisation=here, text="minutes = 0", source="x", by=ana, at=NOON)

    assert not Survey.objects.exists()


def test_a_version_changes_in_place_until_it_was_asked(here, ana):
    survey = make_survey(here)
    first = TEXT.replace("minutes = 2", "minutes = 3")
    change(survey=survey, text=first, source="x", by=ana, at=NOON)
    assert SurveyVersion.objects.count() == 1

    make_wave(make_group(make_programme(here)), survey=survey)
    change(survey=survey, text=first, source="x", by=ana, at=NOON)
    assert SurveyVersion.objects.count() == 1
    change(survey=survey, text=TEXT, source="x", by=ana, at=NOON)

    kept = [version.instrument.minutes for version in survey.versions.order_by("number")]
    assert kept == [3, 2]


def test_another_key_is_another_survey(here, ana):
    survey = make_survey(here)

    with pytest.raises(InstrumentError, match="it must stay 'small'"):
        change(survey=survey, text=TEXT.replace('"small"', '"other"'), source="x", by=ana, at=NOON)


def test_words_taken_away_are_missing_again(here, ana):
    survey = make_survey(here)

    put_words(
        version=newest(survey),
        language="en",
        items={"calm": "I am very calm."},
        labels={"agree": ("no", "yes")},
        options={"help": ("A friend", "Family")},
        by=ana,
        at=NOON,
    )

    now = newest(survey).instrument
    assert now.item("calm").words == {"en": "I am very calm."}
    assert now.ready_languages == ()
