"""What changed for parents, with how sure we are of it; declines as plainly as gains.

``study`` and ``findings`` are words only. ``measuring`` does the sums, with SciPy and statsmodels:
import it where the sums are done, in the background, and no page pays for it.
"""

from goround.domain.change.findings import (
    Change,
    Doubt,
    Effect,
    Interval,
    Method,
    Missing,
    Moved,
    Outcome,
    Reliability,
)
from goround.domain.change.study import (
    LEAST_PAIRS,
    Design,
    Followed,
    Items,
    Pair,
    Recall,
    Recalled,
    Sitting,
    Study,
    StudyError,
)

__all__ = [
    "LEAST_PAIRS",
    "Change",
    "Design",
    "Doubt",
    "Effect",
    "Followed",
    "Interval",
    "Items",
    "Method",
    "Missing",
    "Moved",
    "Outcome",
    "Pair",
    "Recall",
    "Recalled",
    "Reliability",
    "Sitting",
    "Study",
    "StudyError",
]
