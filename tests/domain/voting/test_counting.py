"""Counting: which promises hold for every box, whatever is in it."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.domain.voting.ballots import (
    AGREE,
    CAN_LIVE_WITH_IT,
    OBJECT,
    Ballot,
    Method,
    NoBallot,
    ballot_of,
)
from goround.domain.voting.counting import Count, Outcome, count
from goround.domain.voting.ranked import rounds, winners
from goround.domain.voting.secrecy import Secrecy, needed, secrecy_among

OPTIONS = 4


def subsets(most: int = OPTIONS) -> st.SearchStrategy[Ballot]:
    return st.lists(st.integers(0, OPTIONS - 1), unique=True, max_size=most).map(tuple)


BALLOTS = {
    Method.CONSENT: st.integers(0, 2).map(lambda answer: (answer,)),
    Method.CHOICE: subsets(1),
    Method.RANKED: subsets(),
    Method.APPROVAL: subsets(),
}


@st.composite
def boxes(draw: st.DrawFn) -> tuple[Method, list[Ballot]]:
    method = draw(st.sampled_from(Method))
    return method, draw(st.lists(BALLOTS[method], max_size=9))


def ranked_boxes(least: int = 0) -> st.SearchStrategy[list[Ballot]]:
    return st.lists(subsets(), min_size=least, max_size=9)


@given(boxes(), st.integers(0, 1000))
def test_order_of_the_ballots_changes_nothing(box: tuple[Method, list[Ballot]], seed: int) -> None:
    method, ballots = box
    shuffled = Random(seed).sample(ballots, len(ballots))

    assert count(method, ballots, options=OPTIONS) == count(method, shuffled, options=OPTIONS)


@given(boxes())
def test_no_ballot_is_counted_twice_and_none_is_lost(box: tuple[Method, list[Ballot]]) -> None:
    method, ballots = box

    counted = count(method, ballots, options=OPTIONS)

    assert counted.ballots == len(ballots)
    if method is Method.APPROVAL:
        assert sum(counted.counts) == sum(map(len, ballots))
    else:
        assert sum(counted.counts) + counted.blank == len(ballots)


@given(boxes())
def test_winners_and_what_is_said_of_them_agree(box: tuple[Method, list[Ballot]]) -> None:
    counted = count(*box, options=OPTIONS)

    assert counted.outcome is {
        0: counted.outcome
        if counted.outcome in {Outcome.NO_CHOICE, Outcome.NOT_AGREED}
        else "wrong",
        1: Outcome.DECIDED,
    }.get(len(counted.winners), Outcome.TIE)


@given(boxes(), st.permutations(range(OPTIONS)))
def test_no_option_is_favoured_by_its_place_on_the_list(
    box: tuple[Method, list[Ballot]], places: list[int]
) -> None:
    method, ballots = box
    if method is Method.CONSENT:
        return
    moved = [tuple(places[option] for option in ballot) for ballot in ballots]

    before, after = (count(method, each, options=OPTIONS) for each in (ballots, moved))

    assert {places[option] for option in before.winners} == set(after.winners)
    assert before.outcome == after.outcome


@given(st.sampled_from([Method.CHOICE, Method.RANKED]), st.data())
def test_what_more_than_half_want_first_wins(method: Method, data: st.DataObject) -> None:
    others = data.draw(st.lists(BALLOTS[method], max_size=4))
    wanted = data.draw(st.integers(0, OPTIONS - 1))

    counted = count(method, [*others, *[(wanted,)] * (len(others) + 1)], options=OPTIONS)

    assert (counted.outcome, counted.winners) == (Outcome.DECIDED, (wanted,))


@given(ranked_boxes(least=1))
def test_each_round_counts_each_ballot_once_at_most(ballots: list[Ballot]) -> None:
    told = rounds(ballots, options=OPTIONS)

    for number, one in enumerate(told):
        left = [option for option, _votes in one.counts]
        naming = sum(any(option in left for option in ballot) for ballot in ballots)
        assert sum(votes for _option, votes in one.counts) == naming
        assert len(left) == OPTIONS - number
    assert all(one.out is not None for one in told[:-1])


@given(ranked_boxes(least=1))
def test_the_last_round_ends_with_a_winner_some_way_leads_to(ballots: list[Ballot]) -> None:
    told = rounds(ballots, options=OPTIONS)
    if not told:
        return

    most = max(told[-1].counts, key=lambda pair: pair[1])[0]

    assert most in winners(ballots, options=OPTIONS)


@given(ranked_boxes(least=1))
def test_who_loses_against_everybody_alone_never_wins_alone(ballots: list[Ballot]) -> None:
    """The rule for ties cannot make a winner whom more ballots put behind each other option."""
    won = winners(ballots, options=OPTIONS)

    if len(won) == 1:
        (winner,) = won
        others = [option for option in range(OPTIONS) if option != winner]
        assert not all(prefer(ballots, other, winner) for other in others)


@given(ranked_boxes(least=1))
def test_a_lot_decides_only_between_those_that_are_said_to_be_tied(ballots: list[Ballot]) -> None:
    """Whichever of equally few went out by lot, the winner is one of ours."""
    for seed in range(5):
        assert winner_by_lot(ballots, Random(seed)) in {*winners(ballots, options=OPTIONS), None}


def prefer(ballots: list[Ballot], one: int, other: int) -> bool:
    """Whether more ballots put ``one`` before ``other`` than the other way round."""
    place = [{option: n for n, option in enumerate(ballot)} for ballot in ballots]
    before = sum(each.get(one, OPTIONS) < each.get(other, OPTIONS) for each in place)
    behind = sum(each.get(one, OPTIONS) > each.get(other, OPTIONS) for each in place)
    return before > behind


def winner_by_lot(ballots: list[Ballot], rng: Random) -> int | None:
    """Written apart from the code it looks at: strike out until one option is left."""
    left = list(range(OPTIONS))
    piles = [list(ballot) for ballot in ballots if ballot]
    if not piles:
        return None
    while len(left) > 1:
        tops = [next(iter(pile), None) for pile in piles]
        fewest = min(tops.count(option) for option in left)
        out = rng.choice([option for option in left if tops.count(option) == fewest])
        left.remove(out)
        piles = [[option for option in pile if option != out] for pile in piles]
    return left[0]


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ([AGREE, AGREE, AGREE], Outcome.DECIDED),
        ([AGREE, CAN_LIVE_WITH_IT], Outcome.DECIDED),
        ([CAN_LIVE_WITH_IT, CAN_LIVE_WITH_IT], Outcome.NOT_AGREED),
        ([AGREE, AGREE, AGREE, OBJECT], Outcome.NOT_AGREED),
        ([], Outcome.NO_CHOICE),
    ],
)
def test_consent_needs_a_yes_and_no_objection(answers: list[int], outcome: Outcome) -> None:
    ballots = [(answer,) for answer in answers]

    assert count(Method.CONSENT, ballots, options=3).outcome is outcome


def test_a_tie_is_said_as_a_tie():
    counted = count(Method.CHOICE, [(0,), (0,), (1,), (1,), (2,)], options=3)

    assert counted == Count(Outcome.TIE, 5, (2, 2, 1), (0, 1), 0)


def test_ranked_choice_moves_the_votes_of_who_goes_out():
    ballots = [(0,), (0,), (1,), (1,), (2, 1)]

    counted = count(Method.RANKED, ballots, options=3)

    assert (counted.outcome, counted.winners) == (Outcome.DECIDED, (1,))
    assert [(one.counts, one.out) for one in counted.rounds] == [
        (((0, 2), (1, 2), (2, 1)), 2),
        (((0, 2), (1, 3)), None),
    ]


def test_equally_few_who_lead_to_the_same_winner_make_no_tie():
    ballots = [(0,), (0,), (0,), (1, 0), (2, 0)]
    behind = [(0,), (0,), (1, 0), (2, 0)]

    assert winners(ballots, options=3) == {0}
    assert winners(behind, options=3) == {0}


def test_equally_few_who_lead_to_different_winners_are_tied():
    assert winners([(0, 1), (1, 0)], options=2) == {0, 1}
    assert winners([(0,), (0,), (1, 2), (2, 1)], options=3) == {0, 1, 2}


def test_a_time_poll_finds_the_hour_most_can_come():
    counted = count(Method.APPROVAL, [(0, 1), (1,), (1, 2), ()], options=3)

    assert counted == Count(Outcome.DECIDED, 4, (1, 3, 1), (1,), 1)


@pytest.mark.parametrize(
    ("ballots", "reveals"),
    [([(0,), (0,), (0,)], True), ([(), (), ()], True), ([(0,), (0,), (1,)], False), ([], False)],
)
def test_a_unanimous_count_is_known_to_reveal_everybody(
    ballots: list[Ballot], reveals: bool
) -> None:
    assert count(Method.CHOICE, ballots, options=2).reveals_everybody is reveals


@pytest.mark.parametrize(
    ("method", "chosen"),
    [
        (Method.CONSENT, ()),
        (Method.CONSENT, (0, 1)),
        (Method.CHOICE, (0, 1)),
        (Method.RANKED, (1, 1)),
        (Method.APPROVAL, (4,)),
        (Method.CHOICE, (-1,)),
    ],
)
def test_what_cannot_be_counted_is_no_ballot(method: Method, chosen: Ballot) -> None:
    with pytest.raises(NoBallot):
        ballot_of(method, chosen, options=3)


def test_a_ballot_shows_no_handwriting():
    assert ballot_of(Method.APPROVAL, (2, 0), options=3) == (0, 2)
    assert ballot_of(Method.RANKED, (2, 0), options=3) == ballot_of(
        Method.RANKED, (2, 0, 1), options=3
    )


def test_few_voters_have_little_secrecy():
    assert [secrecy_among(voters) for voters in (2, 3, 6, 7)] == [
        Secrecy.NONE,
        Secrecy.WEAK,
        Secrecy.WEAK,
        Secrecy.FAIR,
    ]
    assert [needed(voters, is_secret=True) for voters in (3, 4, 5, 6, 12)] == [3, 3, 3, 4, 7]
    assert needed(2, is_secret=False) == 2
