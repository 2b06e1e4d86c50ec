"""Run several searches on threads, and look at them from the thread that asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Final

LOOK_EVERY_S: Final = 0.3

# Asked by a search now and then: whether to go on.
GoOn = Callable[[], bool]


def run_together(
    searches: Sequence[Callable[[GoOn], None]],
    threads: int,
    tell: GoOn,
    look: Callable[[bool], None] = lambda is_over: None,
) -> bool:
    """Run all, in order as threads are free; False when ``tell`` said to stop.

    On the caller's own thread, every now and then and at the end, first ``look`` is called with
    whether all are over, then ``tell`` until it says to stop. An error in one stops the others.
    """
    go_on = True
    with ThreadPoolExecutor(threads) as pool:
        running = {pool.submit(search, lambda: go_on) for search in searches}
        try:
            while running:
                done, running = wait(running, LOOK_EVERY_S)
                for search in done:
                    search.result()
                look(not running)
                go_on = go_on and tell()
        except BaseException:
            go_on = False
            raise
    return go_on
