"""A number wanted by a day, what has come of it so far, and what may be expected by then."""

from goround.domain.targets.projection import (
    LEAST_PARTS,
    Expected,
    dispersion,
    expect,
)

__all__ = ["LEAST_PARTS", "Expected", "dispersion", "expect"]
