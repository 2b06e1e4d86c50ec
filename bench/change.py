"""How often the intervals of change hold the truth, where the truth is known because we made it.

A 95 % interval should hold it in 95 of 100 samples: fewer, and a report is too sure of itself. Each
line gives the share found and, by the number of samples, what chance alone would allow.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable

import numpy as np

from goround.domain.change import Change, Followed, Items, Pair, Sitting
from goround.domain.change.alpha import reliability
from goround.domain.change.clustered import clustered
from goround.domain.change.measuring import mean_change, outcomes
from goround.domain.change.mixed import mixed
from goround.domain.change.paired import effect, missing_people, paired
from tests.domain.change import invented

Rng = np.random.Generator
SEED = 20260304
ALPHA = 0.8


def main() -> int:
    rng = np.random.default_rng(SEED)
    held = [
        _changes("one group of 12, Student's t", rng, 10_000, _group(12), paired),
        _changes("one group of 40, Student's t", rng, 10_000, _group(40), paired),
        _changes("8 groups, as a report chooses", rng, 400, _groups(8), mean_change),
        _changes("4 groups, CR2", rng, 5_000, _groups(4), clustered),
        _changes("20 groups, CR2", rng, 2_000, _groups(20), clustered),
        _waves(rng, 200),
        _alpha(rng, 10_000),
        _missing(rng, 5_000),
    ]
    _naive(rng)
    _large(rng)
    return 0 if all(held) else 1


def _group(people: int) -> Callable[[Rng], list[Pair]]:
    return lambda rng: invented.group_of_pairs(rng, people)


def _groups(number: int) -> Callable[[Rng], list[Pair]]:
    return lambda rng: invented.groups_of_pairs(rng, groups=number)


def _say(name: str, held: int, times: int) -> bool:
    """Print one share; whether it is as low as chance allows in one of 10,000 tries, or better."""
    share, reach = held / times, 3.72 * (0.95 * 0.05 / times) ** 0.5
    low = 0.95 - reach
    print(f"   {name:48} {share:6.1%} of {times:6,}  (chance: from {low:.1%})", flush=True)
    return share >= low


def _changes(
    name: str,
    rng: Rng,
    times: int,
    make: Callable[[Rng], list[Pair]],
    measure: Callable[[list[Pair]], Change],
) -> bool:
    found = sized = 0
    methods: Counter[str] = Counter()
    total = 0.0
    for _ in range(times):
        pairs = make(rng)
        several = len({pair.group for pair in pairs}) > 1
        change = measure(pairs)
        size = effect(pairs, change)
        assert change.interval
        assert size
        methods[change.doubt or change.method] += 1
        total += change.mean
        found += change.interval.holds(invented.CHANGE)
        sized += size.interval.holds(invented.CHANGE / invented.spread(several=several))
    held = [_say(f"{name}: change", found, times), _say(f"{name}: effect size", sized, times)]
    told = ", ".join(f"{method} {number:,}" for method, number in methods.most_common())
    print(f"      mean {total / times:.3f}, truly {invented.CHANGE}; {told}", flush=True)
    return all(held)


def _waves(rng: Rng, times: int) -> bool:
    """Three waves in eight groups, a fifth of the later answers missing."""
    found = tested = 0
    for _ in range(times):
        pairs = invented.groups_of_pairs(rng)
        sittings = [s for s in invented.sittings(pairs) if s.wave == 0 or rng.random() > 0.2]
        sittings += [
            Sitting(p.person, p.group, 2, p.after + float(rng.normal(0, 0.6)))
            for p in pairs
            if rng.random() > 0.2
        ]
        for outcome in outcomes([Followed("s", tuple(sittings))]):
            if outcome.change and outcome.change.interval:
                tested += 1
                found += outcome.change.interval.holds(invented.CHANGE)
    return _say("three waves, as a report chooses", found, tested)


def _alpha(rng: Rng, times: int) -> bool:
    """Five items that are alike, as Feldt supposes."""
    items, found = 5, 0
    noise = (items * (1 - ALPHA) / ALPHA) ** 0.5
    for _ in range(times):
        answers = rng.normal(size=(30, 1)) + rng.normal(0, noise, (30, items))
        rows: list[Items] = [tuple(row) for row in answers.tolist()]
        hangs = reliability(rows, least=10)
        assert hangs
        found += hangs.interval.holds(ALPHA)
    return _say("alpha, 30 people, 5 items", found, times)


def _missing(rng: Rng, times: int) -> bool:
    """People who do not differ, said not to."""
    found = 0
    for _ in range(times):
        first = dict(enumerate(rng.normal(4, 1, 45).tolist()))
        found += missing_people(first, dict.fromkeys(range(30), 4.0), least=10).differ is False
    return _say("missing people who are no different", found, times)


def _naive(rng: Rng) -> None:
    """What leaving the groups out of it would do, and why nobody should."""
    times, found = 2_000, 0
    for _ in range(times):
        interval = paired(invented.groups_of_pairs(rng)).interval
        found += interval is not None and interval.holds(invented.CHANGE)
    print(f"   {'for comparison: 8 groups, groups ignored':48} {found / times:6.1%} of {times:6,}")


def _large(rng: Rng) -> None:
    """How long a large organisation's report takes: the sums of one subscale."""
    pairs = invented.groups_of_pairs(rng, groups=400)
    scores = [(p.person, p.group, 0, p.before) for p in pairs]
    scores += [(p.person, p.group, 1, p.after) for p in pairs]
    begun = time.perf_counter()
    mixed(scores)
    took = time.perf_counter() - begun
    print(f"   one subscale, {len(pairs):,} parents in 400 groups: {took:.1f} s")


if __name__ == "__main__":
    sys.exit(main())
