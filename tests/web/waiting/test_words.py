"""What parents told, in words: languages, days and waits, in the reader's language."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from goround.web.copies import said
from goround.web.people_words import (
    age_in_words,
    hours_in_words,
    language_name,
    own_name,
    short_day_name,
    wait_in_words,
)
from tests.make import NOON

UTC = ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, "since today"),
        (0, "since today"),
        (1, "1 day"),
        (13, "13 days"),
        (14, "2 weeks"),
        (90, "12 weeks"),
        (91, "3 months"),
        (729, "2 years"),
        (1100, "3 years"),
    ],
)
def test_wait_is_said_in_the_unit_a_person_would_use(days, words):
    assert wait_in_words(NOON - timedelta(days=days), NOON) == words


def test_ages_are_told_apart_where_a_comma_stands_inside_a_number():
    with translation.override("es"):
        assert said((7.5, 9.0), UTC) == "7,5; 9"


def test_languages_and_days_follow_the_reader():
    assert (language_name("es"), short_day_name("mon")) == ("Spanish", "Mon")
    with translation.override("es"):
        assert language_name("es").lower() == "español"
        assert short_day_name("mon").lower().startswith("lun")
    assert (language_name("es"), short_day_name("mon")) == ("Spanish", "Mon")


@pytest.mark.parametrize(
    ("tag", "name", "own"),
    [
        ("zh", "Chinese", "中文"),
        ("es-MX", "Mexican Spanish", "español de Mexico"),
        ("en-ZZ", "English", "English"),
        ("xx", "xx", "xx"),
    ],
)
def test_language_has_a_name_or_stays_its_tag(tag, name, own):
    assert (language_name(tag), own_name(tag)) == (name, own)


def test_hours_are_gathered_by_day_monday_first():
    spans = ["sat 09:00-12:00", "mon 17:30-20:30", "mon 09:00-12:00"]

    assert hours_in_words(spans) == [
        ("Monday", "09:00–12:00, 17:30–20:30"),
        ("Saturday", "09:00–12:00"),
    ]


@pytest.mark.parametrize(
    ("years", "words"), [(0, "under 1"), (0.5, "under 1"), (3, "3"), (1.5, "1.5")]
)
def test_age_is_said_in_years(years, words):
    assert age_in_words(years) == words
