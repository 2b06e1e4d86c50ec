"""A fixed loop in plain Python: how fast is this machine, so that times can be compared."""

from __future__ import annotations

import time


def seconds() -> float:
    """Seconds of processor time that the quickest of five runs took."""
    return min(_once() for _ in range(5))


def _once() -> float:
    begun = time.process_time()
    total = 0
    for number in range(500_000):
        total += number * number % 7
    if not total:
        raise AssertionError("the loop was taken away")
    return time.process_time() - begun
