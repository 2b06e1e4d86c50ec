"""Names side by side, as each language says them."""

from __future__ import annotations

import pytest

from goround.domain.wording import joined, side_by_side

RLM = "\N{RIGHT-TO-LEFT MARK}"


@pytest.mark.parametrize(
    ("words", "told"),
    [([], ""), (["Ana"], "Ana"), (["Ana", "Ben"], "Ana and Ben"), (list("abc"), "a, b and c")],
)
def test_words_stand_with_commas_and_one_and(words, told):
    assert joined(words, language="en", last="and") == told


@pytest.mark.parametrize("word", ["Inés", "inglés", "Ígor", "Hilda", "hijas", "Yvonne", "Y"])
def test_spanish_says_e_before_the_sound_of_i(word):
    assert joined(["Ana", word], language="es-MX", last="y") == f"Ana e {word}"


@pytest.mark.parametrize("word", ["Ben", "hielo", "Hierro", "Yolanda", "", "7", "Ñandú", "Hugo"])
def test_spanish_says_y_elsewhere(word):
    assert joined(["Ana", word], language="es", last="y") == f"Ana y {word}"


def test_arabic_writes_and_onto_the_word():
    assert joined(["أحمد", "سارة", "ليلى"], language="ar", last="و") == f"أحمد،{RLM} سارة وليلى"


def test_commas_and_semicolons_are_the_languages_own():
    assert side_by_side(["0.5", "3"], language="es-MX") == "0.5, 3"
    assert side_by_side(["0.5", "3"], language="ar-EG") == f"0.5،{RLM} 3"
    assert side_by_side(["0.5", "3"], language="ar", by=";") == f"0.5؛{RLM} 3"
