"""The most diverse groups, on the same kernels as parents: read, searched, judged anew."""

from __future__ import annotations

import math
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goround.domain.matching.compiled import PAIRWISE, Kernels, kernels
from goround.domain.matching.diverse import Instance, InstanceUnreadable, read_instance
from goround.domain.matching.diverse_arena import fill_diverse
from goround.domain.matching.diverse_search import best_sizes, solve
from goround.domain.matching.tables import (
    COUNT,
    G_COST,
    GROUPS,
    MILLION,
    TOTAL,
    U_LOSS,
    UNPLACED,
)

TINY = """6 2 ds 2 4 2 4
0 1 10
0 2 1.5
0 3 1
0 4 1
0 5 1
1 2 1
1 3 1
1 4 1
1 5 1
2 3 20
2 4 1
2 5 1
3 4 1
3 5 1
4 5 30.25
"""


@st.composite
def instances(draw: st.DrawFn, most: int = 9) -> Instance:
    groups = draw(st.integers(1, 3))
    sizes = [draw(st.integers(1, most // groups)) for _ in range(groups)]
    lower = tuple(draw(st.integers(0, size)) for size in sizes)
    upper = tuple(size + draw(st.integers(0, 2)) for size in sizes)
    size = sum(sizes)
    distance = np.zeros((size, size), np.int64)
    for one, other in combinations(range(size), 2):
        distance[one, other] = draw(st.integers(0, 99 * MILLION))
    return Instance(lower, upper, distance + distance.T)


def divisions(instance: Instance) -> list[tuple[int, ...]]:
    """Every legal division, as the group of each."""
    numbers = range(len(instance.lower))
    bounds = list(zip(instance.lower, instance.upper, strict=True))
    return [
        where
        for where in product(numbers, repeat=instance.size)
        if all(low <= where.count(group) <= high for group, (low, high) in enumerate(bounds))
    ]


def worth(instance: Instance, where: tuple[int, ...]) -> int:
    """The sum of distances within groups, pair by pair, in millionths."""
    return sum(
        int(instance.distance[one, other])
        for one, other in combinations(range(instance.size), 2)
        if where[one] == where[other]
    )


def in_groups(groups: tuple[tuple[int, ...], ...], size: int) -> tuple[int, ...]:
    where = {unit: number for number, group in enumerate(groups) for unit in group}
    return tuple(where[unit] for unit in range(size))


def test_reads_sizes_and_distances() -> None:
    instance = read_instance(TINY)

    assert (instance.lower, instance.upper) == ((2, 2), (4, 4))
    assert instance.distance[2, 0] == instance.distance[0, 2] == 1_500_000
    assert instance.value([(0, 1), (4, 5)]) == 40.25


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Line 1 must be"),
        ("6 2 ss 3 3 3", "3 bounds for 2 groups"),
        ("6 2 ss 3 2 3 3", "lower bound above"),
        ("6 2 ss 1 2 1 2", "cannot hold 6"),
        ("2 1 ss 2 2\n0 1", "Line 2 must be"),
        ("2 1 ss 2 2\n0 2 1.0", "Line 2: 0 and 2 are not two of 2"),
        ("2 1 ss 2 2\n\n0 1 nan", "Line 3: nan is no distance"),
    ],
)
def test_says_what_is_wrong_and_where(text: str, said: str) -> None:
    with pytest.raises(InstanceUnreadable, match=said):
        read_instance(text)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(instance=instances(most=7))
def test_small_instances_are_solved_to_the_proven_optimum(instance: Instance) -> None:
    best = max(worth(instance, where) for where in divisions(instance))

    found = solve(instance, seed=4, iterations=1500, compile=False)

    assert found.value == best / MILLION


@settings(max_examples=40, deadline=None, derandomize=True)
@given(instance=instances(most=12), seed=st.integers(0, 99))
def test_everybody_is_in_one_group_of_a_legal_size(instance: Instance, seed: int) -> None:
    found = solve(instance, seed=seed, iterations=1, compile=False)

    assert sorted(unit for group in found.groups for unit in group) == list(range(instance.size))
    for group, low, high in zip(found.groups, instance.lower, instance.upper, strict=True):
        assert low <= len(group) <= high
    judged = worth(instance, in_groups(found.groups, instance.size))
    assert math.isclose(found.value, judged / MILLION)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(instance=instances(most=9))
def test_the_best_sizes_have_most_pairs_within_groups(instance: Instance) -> None:
    pairs = max(
        sum(math.comb(where.count(group), 2) for group in set(where))
        for where in divisions(instance)
    )

    assert sum(math.comb(size, 2) for size in best_sizes(instance)) == pairs


def random_instance(size: int, lower: tuple[int, ...], upper: tuple[int, ...]) -> Instance:
    half = np.triu(np.random.default_rng(7).integers(0, 100 * MILLION, (size, size)), 1)
    return Instance(lower, upper, half + half.T)


def test_a_seed_and_a_number_of_iterations_give_the_same_groups_again() -> None:
    instance = random_instance(24, (4, 4, 4, 4), (8, 8, 8, 8))

    first, again, other = (
        solve(instance, seed=seed, iterations=2000, compile=False) for seed in (1, 1, 2)
    )

    assert first == again
    assert first.groups != other.groups


@pytest.fixture(scope="module")
def compiled() -> Kernels:
    return kernels(compile=True, cost=PAIRWISE)


def test_plain_and_compiled_kernels_take_the_same_steps(compiled: Kernels) -> None:
    instance = random_instance(30, (5, 5, 5), (14, 14, 14))
    arenas = []
    for search in (compiled, kernels(compile=False, cost=PAIRWISE)):
        t = fill_diverse(instance, [0, 1, 2] * 10, seed=5, kept=3).arena
        search.remember(t, 0)
        search.exchange(t, 400, 100.0 * MILLION, 1.0 * MILLION)
        search.remember(t, 1)
        search.cross(t, 0, 1, 2)
        search.exchange(t, 200, 10.0 * MILLION, 1.0 * MILLION)
        arenas.append(t.tolist())

    assert arenas[0] == arenas[1]


def test_ruin_and_recreate_runs_on_a_pairwise_cost_too() -> None:
    instance = random_instance(24, (4, 4, 4, 4), (8, 8, 8, 8))
    t = fill_diverse(instance, [0, 1, 2, 3] * 6, seed=5).arena

    kept = kernels(compile=False, cost=PAIRWISE).improve(t, 200, 200.0 * MILLION, MILLION)

    groups = t[t[GROUPS] : t[GROUPS] + t[GROUPS + COUNT]]
    left = t[t[UNPLACED] : t[UNPLACED] + t[UNPLACED + COUNT]]
    assert kept > 0
    assert t[TOTAL] == t[groups + G_COST].sum() + t[left + U_LOSS].sum()
