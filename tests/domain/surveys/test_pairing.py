"""Who belongs together, and that two designs are never one sample."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goround.domain.surveys import (
    Design,
    DesignsMixed,
    PairSet,
    ScoredPair,
    ScoredResponse,
    WaveKind,
    pair,
)

TWO, ONE = Design.TWO_TIMES, Design.ONE_SITTING


def make(person, kind=WaveKind.POST, *, wave=1, group=7, looks_back=False, value=3.0):
    return ScoredResponse(
        person=person,
        group=group,
        wave=wave,
        day=90 * (wave - 1),
        kind=kind,
        design=Design.of(kind),
        subscales={"strength": value},
        items={},
        looks_back=looks_back,
    )


def test_first_and_last_answers_of_a_person_are_a_pair():
    first, middle, last = (
        make(1, WaveKind.PRE),
        make(1, wave=2),
        make(1, WaveKind.YEARLY, wave=3),
    )

    found = pair([last, first, middle], design=TWO)

    assert found == PairSet(TWO, (ScoredPair(first, last),))


def test_who_is_missing_is_told_by_side():
    alone_before, alone_after, nobody = make(1, WaveKind.PRE), make(2, wave=2), make(None)

    found = pair([alone_before, alone_after, nobody], design=TWO)

    assert found == PairSet(TWO, (), (alone_before,), (alone_after,), (nobody,))


def test_a_number_in_another_group_is_another_person():
    assert pair([make(1, WaveKind.PRE), make(1, wave=2, group=8)], design=TWO).pairs == ()


def test_before_and_now_of_one_sitting_are_a_pair():
    kind = WaveKind.RETROSPECTIVE
    before, now = make(1, kind, looks_back=True), make(1, kind)

    assert pair([now, before], design=ONE) == PairSet(ONE, (ScoredPair(before, now),))


def test_a_pair_of_two_designs_cannot_be_made():
    with pytest.raises(DesignsMixed):
        ScoredPair(make(1, WaveKind.PRE), make(1, WaveKind.RETROSPECTIVE))


@settings(max_examples=80)
@given(
    kinds=st.lists(st.sampled_from(WaveKind), min_size=1, max_size=8),
    design=st.sampled_from(Design),
    data=st.data(),
)
def test_no_set_ever_holds_both_designs(kinds, design, data):
    people = st.none() | st.integers(1, 3)
    told = [make(data.draw(people), kind, wave=data.draw(st.integers(1, 3))) for kind in kinds]

    if all(Design.of(kind) is design for kind in kinds):
        assert pair(told, design=design).design is design
    else:
        with pytest.raises(DesignsMixed):
            pair(told, design=design)


@pytest.mark.parametrize("place", ["only_before", "only_after", "unlinked"])
def test_no_place_of_a_set_takes_the_other_design(place):
    with pytest.raises(DesignsMixed):
        PairSet(TWO, (), **{place: (make(1, WaveKind.RETROSPECTIVE),)})


def test_every_kind_of_wave_has_one_design():
    assert {kind: Design.of(kind) for kind in WaveKind} == {
        WaveKind.PRE: TWO,
        WaveKind.POST: TWO,
        WaveKind.YEARLY: TWO,
        WaveKind.RETROSPECTIVE: ONE,
    }
