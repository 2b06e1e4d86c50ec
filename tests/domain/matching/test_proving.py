"""The thread that proves, beside rounds so large that the search could use its core."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.small import small_case
from goround.domain.matching import proving
from goround.domain.matching.bounding import Bounding
from goround.domain.matching.cost import answer_cost
from goround.domain.matching.layout import lay_out
from goround.domain.matching.proving import Prover

PLENTY_S = 3_600.0


@pytest.fixture
def prover(monkeypatch: pytest.MonkeyPatch) -> Prover:
    """Of a small round that counts as large."""
    monkeypatch.setattr(proving, "LARGE", 1)
    monkeypatch.setattr(proving, "WAIT_S", 0.001)
    return Prover(lay_out(small_case(50, seed=1)), may_solve=False)


def run(prover: Prover, upper: Callable[[], float], left_s: float = PLENTY_S) -> None:
    prover.start(upper, lambda: left_s)
    assert prover._thread is not None
    prover._thread.join(timeout=60)
    assert not prover.is_busy
    prover.stop()


def answers(*costs: float) -> Callable[[], float]:
    """The best cost known, one look after the other; the last stays."""
    left = list(costs)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def test_it_leaves_the_cores_alone_until_an_answer_stands(prover):
    of_nobody = answer_cost(prover.layout.problem, ())
    modest, looked = prover.bound, []

    def upper() -> float:
        looked.append(prover.bound)
        return of_nobody if len(looked) < 5 else of_nobody * 0.9

    run(prover, upper)

    assert looked[:5] == [modest] * 5
    assert prover.bound is not None
    assert prover.bound > modest


def test_it_does_not_begin_where_too_little_time_is_left(prover):
    of_nobody, modest = answer_cost(prover.layout.problem, ()), prover.bound

    run(prover, answers(of_nobody, of_nobody * 0.9), left_s=0.01)

    assert prover.bound == modest


def test_it_ends_once_a_round_brings_little(prover, monkeypatch):
    of_nobody, modest = answer_cost(prover.layout.problem, ()), prover.bound
    alone = Bounding(prover.layout)
    while alone.best == modest:  # the pool is poor at first
        alone.advance(of_nobody * 0.9)
    monkeypatch.setattr(proving, "LEAST_GAIN", 0.5)

    run(prover, answers(of_nobody, of_nobody * 0.9))

    # The first round that proves more than the modest bound brings no half of it.
    assert prover.bound == alone.best
