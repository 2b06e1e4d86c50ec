"""How long a survey takes, from whole minutes counted for all and kept of nobody."""

from __future__ import annotations

from collections.abc import Mapping

LONGEST = 60


def counted(minutes: Mapping[str, int], took: int) -> dict[str, int]:
    """One more who took so many minutes; who left the page open for an hour counts as an hour."""
    key = str(min(max(took, 1), LONGEST))
    return {**minutes, key: minutes.get(key, 0) + 1}


def usual(minutes: Mapping[str, int], *, at_least: int = 3) -> int | None:
    """Half of them were done by then; None while fewer than ``at_least`` were counted.

    >>> usual({"5": 2, "6": 1, "40": 1})
    5
    """
    total = sum(minutes.values())
    if total < at_least:
        return None
    passed = 0
    for took in sorted(minutes, key=int):
        passed += minutes[took]
        if 2 * passed >= total:
            return int(took)
    return None
