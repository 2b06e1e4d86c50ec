"""Many wrong tries at once, at every page that takes a secret: two hundred at the two that a
stranger finds first, and at the others twenty, or ``GUESSES`` in ``make soak``.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest
from django.db import connection
from django.test import Client

from goround.apps.accounts.services import create_user
from goround.domain.privacy.guessing import BOUNDS, Secret
from tests.at_once import answers, run_on_a_file
from tests.conftest import ON_POSTGRESQL
from tests.make import NOON, make_parent, make_programme, make_referral
from tests.web.accounts.test_every_secret import RACED, is_shut

TRIES, BUSY = 200, 503
TRIES_ELSEWHERE = int(os.environ.get("GUESSES", "20"))
PASSPHRASE = "apple river stone candle window moss"


def sign_in(handle, passphrase):
    """The answer; asked to come back (503, on a busy machine), it comes back."""
    sent = {"handle": handle, "passphrase": passphrase}
    while (status := Client().post("/sign-in/", sent).status_code) == BUSY:
        pass
    return status


def race_for_a_passphrase() -> None:
    """No more is looked at than the bound; somebody else signs in meanwhile."""
    create_user(handle="ana", passphrase=PASSPHRASE, by=None, at=NOON)
    create_user(handle="ben", passphrase=PASSPHRASE, by=None, at=NOON)

    for handle in ("ana", "nobody"):
        seen = answers(lambda number: sign_in(handle, f"wrong {number}"), times=TRIES)  # noqa: B023
        assert seen == {200: BOUNDS[Secret.PASSPHRASE].tries, 429: TRIES - seen[200]}, seen
    assert sign_in("ana", PASSPHRASE) == 429
    assert sign_in("ben", PASSPHRASE) == 302


def race_for_a_receipt() -> None:
    make_referral(make_parent((programme := make_programme()).organisation), programme)

    def ask(number: int) -> int:
        words = f"apple wrong words number {number} again"
        return Client().post("/join/receipt/", {"words": words}).status_code

    seen = answers(ask, times=TRIES)
    assert seen == {200: BOUNDS[Secret.RECEIPT].tries, 429: TRIES - seen[200]}, seen
    other = Client().post("/join/receipt/", {"words": "bridge wrong"}).status_code
    assert other == 200


RACES = [race_for_a_passphrase, race_for_a_receipt]
OF_THEIR_OWN = {Secret.PASSPHRASE, Secret.RECEIPT}


def race_for(secret: Secret) -> Counter[object]:
    """How many tries were looked at, and how many were shut out before."""
    ask = RACED[secret]()

    def once(number: int) -> str:
        while (answer := ask(f"{100_000 + number}")).status_code == BUSY:
            pass
        return "shut" if is_shut(answer) else f"looked at, {answer.status_code < 500}"

    return answers(once, times=TRIES_ELSEWHERE)


@pytest.mark.skipif(not ON_POSTGRESQL, reason="on SQLite the races run on a file, below")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_race(race):
    race()
    connection.close()


def test_every_secret_is_raced_for():
    assert set(RACED) | OF_THEIR_OWN == set(Secret)


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite writes one after the other")
@pytest.mark.django_db(transaction=True)
def test_tries_at_every_other_secret_end_at_its_bound_when_they_come_at_once():
    """In one test: emptying the database afterwards takes longer than most of these races."""
    raced = sorted(set(RACED) - OF_THEIR_OWN)

    seen = {secret: race_for(secret) for secret in raced}

    tries = {secret: BOUNDS[secret].tries for secret in raced}
    assert seen == {
        secret: {"looked at, True": tries[secret], "shut": TRIES_ELSEWHERE - tries[secret]}
        for secret in raced
    }
    connection.close()


@pytest.mark.skipif(ON_POSTGRESQL, reason="SQLite's own")
def test_races_on_sqlite(tmp_path):
    ran = run_on_a_file(__name__, tmp_path)

    assert ran.stdout == "all races run\n", ran.stderr
