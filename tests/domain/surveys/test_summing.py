"""Figures are of many people, also after taking away what else is shown."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from goround.domain.surveys.summing import LEAST, Figure, summarise
from tests.domain.surveys.test_pairing import make

KEY = "strength"


def people(**by_group):
    return [
        make(None, group=int(name[1:]), value=value)
        for name, values in by_group.items()
        for value in values
    ]


def test_a_large_group_is_shown_and_a_small_one_hidden():
    found = summarise(people(g1=[1, 2, 3, 4, 5], g2=[9, 9, 9]), [KEY])

    assert found.waves[0].figures == {KEY: Figure(5, 3.0)}
    assert (found.waves[1].figures, found.waves[1].people) == ({}, 3)


def test_a_total_leaves_out_a_small_group_that_it_would_give_away():
    assert summarise(people(g1=[1] * 5, g2=[2] * 3), [KEY]).total.figures[KEY] == Figure(
        5, 1.0, left_out=3
    )
    assert summarise(people(g1=[1] * 5, g2=[2] * 5), [KEY]).total.figures[KEY] == Figure(10, 1.5)
    assert summarise(people(g1=[1] * 3, g2=[2] * 3), [KEY]).total.figures[KEY] == Figure(6, 1.5)


def test_too_few_who_answered_a_part_are_not_shown():
    found = summarise(people(g1=[1, 2, 3, 4, None]), [KEY])

    assert found.waves[0].figures == {KEY: Figure(4, None, 1)}


def test_two_waves_of_one_group_are_two_when_the_total_is_looked_at():
    told = [make(None, wave=1, value=1.0)] * 5 + [make(None, wave=2, value=2.0)] * 3

    assert summarise(told, [KEY]).total.figures[KEY] == Figure(5, 1.0, left_out=3)


def test_nobody_is_no_figure():
    assert summarise([], [KEY]).total.figures == {}


@settings(max_examples=150)
@given(
    groups=st.lists(
        st.lists(st.none() | st.integers(1, 7), min_size=0, max_size=9), min_size=1, max_size=5
    )
)
def test_what_is_shown_never_leaves_a_few_people(groups):
    """Whoever subtracts all they see from all they see is left with nobody or many."""
    told = [make(None, group=n, value=v) for n, values in enumerate(groups) for v in values]
    found = summarise(told, [KEY])
    shown = [each.figures[KEY].people for each in found.waves
             if each.is_shown and each.figures[KEY].mean is not None]  # fmt: skip

    assert all(count >= LEAST for count in shown)
    total = found.total.figures.get(KEY)
    if total and total.mean is not None:
        assert total.people + total.unknown + total.left_out == len(told)
        left = total.people - sum(shown)
        assert left == 0 or left >= LEAST
