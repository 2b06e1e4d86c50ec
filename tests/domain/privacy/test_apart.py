from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.domain.privacy.apart import Pair, Scope, may_be_near, may_meet

PEOPLE = st.sets(st.integers(1, 6))


def test_a_pair_is_the_same_either_way():
    assert Pair.of(7, 3) == Pair.of(3, 7) == Pair(3, 7, Scope.PLACE)


def test_nobody_is_kept_apart_from_themselves():
    with pytest.raises(ValueError, match="#3"):
        Pair.of(3, 3)


@pytest.mark.parametrize(
    ("comers", "company", "nearby", "answer"),
    [
        ({1}, {2}, set(), False),
        ({1, 2}, set(), set(), False),
        ({1}, {3}, {2}, False),
        ({1}, {3}, {4}, True),
        ({3}, {1, 2}, set(), True),
    ],
)
def test_who_may_meet(comers, company, nearby, answer):
    assert may_meet([Pair(1, 2)], comers, company=company, nearby=nearby) is answer


def test_a_pair_for_groups_alone_may_be_near():
    pair = Pair(1, 2, Scope.GROUP)

    assert may_meet([pair], {1}, nearby={2})
    assert not may_meet([pair], {1}, company={2})
    assert may_be_near([pair], {1}, {2})
    assert not may_be_near([Pair(1, 2)], {2}, {1})


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6))), PEOPLE, PEOPLE, PEOPLE)
def test_may_meet_says_what_looking_at_everybody_says(two, comers, company, nearby):
    pairs = [Pair.of(*one) for one in two if one[0] != one[1]]
    met = {(a, b) for a in comers for b in comers | company}
    near = {(a, b) for a in comers for b in nearby}
    banned = {(p.one, p.other) for p in pairs} | {(p.other, p.one) for p in pairs}

    assert may_meet(pairs, comers, company=company, nearby=nearby) is not bool(
        banned & (met | near)
    )
