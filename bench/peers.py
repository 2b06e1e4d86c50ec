"""Side by side with others, each on the part of the problem that it knows.

Google's OR-Tools CP-SAT gets the whole model and the same seconds; k-means-constrained
divides points into groups of one size; a peer that is not installed is reported as skipped.

``python -m bench.peers --seconds 60`` gives everybody that long for la-414, ``--small 10``
for the small cases.
"""

from __future__ import annotations

import argparse
import importlib.util
import pickle
import subprocess
import sys
import time
from collections.abc import Sequence

import numpy as np

from bench import reference
from bench.cases import case
from bench.small import small_case
from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.compiled import is_warm, warm_up
from goround.domain.matching.cost import answer_cost
from goround.domain.matching.problem import Problem
from goround.domain.matching.rules import broken_rules
from goround.domain.matching.search import solve
from goround.domain.matching.tables import MILLION

SECONDS, SMALL_S = 60.0, 10.0
# Parents and seed; every second seed has facilitators.
SMALL = ((20, 0), (20, 11), (30, 8), (40, 6), (50, 1), (50, 6))
# Points and the size of each group.
POINTS = ((120, 5), (240, 6), (480, 6))
WORKERS = 2


def main(words: Sequence[str] = ()) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--small", type=float, default=SMALL_S)
    options = parser.parse_args(words)
    if not is_warm():
        warm_up()
    print(f"peers: the reference loop takes {reference.seconds():.3f} s here")
    _beside_groupeng()
    _beside_k_means()
    _beside_cp_sat(options.seconds, options.small)
    return 0


def _beside_groupeng() -> None:
    """It is distributed as a folder of source only; nothing here can run it."""
    print("GroupEng: skipped, no package index has it")


def _beside_cp_sat(seconds: float, small_s: float) -> None:
    if importlib.util.find_spec("ortools") is None:
        print("OR-Tools CP-SAT: skipped, not installed (pip install goround[bench])")
        return
    print(f"OR-Tools CP-SAT, the whole model, {WORKERS} threads; what each placed and its cost")
    for parents, seed in SMALL:
        name = f"{parents} parents, seed {seed}"
        _both(name, small_case(parents, seed=seed), small_s)
    _both("414 parents, no facilitators", case(414, facilitators=False), seconds)
    _both("414 parents and facilitators", case(414), seconds)


def _both(name: str, problem: Problem, seconds: float) -> None:
    """The same seconds for both. CP-SAT's do not count the making of its model."""
    ours = solve(problem, seconds=seconds, seed=1)
    begun = time.perf_counter()
    theirs, proven = _cp_sat(problem, seconds)
    took = time.perf_counter() - begun
    for groups in (ours.groups, theirs):
        if broken := broken_rules(problem, groups):
            raise SystemExit(f"{name}: a rule is broken: {broken[0]}")
    placed, cost = sum(len(group.members) for group in theirs), answer_cost(problem, theirs)
    print(
        f"  {name}, {seconds:g} s: CP-SAT {placed}, {cost:,.1f}"
        f"{' (proven best)' if proven else ''} in {took:.0f} s with its model; "
        f"Goround {ours.placed}, {ours.cost:,.1f}; {_ahead('CP-SAT', cost, ours.cost)}",
        flush=True,
    )


def _cp_sat(problem: Problem, seconds: float) -> tuple[tuple[FormedGroup, ...], bool]:
    asked = pickle.dumps((problem, seconds, WORKERS))
    command = [sys.executable, "-m", "bench.cp_model"]
    done = subprocess.run(command, input=asked, stdout=subprocess.PIPE, check=True)
    found: tuple[tuple[FormedGroup, ...], bool] = pickle.loads(done.stdout)
    return found


def _ahead(other: str, theirs: float, ours: float) -> str:
    """Who costs less, and by how much."""
    if abs(theirs - ours) <= 1e-6 * max(1.0, theirs):
        return "as good as each other"
    first, less, more = ("Goround", ours, theirs) if ours < theirs else (other, theirs, ours)
    return f"{first} is ahead by {more - less:.4g} ({1 - less / more:.2%})"


def _beside_k_means() -> None:
    """Points in a plane into groups of one size: the sum of squares to each group's centre."""
    if importlib.util.find_spec("k_means_constrained") is None:
        print("k-means-constrained: skipped, not installed (pip install goround[bench])")
        return
    if importlib.util.find_spec("goround.domain.matching.diverse_search") is None:
        print("k-means-constrained: skipped, this Goround has no search by pairs")
        return
    print("k-means-constrained: the sum of squared distances to the centres of equal groups")
    for count, size in POINTS:
        points = np.random.default_rng(count).random((count, 2))
        begun = time.perf_counter()
        theirs = _spread(points, _k_means(points, size))
        took = time.perf_counter() - begun
        ours = _spread(points, _divided(points, size, took))
        print(
            f"  {count} points by {size}, {took:.2f} s: k-means-constrained {theirs:.4f}, Goround "
            f"{ours:.4f}; {_ahead('k-means-constrained', theirs, ours)}",
            flush=True,
        )


def _k_means(points: np.ndarray, size: int) -> list[list[int]]:
    from k_means_constrained import KMeansConstrained  # noqa: PLC0415 - may be absent

    count = len(points) // size
    model = KMeansConstrained(count, size_min=size, size_max=size, random_state=1, n_init=10)
    label = model.fit_predict(points)
    return [np.flatnonzero(label == number).tolist() for number in range(count)]


def _divided(points: np.ndarray, size: int, seconds: float) -> list[list[int]]:
    """With the same kernels as parents: in groups of one size, squares to the centre add up
    to the squares between members by the size, so what is as large as possible is their lack.
    """
    from goround.domain.matching.diverse import Instance  # noqa: PLC0415 - as above
    from goround.domain.matching.diverse_search import solve as divide  # noqa: PLC0415

    apart = ((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2)
    lack = np.round((apart.max() - apart) * MILLION).astype(np.int64)
    np.fill_diagonal(lack, 0)
    count = len(points) // size
    instance = Instance((size,) * count, (size,) * count, lack)
    return [list(group) for group in divide(instance, seed=1, seconds=seconds).groups]


def _spread(points: np.ndarray, groups: Sequence[Sequence[int]]) -> float:
    inside = [points[list(group)] for group in groups]
    return float(sum(((here - here.mean(axis=0)) ** 2).sum() for here in inside))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
