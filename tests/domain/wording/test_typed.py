"""What people type in the signs of their own writing."""

from __future__ import annotations

import pytest

from goround.domain.wording import western_digits, words_typed

SEVEN, HALF = (
    "\N{ARABIC-INDIC DIGIT SEVEN}",
    "\N{ARABIC-INDIC DIGIT ZERO}٫\N{ARABIC-INDIC DIGIT FIVE}",
)


@pytest.mark.parametrize(
    "typed",
    [f"3، {SEVEN}؛{HALF}", "3,7;0.5", " 3 7\n0.5, ", "\N{EXTENDED ARABIC-INDIC DIGIT THREE} 7 0.5"],
)
def test_words_are_parted_by_the_marks_of_every_language(typed):
    assert words_typed(typed) == ["3", "7", "0.5"]


def test_what_is_no_digit_stays_as_it_is():
    assert western_digits("Ana ½ ² x") == "Ana ½ ² x"
