"""How many more will begin, from how many began in each month so far, and how sure that is.

The rate is taken to stay as it was. Under a Poisson process with Jeffreys' prior for the rate,
what comes in a further stretch is negative binomial (Gelman et al., *Bayesian Data Analysis*,
3rd ed., 2.6; as a frequentist prediction interval: Krishnamoorthy and Peng, *Journal of
Statistical Planning and Inference* 141 (2011), 1709-1718). Groups begin in clusters, with a
training or a school term, so the variance is widened by Pearson's dispersion as for a
quasi-Poisson model (McCullagh and Nelder, *Generalized Linear Models*, 2nd ed., 6.2), the
distribution kept negative binomial with this mean and variance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isqrt, lgamma, log

# Months from which a dispersion can be told at all.
LEAST_PARTS = 3
SURE = 0.9


@dataclass(frozen=True, slots=True)
class Expected:
    """In all, by the end: between ``low`` and ``high`` in nine of ten such plans.

    ``chance`` is that of reaching what is wanted.
    """

    so_far: int
    low: int
    middle: int
    high: int
    chance: float


def expect(begun: Sequence[int], *, ahead: float, wanted: int) -> Expected | None:
    """From counts of whole months, what will have begun ``ahead`` months later.

    None before three months are over: a projection would be a guess.
    """
    if len(begun) < LEAST_PARTS:
        return None
    so_far, months = sum(begun), len(begun)
    if ahead <= 0:
        return Expected(so_far, so_far, so_far, so_far, float(so_far >= wanted))
    mean = (so_far + 0.5) * ahead / months
    variance = mean * (1 + ahead / months) * dispersion(begun)
    coming = _Coming(mean, variance)
    tail = (1 - SURE) / 2
    low, middle, high = (coming.quantile(share) for share in (tail, 0.5, 1 - tail))
    missing = wanted - so_far
    chance = 1.0 if missing <= 0 else 1 - coming.up_to(missing - 1)
    return Expected(so_far, so_far + low, so_far + middle, so_far + high, max(chance, 0.0))


def dispersion(begun: Sequence[int]) -> float:
    """Pearson's chi-square by its degrees of freedom, and never less than a Poisson's 1.

    >>> dispersion([2, 2, 2, 2])
    1.0
    >>> dispersion([0, 8, 0, 8])
    5.333333333333333
    """
    months, total = len(begun), sum(begun)
    if not total:
        return 1.0
    # In whole numbers until the end, so that the order of the months is nothing.
    squares = sum((each * months - total) ** 2 for each in begun)
    return max(1.0, squares / (months * total * (months - 1)))


class _Coming:
    """Negative binomial with this mean and a larger variance, as running sums."""

    def __init__(self, mean: float, variance: float) -> None:
        size = mean * mean / (variance - mean)
        fail, hit = log(size / (size + mean)), log(mean / (size + mean))
        # Twenty deviations and more: what is beyond is nothing.
        most = int(mean) + 20 * (isqrt(int(variance)) + 1) + 50
        total, self.sums = 0.0, list[float]()
        for number in range(most + 1):
            ways = lgamma(number + size) - lgamma(size) - lgamma(number + 1)
            total += exp(ways + size * fail + number * hit)
            self.sums.append(min(total, 1.0))

    def up_to(self, number: int) -> float:
        return self.sums[min(number, len(self.sums) - 1)] if number >= 0 else 0.0

    def quantile(self, share: float) -> int:
        reached = (number for number, total in enumerate(self.sums) if total >= share)
        return next(reached, len(self.sums) - 1)
