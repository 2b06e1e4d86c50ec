import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from goround.domain.targets import dispersion, expect
from goround.domain.targets.projection import _Coming

months = st.lists(st.integers(0, 12), min_size=3, max_size=30)
few = settings(max_examples=40)


def coverage(draw, *, plans: int = 400, seen: int = 15, ahead: int = 15) -> float:
    """How often the interval held what then came; ``draw`` gives the counts of all months."""
    held = 0
    for _ in range(plans):
        counts = [int(number) for number in draw(seen + ahead)]
        told = expect(counts[:seen], ahead=ahead, wanted=100)
        held += told.low <= sum(counts) <= told.high
    return held / plans


def test_interval_holds_what_came_in_nine_of_ten_plans_of_a_steady_network():
    rng = np.random.default_rng(100)

    assert 0.88 <= coverage(lambda n: rng.poisson(3.3, n)) <= 0.97


def test_interval_holds_what_came_when_groups_begin_in_clusters():
    rng = np.random.default_rng(101)

    # Mean 3.3, variance three times that.
    assert 0.85 <= coverage(lambda n: rng.negative_binomial(1.65, 1 / 3, n)) <= 0.97


def test_interval_without_dispersion_would_miss_clusters():
    """The control: what the widening is for."""
    rng = np.random.default_rng(101)
    held = 0
    for _ in range(400):
        counts = rng.negative_binomial(1.65, 1 / 3, 30)
        mean = float(counts[:15].sum() + 0.5)
        plain = stats.nbinom(mean, 0.5)
        held += plain.ppf(0.05) <= counts[15:].sum() <= plain.ppf(0.95)

    assert held / 400 < 0.8


@pytest.mark.parametrize(("mean", "variance"), [(0.4, 0.6), (33.0, 70.0), (400.0, 4000.0)])
def test_coming_agrees_with_scipy(mean, variance):
    size = mean**2 / (variance - mean)
    theirs = stats.nbinom(size, size / (size + mean))

    ours = _Coming(mean, variance)

    for share in (0.05, 0.5, 0.95):
        assert ours.quantile(share) == theirs.ppf(share)
    assert ours.up_to(int(mean)) == pytest.approx(theirs.cdf(int(mean)), abs=1e-9)


@few
@given(months, st.floats(0.1, 30), st.integers(1, 200))
def test_expected_is_in_order_and_keeps_what_is_there(begun, ahead, wanted):
    told = expect(begun, ahead=ahead, wanted=wanted)

    assert sum(begun) == told.so_far <= told.low <= told.middle <= told.high
    assert 0 <= told.chance <= 1


@few
@given(months, st.floats(0.5, 30))
def test_more_time_brings_no_fewer(begun, ahead):
    sooner = expect(begun, ahead=ahead / 2, wanted=100)
    later = expect(begun, ahead=ahead, wanted=100)

    assert sooner.middle <= later.middle
    assert sooner.high <= later.high
    assert sooner.chance <= later.chance + 1e-9


@few
@given(months)
def test_order_of_months_does_not_matter(begun):
    assert expect(begun, ahead=6, wanted=50) == expect(begun[::-1], ahead=6, wanted=50)


def test_at_the_end_there_is_nothing_to_expect():
    told = expect([30, 40, 30], ahead=0, wanted=100)

    assert (told.low, told.high, told.chance) == (100, 100, 1.0)
    assert expect([30, 40, 29], ahead=0, wanted=100).chance == 0.0


def test_two_months_are_too_few():
    assert expect([3, 4], ahead=12, wanted=100) is None


def test_dispersion_of_nothing_is_a_poissons():
    assert dispersion([0, 0, 0]) == 1.0
