"""Instruments as data: what is read, and how every mistake is told with its line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import goround.instruments
from goround.domain.surveys import (
    InstrumentError,
    State,
    WaveKind,
    read_instrument,
    write_instrument,
)
from goround.domain.surveys.schema import counting_mark, counts_alike, missing_words, with_wording
from tests.make_surveys import SMALL

FILES = sorted(Path(goround.instruments.__file__).parent.glob("*.toml"))
SHIPPED = {file.stem: read_instrument(file.read_text(), source=file.name) for file in FILES}
PFS, PFS2 = SHIPPED["protective-factors-survey"], SHIPPED["protective-factors-survey-2"]
TEXT = SMALL.format(name="Small")


def problems_of(text: str) -> tuple[str, ...]:
    with pytest.raises(InstrumentError) as told:
        read_instrument(text, source="x.toml")
    return told.value.problems


def test_shipped_instruments_are_these():
    assert sorted(SHIPPED) == [
        "eight-principles",
        "how-it-is-here",
        "protective-factors-survey",
        "protective-factors-survey-2",
    ]
    assert all(instrument.key == name for name, instrument in SHIPPED.items())


def test_first_pfs_has_the_parts_that_were_read():
    assert len(PFS.items) == 20
    assert {len(scale.numbers) for scale in PFS.scales} == {7}
    assert {part.key: len(part.items) for part in PFS.parts} == {
        "family-functioning": 5,
        "social-support": 3,
        "concrete-support": 3,
        "knowledge": 5,
        "nurturing": 4,
    }
    assert [part.key for part in PFS.parts if not part.is_subscale] == ["knowledge"]


def test_first_pfs_turns_the_remembered_items_and_says_so():
    turned = [item.key for item in PFS.items if item.reverse]

    assert turned == ["8", "9", "11", "12", "14", "16"]
    assert all(PFS.marks_of(f"items.{key}.reverse") for key in turned)
    assert all(PFS.marks_of(f"items.{item.key}.scale") for item in PFS.items)
    assert all(PFS.marks_of(f"parts.{part.key}.items") for part in PFS.parts)
    assert all(PFS.marks_of(f"parts.{part.key}.at_least") for part in PFS.subscales)
    assert {mark.state for mark in PFS.open_marks} == {State.REMEMBERED}


def test_second_pfs_follows_the_map_of_the_form_and_says_that_sources_conflict():
    parts = {part.key: part.items for part in PFS2.parts}

    assert len(PFS2.items) == 19
    assert parts["nurturing"] == ("4", "5", "6", "7")
    assert [item.key for item in PFS2.items if item.is_ticks] == ["12", "16", "17"]
    assert [item.key for item in PFS2.items if item.reverse] == ["4", "5", "6", "7"]
    assert {mark.state for mark in PFS2.marks_of("parts.nurturing.items")} == {State.CONFLICTING}
    assert all(PFS2.marks_of(f"items.{key}.reverse") for key in "4567")
    assert all(PFS2.marks_of(f"parts.{part.key}.at_least") for part in PFS2.subscales)
    assert [item.key for item in PFS2.items if not item.looks_back] == ["16", "17", "18", "19"]


@pytest.mark.parametrize("instrument", [PFS, PFS2], ids=lambda one: one.key)
def test_wording_of_others_is_not_shipped(instrument):
    assert instrument.rights.bring_wording
    assert all(item.words == {} and item.options == {} for item in instrument.items)
    assert instrument.ready_languages == ()
    assert f"items.{instrument.items[0].key}.words" in missing_words(instrument, "en")


def test_wording_from_a_copy_makes_it_ready():
    worded = with_wording(
        PFS,
        "en",
        items={item.key: f"Question {item.key}" for item in PFS.items},
        labels={scale.key: ("low", "high") for scale in PFS.scales},
        options={},
    )

    assert worded.ready_languages == ("en",)
    assert counts_alike(worded, PFS)
    assert counting_mark(worded) == counting_mark(PFS)
    assert read_instrument(write_instrument(worded), source="again") == worded


def test_own_forms_are_ready_in_two_languages_and_ask_for_no_free_text():
    for key in ("eight-principles", "how-it-is-here"):
        assert SHIPPED[key].ready_languages == ("en", "es")
        assert SHIPPED[key].open_marks == ()
        assert not any(item.is_ticks for item in SHIPPED[key].items)
    assert len(SHIPPED["eight-principles"].parts) == 8


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_written_is_read_again(file):
    instrument = SHIPPED[file.stem]

    assert read_instrument(write_instrument(instrument), source="again") == instrument


@settings(max_examples=60)
@given(words=st.text(min_size=1, max_size=60).filter(lambda text: text.strip()))
def test_any_words_are_written_and_read_again(words):
    plain = read_instrument(TEXT, source="x")
    worded = with_wording(
        plain, "en", items={"calm": " ".join(words.split())}, labels={}, options={}
    )

    assert read_instrument(write_instrument(worded), source="x") == worded


@pytest.mark.parametrize(
    ("was", "instead", "told"),
    [
        ("minutes = 2", "minutes = 0", "line 5: minutes is 0; it must be a whole number from 1"),
        ("minutes = 2", "", "minutes is missing"),
        ("low = 1", "low = 5", "line 13: scales.agree.low is 5; it must be below"),
        (
            '["no", "yes"]',
            '["no", "so", "yes"]',
            "line 15: scales.agree.labels has 3 words in 'en'",
        ),
        ('scale = "agree"', 'scale = "agrees"', "is 'agrees'; it must be one of agree"),
        ("reverse = true", "revers = true", "did you mean 'reverse'?"),
        ("reverse = true", 'reverse = "yes"', "is 'yes'; it must be true or false"),
        ('"heard"]', '"hurt"]', "parts.strength.items holds 'hurt'; there is no [items.hurt]"),
        ('"heard"]', "]", "items.heard is in no part"),
        ('"heard"]', '"heard", "help"]', "holds 'help', which stands in another part too"),
        ("at_least = 2", "at_least = 4", "at_least is 4; it must not be above 3, its items"),
        ('items = ["help"]', 'items = ["help"]\nat_least = 1', "whose boxes have no mean"),
        (
            'languages = ["en"]',
            'languages = ["es"]',
            "has words in 'en', which is not in languages",
        ),
        ('key = "small"', 'key = "Small form"', "line 2: key is 'Small form'"),
    ],
)
def test_a_mistake_is_told_with_its_place(was, instead, told):
    found = problems_of(TEXT.replace(was, instead, 1))

    assert any(told in problem for problem in found), found
    assert all(problem.startswith("x.toml: ") for problem in found)


def test_all_mistakes_are_told_at_once():
    text = TEXT.replace("minutes = 2", "minutes = 0").replace("at_least = 2", "at_least = 9")

    assert len(problems_of(text)) == 2


def test_a_mark_names_a_key_that_is_there():
    mark = '\n[[marks]]\nstate = "remembered"\npoints = ["items.calm.reverse"]\nsays = "So."\n'

    assert "no key of this file has that path" in problems_of(TEXT + mark)[0]


@settings(max_examples=80)
@given(text=st.text(max_size=200))
def test_no_text_breaks_the_reader(text):
    with pytest.raises(InstrumentError):
        read_instrument(text, source="x")


def test_kinds_of_waves_are_stored_by_these_words():
    assert list(WaveKind) == ["pre", "post", "yearly", "retrospective"]


def test_mark_is_another_for_another_key_and_for_another_way_of_counting():
    one = SHIPPED["how-it-is-here"]
    stricter = replace(one, parts=(replace(one.parts[0], at_least=1), *one.parts[1:]))

    marks = {counting_mark(each) for each in (one, stricter, replace(one, key="another"))}

    assert len(marks) == 3
