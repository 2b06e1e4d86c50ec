"""Compiled and plain kernels are the same search, at very different speed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings

from goround.domain.matching.compiled import Kernels, kernels
from goround.domain.matching.loading import begin
from goround.domain.matching.problem import Problem
from goround.domain.matching.tables import MILLION, U_WIDTH
from tests.domain.matching.cases import problems


@pytest.fixture(scope="module")
def compiled() -> Kernels:
    return kernels(compile=True)


def after(problem: Problem, search: Kernels, *, as_list: bool) -> list[int]:
    """Every number of the arena after building, forty moves and forty exchanges."""
    ready = begin(problem, seed=11, start=None)
    filled = ready.fill()
    arena = filled.arena.tolist() if as_list else filled.arena
    units = len(ready.layout.units)
    order = filled.at.unit + U_WIDTH * np.arange(units, dtype=np.int64)
    search.build(arena, order, 0, units)
    search.improve(arena, 40, 800.0 * MILLION, 0.5 * MILLION)
    search.exchange(arena, 40, 800.0 * MILLION, 0.5 * MILLION)
    return [int(number) for number in arena]


@settings(max_examples=25, derandomize=True)
@given(problem=problems())
def test_plain_and_compiled_kernels_take_the_same_steps(
    compiled: Kernels, problem: Problem
) -> None:
    # Where nobody can meet there is no step to take.
    assume(begin(problem, seed=11, start=None).layout.units)

    assert after(problem, compiled, as_list=False) == after(
        problem, kernels(compile=False), as_list=True
    )
