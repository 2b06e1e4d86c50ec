from __future__ import annotations

from datetime import date

import pytest

from goround.apps.groups.names import first_free, tidy_alias
from goround.apps.groups.series import first_from, meetings_of, skipping
from goround.apps.groups.words import series_in_words
from goround.domain.calendar.recurrence import Rhythm
from tests.make_groups import make_rule


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (make_rule(), "Every Monday, 18:00–19:30"),
        (make_rule(weekdays=(0, 3)), "Every Monday and Thursday, 18:00–19:30"),
        (
            make_rule("2026-03-03 18:00", Rhythm.EVERY_TWO_WEEKS, until=date(2026, 6, 30)),
            "Every second Tuesday, 18:00–19:30, until 30 June 2026",
        ),
        (
            make_rule("2026-03-03 09:30", Rhythm.EVERY_THREE_WEEKS, minutes=60, count=1),
            "Every three weeks on Tuesday, 09:30–10:30, 1 meeting",
        ),
        (
            make_rule("2026-03-13 18:00", Rhythm.MONTHLY),
            "The second Friday of every month, 18:00–19:30",
        ),
        (
            make_rule("2026-03-31 18:00", Rhythm.MONTHLY, count=10),
            "The last Tuesday of every month, 18:00–19:30, 10 meetings",
        ),
        (make_rule("2026-03-02 23:00"), "Every Monday, 23:00–00:30"),
    ],
)
def test_series_in_words(rule, words):
    assert series_in_words(rule) == words


def test_series_in_words_counts_only_meetings_that_take_place():
    skipped = frozenset({date(2026, 3, 9), date(2026, 3, 10)})

    words = series_in_words(make_rule(count=10), skipped)

    assert words == "Every Monday, 18:00–19:30, 9 meetings"


def test_skipping_a_day_keeps_the_number_of_meetings():
    holiday = frozenset({date(2026, 3, 16)})

    longer = skipping(make_rule(count=3), frozenset(), holiday)
    back = skipping(longer, holiday, frozenset())

    assert meetings_of(longer, holiday) == 3
    assert back == make_rule(count=3)


def test_meetings_of_since_a_day_leaves_out_those_before():
    skipped = frozenset({date(2026, 3, 2), date(2026, 3, 23)})
    rule = make_rule(count=5)  # 2, 9, 16, 23 and 30 March

    assert meetings_of(rule, skipped, since=date(2026, 3, 16)) == 2
    assert meetings_of(make_rule(), skipped) is None


def test_first_from_passes_over_skipped_days():
    skipped = frozenset({date(2026, 3, 9)})

    assert first_from(make_rule(), skipped, date(2026, 3, 3)) == date(2026, 3, 16)
    assert first_from(make_rule(count=1), frozenset(), date(2026, 3, 3)) is None


@pytest.mark.parametrize(
    ("name", "taken", "free"),
    [
        ("Ana", set(), "Ana"),
        ("Ana", {"ana", "ana 2"}, "Ana 3"),
        ("  Ana  B ", {"ana b"}, "Ana B 2"),
        ("Abcdefgh", {"abcdefgh"}, "Abcdef 2"),
    ],
)
def test_first_free(name, taken, free):
    assert first_free(name, taken, longest=8) == free


def test_tidy_alias_keeps_single_spaces_and_the_column_s_length():
    assert tidy_alias("  Calm \n River ") == "Calm River"
    assert len(tidy_alias("x" * 100)) == 60
