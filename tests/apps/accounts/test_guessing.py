"""A budget of wrong tries for each secret of each name, which nobody passes by being quick."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goround.apps.accounts.guessing import TooManyTries, forget_old_tries, guess
from goround.apps.accounts.models import Tries
from goround.domain.privacy.guessing import BOUNDS, Secret, first_word, plain_words
from tests.make import NOON

pytestmark = pytest.mark.django_db

BOUND = BOUNDS[Secret.PASSPHRASE]


def tried(name="ana", *, secret=Secret.PASSPHRASE, at=NOON, found=None):
    """Whether the secret was looked at."""
    looked = []
    try:
        guess(secret=secret, name=name, at=at, check=lambda: looked.append(1) or found)
    except TooManyTries:
        assert not looked
    return bool(looked)


def spend(name="ana", *, secret=Secret.PASSPHRASE, at=NOON):
    assert [tried(name, secret=secret, at=at) for _ in range(BOUNDS[secret].tries)].count(
        True
    ) == BOUNDS[secret].tries


@pytest.mark.parametrize("secret", Secret)
def test_wrong_tries_end_at_the_bound(secret):
    spend(secret=secret)

    with pytest.raises(TooManyTries) as refused:
        guess(secret=secret, name="ana", at=NOON, check=lambda: pytest.fail("looked at"))

    assert refused.value.until == NOON + BOUNDS[secret].within
    assert "ana" not in str(refused.value)


def test_tries_at_one_name_leave_the_others_alone():
    spend("ana")

    assert (tried("ana"), tried("ANA "), tried("ben")) == (False, False, True)


def test_tries_at_one_secret_leave_the_other_ways_in_open():
    spend(secret=Secret.PASSPHRASE)

    assert [secret for secret in Secret if not tried(secret=secret)] == [Secret.PASSPHRASE]


def test_budget_is_new_once_its_time_is_over():
    spend()

    assert not tried(at=NOON + BOUND.within - timedelta(seconds=1))
    spend(at=NOON + BOUND.within)
    assert not tried(at=NOON + BOUND.within)


def test_right_tries_are_not_counted():
    assert all(tried(found="right") for _ in range(BOUND.tries * 2))
    spend()
    assert not tried(found="right")


def test_try_that_could_not_be_looked_at_is_given_back():
    def broken():
        raise RuntimeError

    for _ in range(BOUND.tries * 2):
        with pytest.raises(RuntimeError):
            guess(secret=Secret.PASSPHRASE, name="ana", at=NOON, check=broken)

    spend()


def test_count_tells_no_name_and_goes_when_it_is_over():
    tried("a-rare-handle")

    row = Tries.objects.values().get()
    assert set(row) == {"id", "secret", "name_hash", "tried", "until"}
    assert "rare" not in str(row)
    assert forget_old_tries(at=NOON) == 0
    assert forget_old_tries(at=row["until"]) == 1
    assert not Tries.objects.exists()


def test_first_word_is_what_guesses_at_words_count_by():
    assert first_word("  Apple-river stone") == first_word("apple candle") == "apple"
    assert first_word("") == ""
    assert plain_words("Apple-River  stone ") == "apple river stone"
