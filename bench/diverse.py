"""The most diverse groups: our search on MDGPLIB, beside the best values published.

``python -m bench.diverse --quick`` runs one instance of each family; ``--all`` every one
there is, ``--seeds N`` each so often. Times are the customary ones of the literature, on one
core: 3 s for 120 units, 20 s for 240, 120 s for 480.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench import reference
from goround.domain.matching.compiled import PAIRWISE, is_warm, warm_up
from goround.domain.matching.diverse import read_instance
from goround.domain.matching.diverse_search import solve

DATA = Path(__file__).parent / "data" / "mdgplib"
QUICK = ("Geo_n120_ds_01", "RanInt_n120_ss_01", "RanReal_n120_ds_01")
LARGER = ("Geo_n240_ss_01", "RanReal_n240_ss_01")


class Known(NamedTuple):
    """Best, mean and worst of twenty published runs."""

    best: float
    mean: float
    worst: float


def main(words: Sequence[str] = ()) -> int:
    options = _options(words)
    if not is_warm(PAIRWISE):
        begun = time.perf_counter()
        warm_up(PAIRWISE)
        print(f"diverse: compiled once in {time.perf_counter() - begun:.0f} s")
    known = best_known()
    for name in _chosen(options):
        for seed in range(1, options.seeds + 1):
            print(f"diverse: {_measured(name, seed, known.get(name))}", flush=True)
    return 0


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--seeds", type=int, default=1)
    return parser.parse_args(words)


def _chosen(options: argparse.Namespace) -> list[str]:
    names = sorted(path.name.removesuffix(".txt.gz") for path in DATA.glob("*.txt.gz"))
    if options.all:
        return names
    if options.quick:
        return list(QUICK)
    return [name for name in names if "_n120_" in name or name in LARGER]


def best_known() -> dict[str, Known]:
    """By name of instance."""
    with (DATA / "best_known.csv").open(encoding="utf-8", newline="") as file:
        return {
            f"{row['type']}_n{int(row['n']):03}_{row['sizes']}_{int(row['inst']):02}": Known(
                float(row["tpsdp_best20"]),
                float(row["tpsdp_avg20"]),
                float(row["tpsdp_worst20"]),
            )
            for row in csv.DictReader(file)
        }


def customary_seconds(units: int) -> float:
    return 3.0 if units <= 120 else 20.0 if units <= 240 else 120.0


def _measured(name: str, seed: int, known: Known | None) -> str:
    with gzip.open(DATA / f"{name}.txt.gz", "rt", encoding="utf-8") as file:
        instance = read_instance(file.read())
    seconds = customary_seconds(instance.size)
    begun = time.process_time()
    found = solve(instance, seed=seed, seconds=seconds)
    loops = (time.process_time() - begun) / reference.seconds()
    took = f"{seconds:g} s ({loops:,.0f} reference loops)"
    if known is None:
        return f"{name}, seed {seed}: {found.value:,.3f} in {took}; no value published"
    gap = 1 - found.value / known.best
    rank = "no worse than" if found.value >= known.worst - 1e-6 else "BELOW"
    return (
        f"{name}, seed {seed}: {found.value:,.3f} in {took}; best published {known.best:,.3f}, "
        f"gap {gap:.3%} (their mean {1 - known.mean / known.best:.3%}); "
        f"{rank} their worst of 20, {known.worst:,.3f}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
