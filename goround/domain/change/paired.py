"""Changes of people in one group, their size, and who is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import special, stats

from goround.domain.change.findings import Change, Effect, Interval, Method, Missing
from goround.domain.change.study import Pair

CONFIDENCE = 0.95


def within(mean: float, error: float, df: float) -> Interval:
    """The interval of an estimate whose error is Student's t with these degrees of freedom."""
    reach = float(stats.t.ppf(0.5 + CONFIDENCE / 2, df)) * error
    return Interval(mean - reach, mean + reach)


def tested(mean: float, error: float, df: float, method: Method) -> Change:
    """An estimate with its interval and two-sided p; without both when nothing varied."""
    if not error > 0 or not df > 0:
        return Change(mean, None, None, None, None, method)
    p = 2 * float(stats.t.sf(abs(mean) / error, df))
    return Change(mean, within(mean, error, df), error, df, p, method)


def paired(pairs: Sequence[Pair]) -> Change:
    """The mean of the changes with Student's t over n - 1."""
    changes = np.array([pair.change for pair in pairs])
    return tested(float(changes.mean()), _error(changes), float(len(changes) - 1), Method.PAIRED)


def _error(changes: np.ndarray) -> float:
    """The standard error of the mean; 0 where all changes are the same but for rounding."""
    spread = float(changes.std(ddof=1))
    return 0.0 if spread < 1e-9 else spread / len(changes) ** 0.5


def hedges(df: float) -> float:
    """What takes the bias out of a standardised mean difference (Hedges 1981), exactly.

    >>> round(hedges(10), 4)
    0.9228
    """
    half = df / 2
    return float(np.exp(special.gammaln(half) - special.gammaln(half - 0.5)) / np.sqrt(half))


def effect(pairs: Sequence[Pair], change: Change) -> Effect | None:
    """d_av: the change over the root of the mean of the two variances, by Hedges' correction.

    The interval is Bonett's (2008) for a paired design with unequal variances, corrected in the
    same way. With several groups the error of the change takes the place of that of the mean of
    the changes, and t with its degrees of freedom that of the normal curve, so the interval is as
    wide as the change's own. None when nobody's scores vary.
    """
    before = np.array([pair.before for pair in pairs])
    after = np.array([pair.after for pair in pairs])
    df = len(pairs) - 1
    v1, v2 = float(before.var(ddof=1)), float(after.var(ddof=1))
    s2 = (v1 + v2) / 2
    if s2 < 1e-12 or change.error is None or change.df is None or df < 2:
        return None
    both = float(np.cov(before, after)[0, 1])
    d = change.mean / s2**0.5
    if change.method is Method.PAIRED:
        mean_part, reach = (v1 + v2 - 2 * both) / df, float(stats.norm.ppf(0.5 + CONFIDENCE / 2))
    else:
        mean_part, reach = change.error**2, float(stats.t.ppf(0.5 + CONFIDENCE / 2, change.df))
    spread = d**2 * (v1**2 + v2**2 + 2 * both**2) / (8 * df * s2**2)
    error = (spread + mean_part / s2) ** 0.5
    j = hedges(df)
    return Effect(j * d, Interval(j * (d - reach * error), j * (d + reach * error)))


def missing_people(
    first: Mapping[int, float], later: Mapping[int, float], *, least: int
) -> Missing:
    """Whether those who did not answer again began elsewhere (Welch's t)."""
    stayed = [first[person] for person in sorted(first.keys() & later.keys())]
    gone = [first[person] for person in sorted(first.keys() - later.keys())]
    only_after = len(later.keys() - first.keys())
    few = min(len(stayed), len(gone)) < max(least, 2)
    if few:
        return Missing(len(stayed), len(gone), only_after, None, None, None, None, None)
    one, other = np.array(gone), np.array(stayed)
    parts = [float(side.var(ddof=1)) / len(side) for side in (one, other)]
    difference = float(one.mean() - other.mean())
    error = sum(parts) ** 0.5
    means = float(other.mean()), float(one.mean())
    if error < 1e-9:
        return Missing(len(stayed), len(gone), only_after, *means, difference, None, None)
    df = sum(parts) ** 2 / sum(
        part**2 / (len(side) - 1) for part, side in zip(parts, (one, other), strict=True)
    )
    welch = tested(difference, error, df, Method.PAIRED)
    return Missing(len(stayed), len(gone), only_after, *means, difference, welch.interval, welch.p)
