from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.domain.privacy.words_list import COMMON_WORDS
from goround.domain.privacy.written_key import WORDS, WordsWrong, key_from_words, key_in_words


@given(st.binary(min_size=32, max_size=32))
def test_a_key_survives_being_written_down(key):
    words = key_in_words(key)

    assert len(words) == WORDS
    assert key_from_words(" ".join(words)) == key
    assert key_from_words("  " + "-".join(words).upper() + "\n") == key


def test_the_same_key_is_always_the_same_words():
    assert key_in_words(b"\0" * 32)[:23] == (COMMON_WORDS[0],) * 23


def test_a_word_left_out_is_noticed():
    words = key_in_words(b"k" * 32)

    with pytest.raises(WordsWrong, match="24 words are needed, and these are 23"):
        key_from_words(" ".join(words[:-1]))


def test_an_unknown_word_is_told_by_its_place():
    words = [*key_in_words(b"k" * 32)]
    words[2] = words[9] = "xylophones"

    with pytest.raises(WordsWrong, match="number 3, 10"):
        key_from_words(" ".join(words))


def test_most_mistaken_words_are_noticed():
    words = [*key_in_words(b"k" * 32)]
    noticed = 0
    for other in COMMON_WORDS[:512]:
        try:
            key_from_words(" ".join([other, *words[1:]]))
        except WordsWrong:
            noticed += 1

    # One in 256 passes the check byte; the public key then tells.
    assert noticed >= 500
