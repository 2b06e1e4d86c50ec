"""Parts of a whole, and ages in bands."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.domain.privacy import BANDS, Share, age_band


def test_share_of_the_source_is_fifteen_percent():
    share = Share(62, 414)

    assert (str(share.percent), share.total) == ("15.0", 414)


@pytest.mark.parametrize(
    ("numerator", "denominator", "percent"),
    [
        (0, 7, "0.0"),
        (7, 7, "100.0"),
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (1, 2000, "0.1"),
        (1, 2001, "0.0"),
        (1, 800, "0.1"),
        (3, 800, "0.4"),
    ],
)
def test_percent_rounds_half_up(numerator, denominator, percent):
    assert str(Share(numerator, denominator).percent) == percent


def test_share_of_nobody_known_has_no_percent():
    share = Share(0, 0, unknown=5)

    assert (share.percent, share.total) == (None, 5)


def test_unknown_people_are_not_in_the_denominator():
    assert Share(62, 400, unknown=14).percent == Decimal("15.5")


@pytest.mark.parametrize("figures", [(5, 4), (-1, 4), (0, -1), (1, 4, -1)])
def test_impossible_share_is_refused(figures):
    with pytest.raises(ValueError, match=r"no part of a whole|must not be below 0"):
        Share(*figures)


@given(
    st.integers(1, 10**9).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
)
def test_percent_is_the_nearest_tenth(figures):
    percent = Share(*figures).percent

    assert percent is not None
    assert abs(Fraction(percent) - Fraction(100 * figures[0], figures[1])) <= Fraction(1, 20)
    assert percent == percent.quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert 0 <= percent <= 100


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (0, "0-2"),
        (0.5, "0-2"),
        (2.99, "0-2"),
        (3, "3-5"),
        (5.9, "3-5"),
        (6, "6-11"),
        (11.99, "6-11"),
        (12, "12-17"),
        (17.5, "12-17"),
        (18, "18+"),
        (25, "18+"),
    ],
)
def test_age_band_counts_whole_years(age, band):
    assert age_band(age) == band


@pytest.mark.parametrize("age", [-0.1, 121, float("nan"), float("inf")])
def test_age_no_child_has_is_refused(age):
    with pytest.raises(ValueError, match="it must be a number of years from 0 to 120"):
        age_band(age)


@given(st.lists(st.floats(0, 120), min_size=2).map(sorted))
def test_older_never_means_a_younger_band(ages):
    places = [BANDS.index(age_band(age)) for age in ages]

    assert places == sorted(places)
