"""Aliases and passphrases."""

import re
import secrets
from math import log2
from random import Random

from goround.domain.privacy import passphrase, suggest_alias
from goround.domain.privacy.words_list import COMMON_WORDS, FIRST_WORDS, SECOND_WORDS


def test_alias_is_two_words_and_the_same_for_the_same_seed():
    aliases = [suggest_alias(Random(7)) for _ in range(2)]

    assert aliases[0] == aliases[1]
    assert re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+", aliases[0])


def test_aliases_are_many_enough_for_a_large_network():
    rng = Random(1)

    assert len(FIRST_WORDS) * len(SECOND_WORDS) >= 10_000
    assert len({suggest_alias(rng) for _ in range(1_000)}) > 950


def test_word_lists_hold_plain_words_each_once():
    for words in (FIRST_WORDS, SECOND_WORDS, COMMON_WORDS):
        assert len(set(words)) == len(words)
        assert [word for word in words if not re.fullmatch("[a-z]+", word)] == []


def test_common_words_are_short_and_worth_eleven_bits_each():
    assert log2(len(COMMON_WORDS)) == 11
    assert {len(word) for word in COMMON_WORDS} == {3, 4, 5, 6, 7}


def test_words_hold_none_that_could_wound():
    refused = {
        "abuse", "beat", "bitch", "black", "blood", "crazy", "dead", "death", "drug", "drunk",
        "dumb", "evil", "fat", "gun", "hate", "hell", "hit", "hurt", "kill", "knife", "lame",
        "mad", "mental", "pig", "poor", "prison", "rape", "sex", "shame", "shoot", "sick",
        "slave", "smack", "stupid", "ugly", "victim", "war", "whip", "white", "wrong",
    }  # fmt: skip

    assert refused & {*FIRST_WORDS, *SECOND_WORDS, *COMMON_WORDS} == set()


def test_passphrase_is_six_listed_words():
    words = passphrase(secrets.SystemRandom()).split(" ")

    assert len(words) == 6
    assert set(words) <= set(COMMON_WORDS)


def test_passphrase_draws_on_the_whole_list():
    rng = Random(3)

    drawn = {word for _ in range(5_000) for word in passphrase(rng).split(" ")}

    assert drawn == set(COMMON_WORDS)
