from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.domain.counting import Figures, Meeting, State, Tally, count, together

HELD = State.HELD


@st.composite
def meetings(draw: st.DrawFn) -> Meeting:
    few = st.integers(0, 12)
    named, heads = draw(few), draw(st.none() | few)
    return Meeting(
        draw(st.sampled_from(State)),
        named=named,
        named_new=draw(st.integers(0, named)),
        heads=heads,
        heads_new=draw(st.none() | st.integers(0, heads)) if heads is not None else None,
        children=draw(st.none() | few),
    )


def test_children_of_uncounted_meetings_are_unknown_and_not_zero():
    counted = [Meeting(HELD, named=5, children=4 + number % 2) for number in range(9)]
    uncounted = [Meeting(HELD, named=5, children=None)] * 2

    children = count(counted + uncounted).children

    assert (children.total, children.counted, children.meetings) == (40, 9, 11)
    assert children.uncounted == 2


def test_nobody_came_is_a_count_and_nobody_counted_is_not():
    nobody_came = count([Meeting(HELD, heads=0, children=0)])
    nobody_counted = count([Meeting(HELD)])

    assert (nobody_came.parents.known, nobody_came.children.known) == (0, 0)
    assert (nobody_counted.parents.known, nobody_counted.children.known) == (None, None)


def test_heads_are_new_only_when_somebody_said_so():
    told = Meeting(HELD, named=4, named_new=1, heads=3, heads_new=2)
    untold = Meeting(HELD, named=2, heads=5)

    figures = count([told, untold], persons=5)

    assert figures.parents == Tally(14, counted=2)
    assert (figures.new, figures.returning, figures.unclear) == (3, 6, 5)
    assert (figures.persons, figures.heads) == (5, 8)


def test_different_parents_are_unknown_when_nobody_was_named():
    heads_only = count([Meeting(HELD, heads=8)])
    not_counted = count([Meeting(HELD)])
    nobody_came = count([Meeting(HELD, heads=0)])

    assert (heads_only.different, not_counted.different, nobody_came.different) == (None, None, 0)
    assert count([Meeting(HELD, named=2, heads=8)], persons=2).different == 2


def test_only_held_meetings_have_people():
    others = [Meeting(state, named=3, heads=2, children=4) for state in State if state != HELD]

    figures = count(others)

    assert figures == Figures(planned=3, cancelled=1, not_recorded=1, to_come=1)


@pytest.mark.parametrize(
    "impossible",
    [
        {"named": 1, "named_new": 2},
        {"heads": 1, "heads_new": 2},
        {"heads_new": 1},
        {"children": -1},
    ],
)
def test_meeting_refuses_what_cannot_be(impossible: dict[str, int]):
    with pytest.raises(ValueError, match=r"is no part of a whole|must not be below 0"):
        Meeting(HELD, **impossible)


def test_figures_refuse_more_persons_than_attendances():
    with pytest.raises(ValueError, match="3 persons cannot have come"):
        count([Meeting(HELD, named=2, heads=4)], persons=3)


@given(st.lists(meetings()))
def test_every_meeting_is_in_exactly_one_state(some: list[Meeting]):
    figures = count(some)

    states = (figures.held, figures.cancelled, figures.not_recorded, figures.to_come)
    assert sum(states) == figures.planned == len(some)
    assert figures.parents.meetings == figures.children.meetings == figures.held


@given(st.lists(meetings()))
def test_new_returning_and_unclear_make_up_all_who_came(some: list[Meeting]):
    figures = count(some)

    assert figures.new + figures.returning + figures.unclear == figures.parents.total
    assert min(figures.new, figures.returning, figures.unclear) >= 0
    assert figures.unclear <= figures.heads <= figures.parents.total


@given(st.lists(meetings()))
def test_an_uncounted_meeting_changes_no_sum_and_raises_the_unknown(some: list[Meeting]):
    before, after = count(some), count([*some, Meeting(HELD)])

    assert after.parents == replace(before.parents, uncounted=before.parents.uncounted + 1)
    assert after.children == replace(before.children, uncounted=before.children.uncounted + 1)
    assert (after.new, after.returning) == (before.new, before.returning)


@given(st.lists(st.lists(meetings(), max_size=6), max_size=5))
def test_groups_together_are_the_organisation(groups: list[list[Meeting]]):
    everything = [meeting for group in groups for meeting in group]

    assert together((count(group) for group in groups), persons=0) == count(everything)


@given(st.lists(meetings()))
def test_order_does_not_matter(some: list[Meeting]):
    assert count(reversed(some)) == count(some)
