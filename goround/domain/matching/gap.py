"""How far groups can be from the best possible, by their cost and a proven lower bound."""

from __future__ import annotations

from typing import Final

# What rounding may take off a bound that is met exactly: a share of the cost, and a little.
ROUNDING: Final = 2e-6
ROUNDING_KM: Final = 1e-4


def gap(cost: float, lower_bound: float | None) -> float | None:
    """The largest share of the cost that any other groups could save; 0 is proven best.

    None when nothing is proven, and when the cost lies below the bound: then the groups break
    a rule, and the bound is about groups that keep them all.

    >>> gap(1000.0, 950.0), gap(1000.0, 1000.0), gap(1000.0, None)
    (0.05, 0.0, None)
    """
    if lower_bound is None:
        return None
    above, rounding = cost - lower_bound, ROUNDING * abs(cost) + ROUNDING_KM
    if above < -rounding:
        return None
    return 0.0 if above <= rounding else min(1.0, above / cost)
