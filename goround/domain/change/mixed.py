"""Several groups, or several waves: a linear mixed model, fitted by restricted likelihood.

score = wave + group + person + the group's own swing at that wave + error, all but the wave at
random. The swing is what makes the interval honest when some groups gain more than others.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from statsmodels.regression.mixed_linear_model import MixedLM, MixedLMResults, VCSpec
from statsmodels.tools.sm_exceptions import ConvergenceWarning

from goround.domain.change.findings import Change, Doubt, Method
from goround.domain.change.paired import tested

# A part of the spread is nothing when its root is below this part of the error's, as in lme4.
NOTHING = 1e-4

Score = tuple[int, int, int, float]  # person, group, wave, score


def mixed(scores: Sequence[Score]) -> dict[int, Change] | Doubt:
    """The change of each later wave from the first, or why the model says nothing.

    Degrees of freedom are the groups less one: few groups give a wide interval, and it should be.
    The error is that of generalised least squares at the fitted variances.
    """
    people, groups, waves = (np.array([row[part] for row in scores]) for part in range(3))
    score = np.array([row[3] for row in scores], float)
    later = sorted(set(waves.tolist()) - {0})
    fixed = np.column_stack([np.ones(len(score)), *(waves == wave for wave in later)]).astype(float)
    fitted = _fit(score, fixed, people, groups, waves)
    if isinstance(fitted, Doubt):
        return fitted
    means, errors = _least_squares(score, fixed, (groups, people, waves), _spread(fitted))
    df = float(len(set(groups.tolist())) - 1)
    return {
        wave: tested(float(means[place]), float(errors[place]), df, Method.MIXED)
        for place, wave in enumerate(later, start=1)
    }


def _fit(
    score: np.ndarray, fixed: np.ndarray, people: np.ndarray, groups: np.ndarray, waves: np.ndarray
) -> MixedLMResults | Doubt:
    names, columns = [], []
    for labels in (people, waves):
        parts = [_indicators(labels[groups == group]) for group in np.unique(groups)]
        names.append([own for own, _column in parts])
        columns.append([column for _own, column in parts])
    model = MixedLM(
        score,
        fixed,
        groups,
        exog_re=np.ones((len(score), 1)),
        exog_vc=VCSpec(["person", "swing"], names, columns),
    )
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            fitted = model.fit(reml=True, method="bfgs", gtol=1e-9, maxiter=500)
        except (np.linalg.LinAlgError, ValueError):
            return Doubt.NOT_FITTED
    if _at_the_edge(fitted):
        return Doubt.SINGULAR
    doubted = any(issubclass(warning.category, ConvergenceWarning) for warning in told)
    return Doubt.NOT_FITTED if doubted or not fitted.converged else fitted


def _at_the_edge(fitted: MixedLMResults) -> bool:
    """Whether some part of the spread came out as nothing, or as no number."""
    parts = np.array(_spread(fitted))
    return not bool(np.isfinite(parts).all() and parts.min() >= NOTHING**2 * parts[-1] > 0)


def _indicators(labels: np.ndarray) -> tuple[list[str], np.ndarray]:
    own = np.unique(labels)
    return [str(label) for label in own], (labels[:, None] == own).astype(float)


def _spread(fitted: MixedLMResults) -> tuple[float, float, float, float]:
    """Variances of group, person, swing and error."""
    person, swing = fitted.vcomp
    return float(fitted.cov_re[0, 0]), float(person), float(swing), float(fitted.scale)


def _least_squares(
    score: np.ndarray,
    fixed: np.ndarray,
    labels: tuple[np.ndarray, np.ndarray, np.ndarray],
    spread: tuple[float, float, float, float],
) -> tuple[np.ndarray, np.ndarray]:
    """The fixed parts and their errors, group by group.

    statsmodels' own errors also carry what the variances are unsure by, as no other program's do.
    """
    groups, people, waves = labels
    of_group, of_person, of_swing, rest = spread
    information = np.zeros((fixed.shape[1], fixed.shape[1]))
    weighted = np.zeros(fixed.shape[1])
    for group in np.unique(groups):
        here = groups == group
        alike = people[here][:, None] == people[here]
        at_once = waves[here][:, None] == waves[here]
        varies = of_group + of_person * alike + of_swing * at_once + rest * np.eye(here.sum())
        solved = np.linalg.solve(varies, np.column_stack([fixed[here], score[here]]))
        information += fixed[here].T @ solved[:, :-1]
        weighted += fixed[here].T @ solved[:, -1]
    covariance = np.linalg.inv(information)
    return covariance @ weighted, np.sqrt(np.diag(covariance))
