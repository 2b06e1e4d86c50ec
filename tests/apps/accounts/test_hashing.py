"""Passphrases are looked at a few at a time, and a flood of them is turned away politely."""

from __future__ import annotations

from threading import Event, Thread

import pytest
from django.conf import settings as live
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client

from goround.apps.accounts import hashers
from goround.apps.accounts.hashers import HashingBusy, a_place
from goround.apps.accounts.models import Tries


def fill_the_places(until: Event) -> list[Thread]:
    """Hold every place there is to hash in, from threads of their own."""
    inside = [Event() for _ in range(live.HASHES_AT_ONCE)]

    def hold(mine: Event) -> None:
        with a_place():
            mine.set()
            until.wait()

    threads = [Thread(target=hold, args=(mine,)) for mine in inside]
    for thread in threads:
        thread.start()
    for mine in inside:
        mine.wait()
    return threads


@pytest.fixture
def full(monkeypatch):
    monkeypatch.setattr(hashers, "_places", hashers.BoundedSemaphore(live.HASHES_AT_ONCE))
    until = Event()
    threads = fill_the_places(until)
    yield until
    until.set()
    for thread in threads:
        thread.join()


def test_no_more_hashes_at_once_than_places(full):
    for act in (lambda: make_password("a"), lambda: check_password("a", ENCODED)):
        with pytest.raises(HashingBusy):
            act()


ENCODED = make_password("a")


def test_place_is_free_again_after_a_hash():
    for _ in range(live.HASHES_AT_ONCE * 2):
        assert check_password("a", ENCODED)


@pytest.mark.django_db
def test_flood_is_asked_to_come_back_and_costs_no_try(full):
    answer = Client().post("/sign-in/", {"handle": "ana", "passphrase": "a"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "try again" in answer.text
    assert [row.tried for row in Tries.objects.all()] == [0]
