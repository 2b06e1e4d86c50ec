"""The mean change with an error that allows for people of one group being alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from goround.domain.change.findings import Change, Method
from goround.domain.change.paired import tested
from goround.domain.change.study import Pair


def clustered(pairs: Sequence[Pair]) -> Change:
    """Bias-reduced linearisation (CR2) and its Satterthwaite degrees of freedom.

    After Bell & McCaffrey (2002), for a mean: each group's residuals are widened by what the group
    itself took out of them. With groups of one size this is t over the groups less one.
    """
    changes = np.array([pair.change for pair in pairs])
    names = np.array([pair.group for pair in pairs])
    people, mean = len(changes), float(changes.mean())
    found, place = np.unique(names, return_inverse=True)
    size = np.bincount(place).astype(float)
    sums = np.bincount(place, weights=changes - mean)
    if len(found) < 2 or float(np.abs(sums).max()) < 1e-9:
        return Change(mean, None, None, None, None, Method.CLUSTERED)
    wider = 1 / (1 - size / people)
    error = float(np.sqrt((wider * sums**2).sum())) / people
    return tested(mean, error, _degrees(size, wider), Method.CLUSTERED)


def _degrees(size: np.ndarray, wider: np.ndarray) -> float:
    root = np.sqrt(wider)
    spread = np.outer(root, root) * (np.diag(size) - np.outer(size, size) / size.sum())
    return float(np.trace(spread) ** 2 / (spread**2).sum())
