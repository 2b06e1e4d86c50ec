"""Forming groups: how many are placed, how near to the best possible, how long it takes.

The la-414 case, and invented ones of 4,000 and 40,000 parents with the same marginals.
``--quick`` leaves out the largest and searches for less time, ``--all`` adds 100,000 parents;
``--parents N --seconds S`` measures one size.
"""

from __future__ import annotations

import argparse
import math
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import resources

from bench import reference
from bench.cases import case
from goround.domain.matching import files
from goround.domain.matching.answer import Answer
from goround.domain.matching.compiled import is_warm, warm_up
from goround.domain.matching.gap import gap
from goround.domain.matching.problem import Policy, Problem
from goround.domain.matching.rules import broken_rules
from goround.domain.matching.search import Progress, solve

LA = 414
ALL = ((LA, 10), (LA, 60), (4_000, 120), (40_000, 300))
QUICK = ((LA, 5), (4_000, 20))
LARGEST = (100_000, 600)
MOVES_PER_PARENT = 250


def main(words: Sequence[str] = ()) -> int:
    """Every size in a process of its own, so that its peak of memory is its own."""
    options = _options(words)
    if options.parents:
        _measure(options.parents, options.seconds, led=not options.unled)
        return 0
    if not is_warm():
        begun = time.perf_counter()
        warm_up()
        print(f"formation: compiled once in {time.perf_counter() - begun:.0f} s")
    print(f"formation: the reference loop takes {reference.seconds():.3f} s here")
    _in_its_own(LA, 10, "--unled")
    for parents, seconds in QUICK if options.quick else ALL:
        _in_its_own(parents, seconds)
    if options.all:
        _in_its_own(*LARGEST)
    _growth()
    return 0


def _in_its_own(parents: int, seconds: float, *more: str) -> None:
    one = ["--parents", str(parents), "--seconds", str(seconds), *more]
    subprocess.run([sys.executable, "-m", "bench.formation", *one], check=True)


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--parents", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--unled", action="store_true", help="groups without facilitators")
    return parser.parse_args(words)


def la_414(*, led: bool) -> Problem:
    """The case that the demo network also uses."""
    folder = resources.files("goround.apps.demo.data") / "la-414"

    def lines(name: str) -> list[str]:
        return (folder / name).read_text(encoding="utf-8").splitlines(keepends=True)

    leaders = files.read_facilitators(lines("facilitators.csv")).rows if led else []
    return Problem(
        tuple(files.read_parents(lines("parents.csv")).rows),
        tuple(files.read_venues(lines("venues.csv")).rows),
        tuple(leaders),
        Policy(facilitators=2 if led else 0),
    )


def _problem(parents: int, *, led: bool) -> Problem:
    return la_414(led=led) if parents == LA else case(parents, facilitators=led)


@dataclass
class _Watch:
    """When the first legal answer stood."""

    first: float | None = None

    def __call__(self, progress: Progress) -> bool:
        if progress.phase != "building" and self.first is None:
            self.first = progress.seconds
        return True


def _measure(parents: int, seconds: float, *, led: bool) -> None:
    problem, watch = _problem(parents, led=led), _Watch()
    begun = time.process_time()
    answer = solve(problem, seconds=seconds, seed=1, progress=watch)
    took = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"formation: {parents:,} parents{'' if led else ' without facilitators'}, {seconds:g} s: "
        f"{answer.placed:,} placed ({answer.placed / parents:.1%}), cost {answer.cost:,.0f}, "
        f"proven at least {answer.lower_bound or 0:,.0f}, gap {_gap(answer)}; first answer after "
        f"{watch.first or 0:.1f} s, all in {answer.seconds:.1f} s "
        f"({took / reference.seconds():,.0f} reference loops), {peak:,.0f} MB, "
        f"{len(broken_rules(problem, answer.groups))} rules broken",
        flush=True,
    )
    if parents <= 4_000:
        _search_again(problem, answer, seconds)


def _gap(answer: Answer) -> str:
    found = gap(answer.cost, answer.lower_bound)
    return "not proven" if found is None else f"{found:.2%}"


def _search_again(problem: Problem, answer: Answer, seconds: float) -> None:
    """One parent in fifty withdraws; from the groups there were, in a tenth of the time."""
    smaller = replace(
        problem, parents=tuple(row for number, row in enumerate(problem.parents) if number % 50)
    )
    again = solve(smaller, seconds=seconds / 10, seed=1, start=answer, prove=False)
    anew = solve(smaller, seconds=seconds, seed=2, prove=False)
    print(
        f"formation:   one in fifty withdraws: {again.placed:,} placed at {again.cost:,.0f} from "
        f"the groups there were, in a tenth of the time; {anew.placed:,} at {anew.cost:,.0f} anew "
        f"({again.cost / anew.cost - 1:+.2%})",
        flush=True,
    )


def _growth() -> None:
    """How the time to equal quality grows: the same moves for each parent, at three sizes."""
    sizes, took, share = (2_000, 4_000, 8_000), [], []
    for parents in sizes:
        problem = case(parents)
        begun = time.process_time()
        answer = solve(
            problem, seconds=0, seed=1, iterations=MOVES_PER_PARENT * parents, prove=False
        )
        took.append(time.process_time() - begun)
        share.append(answer.cost / parents)
    slope = math.log(took[-1] / took[0]) / math.log(sizes[-1] / sizes[0])
    print(
        f"formation: {MOVES_PER_PARENT} moves a parent: time grows as n^{slope:.2f} from "
        f"{sizes[0]:,} to {sizes[-1]:,}; cost a parent {', '.join(f'{one:.1f}' for one in share)}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
