"""From answers to figures, whatever people answer or skip."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goround.domain.surveys import Scale, items_turned, read_instrument, score
from goround.domain.surveys.linking import CodeUnfit, tidy_link
from goround.domain.surveys.minutes import counted, usual
from goround.domain.surveys.schema import in_language
from goround.domain.surveys.scoring import Reason, does_not_fit
from goround.domain.surveys.wording import in_words
from tests.domain.surveys.test_read import PFS
from tests.make_surveys import ANSWERS, SMALL

SMALL_ONE = read_instrument(SMALL.format(name="Small"), source="small")
KEYS = [item.key for item in PFS.items]
# Everything a person may answer to the first PFS, questions skipped included.
answers = st.fixed_dictionaries({key: st.none() | st.integers(1, 7) for key in KEYS})


def figures(given_answers):
    return {one.part: one.value for one in score(PFS, given_answers)}


def test_the_mean_is_that_of_the_items_answered():
    found = {one.part: one for one in score(SMALL_ONE, {"calm": 4, "tired": 2, "heard": None})}

    assert (found["strength"].value, found["strength"].answered, found["strength"].of) == (
        4.0,
        2,
        3,
    )


def test_too_few_answers_are_no_score_with_a_reason():
    (one,) = score(SMALL_ONE, {"calm": 4})

    assert (one.value, one.reason, one.at_least) == (None, Reason.TOO_FEW, 2)


def test_single_items_and_boxes_have_no_mean():
    assert [one.part for one in score(PFS, dict.fromkeys(KEYS, 4))] == [
        "family-functioning",
        "social-support",
        "concrete-support",
        "nurturing",
    ]
    assert items_turned(SMALL_ONE, ANSWERS) == {"calm": 4, "tired": 4, "heard": 5}


def test_everybody_in_the_middle_is_in_the_middle():
    assert set(figures(dict.fromkeys(KEYS, 4)).values()) == {4.0}


@settings(max_examples=60)
@given(low=st.integers(0, 3), width=st.integers(1, 7), data=st.data())
def test_turned_twice_is_the_answer_again(low, width, data):
    scale = Scale("s", low, low + width)
    answer = data.draw(st.sampled_from(scale.numbers))

    assert scale.turned(scale.turned(answer)) == answer
    assert scale.turned(answer) in scale.numbers


@settings(max_examples=100)
@given(told=answers)
def test_figures_stay_within_the_scale_or_are_absent_with_a_reason(told):
    for one in score(PFS, told):
        if one.answered < one.at_least:
            assert (one.value, one.reason) == (None, Reason.TOO_FEW)
        else:
            assert one.reason is None
            assert one.value is not None
            assert 1 <= one.value <= 7


@settings(max_examples=60)
@given(told=answers, seed=st.integers(0, 2**16))
def test_order_does_not_matter(told, seed):
    mixed = list(told.items())
    Random(seed).shuffle(mixed)
    parts = [replace(part, items=tuple(reversed(part.items))) for part in PFS.parts]

    assert figures(dict(mixed)) == figures(told)
    assert score(replace(PFS, parts=tuple(parts)), told) == score(PFS, told)


@settings(max_examples=60)
@given(told=answers)
def test_skipping_is_as_if_one_had_answered_like_the_mean(told):
    """What prorating means: putting the mean in for what was skipped changes no figure."""
    turned = items_turned(PFS, told)
    for part, one in zip(PFS.subscales, score(PFS, told), strict=True):
        if one.value is not None:
            full = [turned.get(key, one.value) for key in part.items]
            assert sum(full) / len(full) == pytest.approx(one.value)


@settings(max_examples=60)
@given(told=answers, key=st.sampled_from(KEYS))
def test_a_better_answer_never_lowers_a_figure(told, key):
    item = PFS.item(key)
    worst, best = (7, 1) if item.reverse else (1, 7)

    low, high = figures({**told, key: worst}), figures({**told, key: best})

    assert all(low[part] is None or low[part] <= high[part] for part in low)


@pytest.mark.parametrize(
    ("answer", "fits"),
    [(1, True), (5, True), (None, True), (0, False), (6, False), (True, False), ((1,), False)],
)
def test_a_number_must_be_on_the_scale(answer, fits):
    assert does_not_fit(SMALL_ONE, {"calm": answer}) == ([] if fits else ["calm"])


@pytest.mark.parametrize(
    ("answer", "fits"), [((), True), ((1, 2), True), ((3,), False), (1, False), (None, True)]
)
def test_boxes_ticked_must_be_there(answer, fits):
    assert does_not_fit(SMALL_ONE, {"help": answer}) == ([] if fits else ["help"])


def test_an_unknown_question_does_not_fit():
    assert does_not_fit(SMALL_ONE, {"age": 3, "name": None}) == ["age", "name"]


def test_answers_are_read_back_in_words():
    assert in_words(SMALL_ONE, {**ANSWERS, "calm": None, "heard": 3}, "es") == [
        "I am tired.: 2",
        "I am heard.: 3",
        "Who helps?: A friend",
    ]


def test_words_of_a_language_that_is_not_there_come_from_the_nearest():
    words = {"en": "calm", "es": "tranquila"}

    assert [in_language(words, code) for code in ("es-MX", "es", "ar")] == [
        "tranquila",
        "tranquila",
        "calm",
    ]
    assert in_language({}, "en") is None


@pytest.mark.parametrize(
    "typed", ["Málaga 14-b", " malaga14B", "MALAGA  14.B", "málaga١٤b", "málaga۱۴b"]
)
def test_a_code_is_the_same_however_it_is_typed(typed):
    assert tidy_link(typed) == "malaga14b"


@pytest.mark.parametrize("typed", ["", "a b-c 1", "x" * 41, "----------"])
def test_a_code_too_short_or_too_long_is_refused(typed):
    with pytest.raises(CodeUnfit):
        tidy_link(typed)


def test_minutes_are_counted_for_all_and_told_from_three_on():
    minutes: dict[str, int] = {}
    for took in (0, 6, 500):
        assert usual(minutes) is None
        minutes = counted(minutes, took)

    assert minutes == {"1": 1, "6": 1, "60": 1}
    assert usual(minutes) == 6
