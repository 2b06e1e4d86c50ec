"""How well the items of a subscale hang together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

from goround.domain.change.findings import Interval, Reliability
from goround.domain.change.study import Items

CONFIDENCE = 0.95


def reliability(answers: Sequence[Items], *, least: int) -> Reliability | None:
    """Cronbach's alpha with Feldt's interval, of those who answered every item.

    None with fewer than ``least`` of them, with one item, or when nobody's answers vary.
    """
    whole = [items for items in answers if None not in items]
    if len(whole) < max(least, 2) or len(whole[0]) < 2:
        return None
    rows = np.array(whole, float)
    people, items = rows.shape
    total = float(rows.sum(axis=1).var(ddof=1))
    if total < 1e-12:
        return None
    parts = float(rows.var(axis=0, ddof=1).sum())
    alpha = items / (items - 1) * (1 - parts / total)
    df1, df2 = people - 1, (people - 1) * (items - 1)
    tail = (1 - CONFIDENCE) / 2
    low = 1 - (1 - alpha) * float(stats.f.ppf(1 - tail, df1, df2))
    high = 1 - (1 - alpha) * float(stats.f.ppf(tail, df1, df2))
    return Reliability(alpha, Interval(low, high), people, items)
