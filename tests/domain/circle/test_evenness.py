"""The one figure that may outlive a meeting."""

from __future__ import annotations

import doctest
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.domain.circle import evenness as module
from goround.domain.circle.commands import Begin, Finish, Leading, Pass
from goround.domain.circle.evenness import evenness, evenness_of
from goround.domain.circle.facts import Circle, Seat
from goround.domain.circle.rules import carry_out

TIMES = st.lists(st.floats(0.1, 3600), min_size=3, max_size=12)


def test_examples_in_the_text_hold():
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ([100, 100, 100, 100], 1.0),
        ([0, 0, 0, 100], 0.0),
        # By the mean of all differences: |60-120| + |60-180| + |120-180| = 240 over pairs.
        ([60, 120, 180], 1 - 240 / (2 * 360)),
        ([100, 0, 100], 0.5),
    ],
)
def test_evenness_of_known_times(seconds, expected):
    assert evenness(seconds) == pytest.approx(expected)


@pytest.mark.parametrize("seconds", [[], [60], [60, 50], [0, 0, 0]])
def test_evenness_is_unknown_for_few_people_or_no_time(seconds):
    assert evenness(seconds) is None


@given(TIMES)
def test_evenness_equals_the_mean_of_all_differences(seconds):
    """Gini a second way: half the mean absolute difference, relative to the mean."""
    count, mean = len(seconds), sum(seconds) / len(seconds)
    pairs = sum(abs(a - b) for a in seconds for b in seconds) / (count * (count - 1))

    assert evenness(seconds) == pytest.approx(1 - pairs / (2 * mean), abs=1e-9)


@given(TIMES, st.floats(0.01, 100))
def test_evenness_does_not_depend_on_the_unit_or_the_order(seconds, factor):
    again = evenness([second * factor for second in reversed(seconds)])

    assert again == pytest.approx(evenness(seconds), abs=1e-9)


def test_who_passed_is_left_out():
    leads, at = Leading("a"), datetime(2026, 3, 4, 18, 0, tzinfo=UTC)
    circle = Circle(seats=tuple(Seat(seat) for seat in (1, 2, 3, 4)), leader="a")
    commands = [Begin("0", 0), Finish("1", 1), Finish("2", 2), Pass("3", 3), Finish("4", 4)]
    for step, command in enumerate([*commands, Pass("5", 5)]):
        circle = carry_out(circle, command, by=leads, at=at + timedelta(minutes=step))

    assert evenness_of(circle) == 1.0
