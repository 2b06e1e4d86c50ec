"""Small cases of all kinds: how often the search finds the proven best, and is the bound true.

``python -m bench.optimum --cases 4 --seconds 10`` takes so many cases of each size, and
searches for so long. Ends with status 1 when a bound lies above a proven best, or an answer
below it: then the bound, the search or the proof is wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from bench import reference
from bench.columns import TooMany
from bench.exact import NotProven, optimum
from bench.small import small_case
from goround.domain.matching.compiled import is_warm, warm_up
from goround.domain.matching.search import solve

SIZES = (12, 20, 30, 40, 50)
CASES = 20
SECONDS = 2.0
PROOF_S = 60.0
# Costs are sums of many floating-point numbers.
SAME = 1e-5


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case. ``best`` is None when nobody knows the best."""

    seed: int
    best: float | None
    relaxed: float
    cost: float
    bound: float | None

    @property
    def is_best(self) -> bool:
        return self.best is not None and self.cost <= self.best + SAME

    @property
    def is_wrong(self) -> bool:
        best = self.cost if self.best is None else self.best
        too_high = self.bound is not None and self.bound > best + SAME
        return too_high or self.cost < best - SAME

    @property
    def above(self) -> float:
        """How far the answer is above the best, as a part of it."""
        return 0.0 if not self.best or self.is_best else self.cost / self.best - 1

    @property
    def below(self) -> float:
        """How far the bound is below the best, as a part of it."""
        return 0.0 if not self.best else max(0.0, 1 - (self.bound or 0.0) / self.best)


def main(words: Sequence[str] = ()) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    options = parser.parse_args(words)
    if not is_warm():
        warm_up()
    loop = reference.seconds()
    print(f"optimum: {options.seconds:g} s a case; the reference loop takes {loop:.3f} s here")
    print(f"{'parents':>8}{'proven':>8}{'found':>8}{'worst above':>13}{'bound below':>13}")
    every: list[Outcome] = []
    for parents in options.sizes:
        seeds = range(options.first, options.first + options.cases)
        found = [_measured(parents, seed, options.seconds) for seed in seeds]
        _say(str(parents), found)
        every += found
    _say("all", every)
    return 1 if any(outcome.is_wrong for outcome in every) else 0


def _measured(parents: int, seed: int, seconds: float) -> Outcome:
    problem = small_case(parents, seed=seed)
    answer = solve(problem, seconds=seconds, seed=1)
    best, relaxed = None, 0.0
    try:
        proven = optimum(problem, seconds=PROOF_S)
        best, relaxed = proven.cost, proven.relaxed
    except (TooMany, NotProven) as why:
        print(f"  {parents} parents, seed {seed}: the best is not proven: {why}", flush=True)
    outcome = Outcome(seed, best, relaxed, answer.cost, answer.lower_bound)
    if outcome.is_wrong or (best is not None and not outcome.is_best):
        print(
            f"  {parents} parents, seed {seed}: {'WRONG: ' if outcome.is_wrong else ''}bound "
            f"{outcome.bound}, relaxation {relaxed:.3f}, best {best}, answer {outcome.cost:.3f}",
            flush=True,
        )
    return outcome


def _say(name: str, found: Sequence[Outcome]) -> None:
    proven = [outcome for outcome in found if outcome.best is not None]
    best = sum(outcome.is_best for outcome in proven)
    above = max((outcome.above for outcome in proven), default=0.0)
    below = sum(outcome.below for outcome in proven) / max(1, len(proven))
    wrong = sum(outcome.is_wrong for outcome in found)
    print(
        f"{name:>8}{len(proven):>8}{best:>8}{above:>13.3%}{below:>13.3%}"
        f"{f'   {wrong} WRONG' if wrong else ''}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
