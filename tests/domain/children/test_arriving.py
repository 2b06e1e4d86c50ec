"""What a late mark means: the same evening told twice is one evening, whoever tells it first."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from goround.domain.children.arriving import Stay, Verdict, coming, going
from tests.make import NOON


def at(minutes: int):
    return NOON + timedelta(minutes=minutes)


def test_first_coming_is_new():
    assert coming([], at=at(0)) is Verdict.NEW


def test_coming_while_here_was_said():
    assert coming([Stay(at(0))], at=at(5)) is Verdict.SAID


def test_coming_before_a_stay_that_ended_later_was_said():
    assert coming([Stay(at(2), at(60))], at=at(0)) is Verdict.SAID


def test_coming_back_is_new():
    assert coming([Stay(at(0), at(30))], at=at(40)) is Verdict.NEW


def test_going_ends_the_stay():
    assert going([Stay(at(0))], at=at(60), same_adult=False) == (Verdict.NEW, Stay(at(0)))


def test_going_with_another_adult_differs():
    stay = Stay(at(0), at(58))
    assert going([stay], at=at(60), same_adult=False) == (Verdict.DIFFERS, stay)
    assert going([stay], at=at(60), same_adult=True) == (Verdict.SAID, stay)


def test_going_without_having_come_is_for_a_person():
    assert going([Stay(at(70))], at=at(60), same_adult=True) == (Verdict.NOT_IN, None)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(1, 20), st.integers(1, 20)), max_size=4), st.integers(-3, 3))
def test_an_evening_told_by_a_second_device_adds_no_stay(gaps, skew):
    """Each stay told again with a clock a little off: nothing new, as long as stays are longer."""
    stays, now = [], 0
    for length, pause in gaps:
        stays.append(Stay(at(now), at(now + length * 10)))
        now += length * 10 + pause * 10
    for stay in stays:
        assert coming(stays, at=stay.came + timedelta(minutes=skew)) is Verdict.SAID
        verdict, found = going(stays, at=stay.went + timedelta(minutes=skew), same_adult=True)
        assert (verdict, found) == (Verdict.SAID, stay)
