"""Forming groups of 414, 4,000 and 40,000 invented parents: how many, how well, how long.

``python -m bench.formation --quick`` leaves out the largest and searches for less time;
``--parents N --seconds S`` measures one size.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Sequence

from bench import reference
from bench.cases import case
from goround.domain.matching.compiled import is_warm, warm_up
from goround.domain.matching.rules import broken_rules
from goround.domain.matching.search import Progress, solve

ALL = ((414, 10), (414, 60), (4_000, 60), (40_000, 300))
QUICK = ((414, 5), (4_000, 20))


def main(words: Sequence[str] = ()) -> int:
    """Every size in a process of its own, so that its peak of memory is its own."""
    options = _options(words)
    if options.parents:
        _measure(options.parents, options.seconds)
        return 0
    if not is_warm():
        begun = time.perf_counter()
        warm_up()
        print(f"formation: compiled once in {time.perf_counter() - begun:.0f} s")
    print(f"formation: the reference loop takes {reference.seconds():.3f} s here")
    for parents, seconds in QUICK if options.quick else ALL:
        one = ["--parents", str(parents), "--seconds", str(seconds)]
        subprocess.run([sys.executable, "-m", "bench.formation", *one], check=True)
    return 0


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--parents", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=10)
    return parser.parse_args(words)


def _measure(parents: int, seconds: float) -> None:
    problem = case(parents)
    first: list[float] = []

    def watch(progress: Progress) -> bool:
        if progress.phase != "building" and not first:
            first.append(progress.seconds)
        return True

    begun = time.process_time()
    answer = solve(problem, seconds=seconds, seed=1, progress=watch)
    took = time.process_time() - begun
    broken = broken_rules(problem, answer.groups)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"formation: {parents:,} parents in {seconds:g} s: {answer.placed:,} placed "
        f"({answer.placed / parents:.1%}), cost {answer.cost:,.0f}, proven at least "
        f"{answer.lower_bound or 0:,.0f}; first answer after {first[0]:.1f} s, all in "
        f"{answer.seconds:.1f} s ({took / reference.seconds():,.0f} reference loops), "
        f"{peak:,.0f} MB, {len(broken)} rules broken",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
