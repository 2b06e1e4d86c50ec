from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goround.domain.change import (
    Design,
    Doubt,
    Followed,
    Interval,
    Method,
    Moved,
    Outcome,
    Pair,
    Recall,
    Recalled,
    Sitting,
)
from goround.domain.change.alpha import reliability
from goround.domain.change.clustered import clustered
from goround.domain.change.measuring import mean_change, outcomes
from goround.domain.change.mixed import mixed
from goround.domain.change.paired import effect, missing_people, paired
from goround.domain.change.shares import any_move, holm, reliable_move
from tests.domain.change import invented

tenths = st.integers(10, 70).map(lambda tenth: tenth / 10)
some_pairs = st.lists(st.tuples(tenths, tenths), min_size=10, max_size=20).map(
    lambda scores: [Pair(n, 1, b, a) for n, (b, a) in enumerate(scores)]
)


def turned(pairs: list[Pair]) -> list[Pair]:
    """The same people, had all of it gone the other way."""
    return [replace(pair, before=pair.after, after=pair.before) for pair in pairs]


@settings(max_examples=40, deadline=None)
@given(some_pairs)
def test_decline_is_measured_as_a_gain_is(pairs: list[Pair]) -> None:
    up, down = paired(pairs), paired(turned(pairs))
    gained, lost = any_move(pairs), any_move(turned(pairs))

    assert down.mean == pytest.approx(-up.mean)
    assert (lost.improved, lost.worse) == (gained.worse, gained.improved)
    if up.interval and down.interval:
        assert down.interval.low == pytest.approx(-up.interval.high)
        assert down.p == pytest.approx(up.p)


@settings(max_examples=40, deadline=None)
@given(some_pairs, st.floats(0.05, 1))
def test_reliable_change_counts_no_more_than_any_change(pairs: list[Pair], alpha: float) -> None:
    some, reliable = any_move(pairs), reliable_move(pairs, alpha)

    assert reliable is not None
    assert reliable.people == some.people == len(pairs)
    assert reliable.improved <= some.improved
    assert reliable.worse <= some.worse


def test_move_smaller_than_rounding_is_none() -> None:
    moved = any_move([Pair(1, 1, 0.1 + 0.2, 0.3), Pair(2, 1, 3.0, 2.5), Pair(3, 1, 3.0, 3.5)])

    assert moved == Moved(improved=1, same=1, worse=1, margin=0.0)


def test_reliable_move_without_reliability_is_unknown() -> None:
    assert reliable_move([Pair(1, 1, 3.0, 4.0), Pair(2, 1, 3.5, 4.0)], -0.2) is None


def test_outcome_of_too_few_pairs_says_so_and_nothing_else() -> None:
    pairs = invented.group_of_pairs(np.random.default_rng(1), people=9)

    found = outcomes([Followed("nurturing", invented.sittings(pairs))])

    assert found == [Outcome("nurturing", Design.FOLLOWED, 1, pairs=9, groups=1, least_pairs=10)]
    assert found[0].too_few


def test_outcome_never_rests_on_one_pair() -> None:
    study = Recalled("s", (Recall(1, 1, 3.0, 4.0),))

    assert outcomes([study], least_pairs=0)[0].too_few


def test_outcomes_of_one_group_are_students() -> None:
    pairs = invented.group_of_pairs(np.random.default_rng(2))

    [outcome] = outcomes([Followed("s", invented.sittings(pairs))])

    assert outcome.change == paired(pairs)
    assert outcome.change is not None
    assert outcome.change.method is Method.PAIRED
    assert outcome.adjusted_p == outcome.change.p


def test_several_subscales_are_adjusted_each_design_by_itself() -> None:
    rng = np.random.default_rng(3)
    samples = [invented.group_of_pairs(rng) for _ in range(3)]
    studies = [Followed(str(n), invented.sittings(pairs)) for n, pairs in enumerate(samples[:2])]
    recalled = Recalled("2", tuple(Recall(p.person, 1, p.before, p.after) for p in samples[2]))

    found = outcomes([*studies, recalled])

    ps = [paired(pairs).p or 0 for pairs in samples]
    assert [outcome.adjusted_p for outcome in found] == [*holm(ps[:2]), ps[2]]
    assert [outcome.design for outcome in found] == ["followed", "followed", "recalled"]


def test_nothing_that_varies_has_no_interval() -> None:
    change = paired([Pair(n, 1, 3.0, 3.5) for n in range(12)])

    assert (change.mean, change.interval, change.p) == (0.5, None, None)
    assert effect([Pair(n, 1, 3.0, 3.5) for n in range(12)], change) is None


def test_few_groups_are_measured_by_their_own_means() -> None:
    pairs = invented.groups_of_pairs(np.random.default_rng(4), groups=4)

    change = mean_change(pairs)

    assert change == replace(clustered(pairs), doubt=Doubt.FEW_GROUPS)


def test_clusters_of_one_size_are_t_over_their_means() -> None:
    pairs = invented.groups_of_pairs(np.random.default_rng(5), groups=6, least=5, most=5)
    means = [np.mean([p.change for p in pairs if p.group == group]) for group in range(6)]

    change = clustered(pairs)

    assert change.df == pytest.approx(5)
    assert change.error == pytest.approx(np.std(means, ddof=1) / 6**0.5)


def test_model_at_the_edge_says_so_and_falls_back() -> None:
    rng = np.random.default_rng(6)
    own = rng.normal(4, 1, 40)
    pairs = [
        Pair(n, n % 8, float(own[n]), float(own[n] + 0.3 + rng.normal(0, 0.5))) for n in range(40)
    ]

    change = mean_change(pairs)

    assert change.doubt in {Doubt.SINGULAR, Doubt.NOT_FITTED}
    assert replace(change, doubt=None) == clustered(pairs)


def test_model_of_too_little_says_so() -> None:
    everybody_alike = [(n, n // 2, wave, 3.0 + wave) for n in range(12) for wave in (0, 1)]

    assert mixed(everybody_alike) in {Doubt.SINGULAR, Doubt.NOT_FITTED}


def test_repeated_waves_of_one_group_are_compared_pair_by_pair() -> None:
    rng = np.random.default_rng(7)
    pairs = invented.group_of_pairs(rng)
    third = tuple(Sitting(p.person, 1, 2, p.after - 0.2 + rng.normal(0, 0.3)) for p in pairs)

    first, second = outcomes([Followed("s", (*invented.sittings(pairs), *third))])

    assert (first.wave, second.wave) == (1, 2)
    assert first.change is not None
    assert first.change.doubt is Doubt.FEW_GROUPS
    assert replace(first.change, doubt=None) == paired(pairs)


def test_missing_are_counted_and_compared() -> None:
    first = {n: 3.0 + n % 3 for n in range(24)}
    later = dict.fromkeys(range(12), 4.0) | {99: 4.0}

    missing = missing_people(first, later, least=10)

    assert (missing.stayed, missing.missing, missing.only_after) == (12, 12, 1)
    assert missing.difference == 0
    assert missing.differ is False


def test_missing_too_few_are_counted_only() -> None:
    missing = missing_people({1: 3.0, 2: 4.0}, {1: 3.5}, least=10)

    assert (missing.stayed, missing.missing, missing.difference) == (1, 1, None)
    assert missing.differ is None


def test_missing_that_began_lower_are_said_to_differ() -> None:
    first = {n: (5.0 if n < 15 else 3.0) + n % 3 / 10 for n in range(30)}

    missing = missing_people(first, dict.fromkeys(range(15), 5.0), least=10)

    assert missing.differ is True
    assert missing.difference == pytest.approx(-2.0)


def test_reliability_leaves_out_who_left_an_item_out() -> None:
    rng = np.random.default_rng(8)
    whole = [tuple(float(x) for x in row) for row in rng.integers(1, 8, (12, 3))]

    assert reliability([*whole, (1.0, None, 3.0)], least=10) == reliability(whole, least=10)


@pytest.mark.parametrize(
    "answers",
    [[(1.0, 2.0)] * 9, [(1.0,)] * 12, [(2.0, 3.0)] * 12],
    ids=["few", "one item", "nothing varies"],
)
def test_reliability_is_unknown(answers: list[tuple[float, ...]]) -> None:
    assert reliability(answers, least=10) is None


def test_interval_holds_what_lies_within() -> None:
    assert [Interval(-1, 1).holds(value) for value in (-1.1, 0, 1)] == [False, True, True]


@pytest.mark.parametrize("several", [False, True], ids=["one group", "several groups"])
def test_known_changes_are_found_as_often_as_promised(several: bool) -> None:
    """A small share of ``python -m bench change``, which does it ten thousand times."""
    rng, times = np.random.default_rng(9), 12 if several else 400
    found = sized = 0
    for _ in range(times):
        pairs = invented.groups_of_pairs(rng) if several else invented.group_of_pairs(rng)
        change = mean_change(pairs)
        size = effect(pairs, change)
        assert change.interval
        assert size
        found += change.interval.holds(invented.CHANGE)
        sized += size.interval.holds(invented.CHANGE / invented.spread(several=several))

    least, most = (9, 12) if several else (366, 393)  # 998 of 1,000 such tries, at 95 %
    assert least <= found <= most
    assert least <= sized <= most
