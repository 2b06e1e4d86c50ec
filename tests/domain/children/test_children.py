from __future__ import annotations

from datetime import date, timedelta
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goround.domain.children.adults import Answer, Listed, may_collect, words_of
from goround.domain.children.codes import LENGTH, LETTERS, is_code, pick_up_code
from goround.domain.children.ratios import Band, Cover, cover, still_accepted

TODAY = date(2026, 3, 4)
BANDS = (Band("0-2", 3), Band("3-5", 6), Band("6-12", 8))


def ask(name: str, *, barred: tuple[str, ...] = (), chosen: bool = False) -> Answer:
    listed = [
        Listed(1, "Ana", TODAY - timedelta(days=9)),
        Listed(2, "Tía Rosa", TODAY, TODAY),
        Listed(3, "Ben", TODAY - timedelta(days=9), TODAY - timedelta(days=1)),
        Listed(4, "Cleo", TODAY + timedelta(days=1), TODAY + timedelta(days=2)),
    ]
    return may_collect(name, listed, barred, on=TODAY, chosen=chosen)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("Ana", Answer.YES),
        ("  ana. ", Answer.YES),
        ("rosa TIA", Answer.YES),
        ("Ben", Answer.NOT_TODAY),
        ("Cleo", Answer.NOT_TODAY),
        ("Dana", Answer.NOT_LISTED),
        ("", Answer.NOT_LISTED),
    ],
)
def test_adult_may_collect_on_their_days(name, answer):
    assert ask(name) is answer


@pytest.mark.parametrize("name", ["Rick Stone", "stone, RICK", "Rick", "Ríck J. Stone"])
def test_barred_adult_is_known_by_part_of_a_typed_name(name):
    assert ask(name, barred=("Rick Stone",)) is Answer.BARRED


def test_barred_wins_over_a_standing_adult():
    assert ask("Ana", barred=("ana",), chosen=True) is Answer.BARRED


def test_adult_chosen_from_the_list_is_not_taken_for_another_of_the_same_first_name():
    assert ask("Ana", barred=("Ana Ruiz",), chosen=True) is Answer.YES
    assert ask("Ana", barred=("Ana Ruiz",)) is Answer.BARRED


@given(st.text(max_size=20), st.text(max_size=20))
@settings(max_examples=100)
def test_barred_adult_is_never_let_through(name, other):
    listed = [Listed(1, name, TODAY)]

    answer = may_collect(name, listed, [name], on=TODAY, chosen=True)

    assert answer is (Answer.BARRED if words_of(name) else Answer.YES)
    assert may_collect(f"{name} {other}", listed, [name], on=TODAY) is (
        Answer.BARRED if words_of(name) else may_collect(f"{name} {other}", listed, [], on=TODAY)
    )


@given(st.fixed_dictionaries({band.key: st.integers(0, 30) for band in BANDS}), st.integers(0, 20))
@settings(max_examples=100)
def test_needed_adults_keep_every_ratio_and_no_more(here, adults):
    found = cover(BANDS, here, adults=adults)

    shares = sum(here[band.key] / (band.per_adult or 1) for band in BANDS)
    assert found.needed is not None
    assert shares - 1e-9 <= found.needed < shares + 1
    assert found.needed >= max(ceil(here[band.key] / (band.per_adult or 1)) for band in BANDS)
    assert found.short == max(0, found.needed - adults)


def test_bands_share_their_adults():
    assert cover(BANDS, {"3-5": 3, "6-12": 4}, adults=1) == Cover(7, 1, 1)
    assert cover(BANDS, {"3-5": 3, "6-12": 5}, adults=1).short == 1


def test_unknown_band_counts_as_the_strictest():
    assert cover(BANDS, {"9-99": 4}, adults=1) == Cover(4, 1, 2)


def test_no_ratio_chosen_is_not_enough_adults_but_unknown():
    assert cover([Band("0-2")], {"0-2": 9}, adults=0) == Cover(9, 0, None)
    assert cover([], {"0-2": 9}, adults=0).needed is None


def test_acceptance_holds_while_it_gets_no_worse():
    short_by_one, short_by_two = Cover(7, 1, 2), Cover(9, 1, 3)

    assert still_accepted(Cover(3, 1, 1), None)
    assert not still_accepted(short_by_one, None)
    assert still_accepted(short_by_one, 1)
    assert not still_accepted(short_by_two, 1)


def test_code_stays_the_same_and_differs_by_family_session_number_and_key():
    codes = {
        pick_up_code(key, session=session, family=family, number=number)
        for key in (b"a" * 32, b"b" * 32)
        for session in (1, 2)
        for family in ("parent 1", "child 1")
        for number in (1, 2)
    }
    again = pick_up_code(b"a" * 32, session=1, family="parent 1", number=1)

    assert len(codes) == 16
    assert again in codes
    assert all(len(code) == LENGTH and set(code) <= set(LETTERS) for code in codes)


def test_code_is_read_as_people_type_it():
    assert is_code(" k7r-4m ", "K7R4M")
    assert not is_code("K7R4", "K7R4M")
    assert not is_code("", "K7R4M")
