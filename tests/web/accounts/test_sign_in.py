"""Signing in tells nobody which handles there are."""

from __future__ import annotations

import re
from math import ceil

import pytest
from django.contrib.auth import hashers
from django.test import Client

from goround.apps.accounts.hashers import FloorArgon2
from goround.apps.accounts.models import User
from goround.apps.accounts.services import create_user
from goround.domain.privacy.guessing import BOUNDS, Secret
from tests.make import NOON, make_user

pytestmark = pytest.mark.django_db

PASSPHRASE = "apple river stone candle window moss"


@pytest.fixture
def hashed(monkeypatch):
    """How many hashes were worked out."""
    done = []

    def count(name):
        original = getattr(FloorArgon2, name)
        monkeypatch.setattr(
            FloorArgon2, name, lambda *given: (done.append(name), original(*given))[1]
        )

    count("encode")
    count("verify")
    hashers.get_hashers.cache_clear()
    return done


def sign_in(handle, passphrase="wrong in every way"):
    return Client().post("/sign-in/", {"handle": handle, "passphrase": passphrase})


def without_token(answer):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.text)


@pytest.fixture
def people():
    create_user(handle="there", passphrase=PASSPHRASE, by=None, at=NOON)
    create_user(handle="gone0", passphrase=PASSPHRASE, by=None, at=NOON)
    make_user("empty")
    User.objects.filter(handle="gone0").update(is_active=False)


def test_absent_handles_are_answered_like_present_ones(people, hashed):
    seen = []
    for handle in ("there", "nobod", "gone0", "empty"):
        answers = [sign_in(handle) for _ in range(BOUNDS[Secret.PASSPHRASE].tries + 1)]
        seen.append([(a.status_code, without_token(a).replace(handle, "HANDLE")) for a in answers])
        assert len(hashed) == BOUNDS[Secret.PASSPHRASE].tries, handle
        hashed.clear()

    assert [status for status, _ in seen[0]] == [200] * BOUNDS[Secret.PASSPHRASE].tries + [429]
    assert all(other == seen[0] for other in seen[1:])


def test_locked_handle_is_told_in_plain_words_how_long(people):
    for _ in range(BOUNDS[Secret.PASSPHRASE].tries):
        sign_in("there")

    refused = sign_in("there", PASSPHRASE)

    assert refused.status_code == 429
    seconds = int(refused.headers["Retry-After"])
    assert 0 < seconds <= 15 * 60
    assert f"You can try again in {ceil(seconds / 60)} minute" in refused.text
    assert "_auth_user_id" not in refused.client.session


def test_inactive_account_does_not_open_with_the_right_passphrase(people):
    assert sign_in("gone0", PASSPHRASE).status_code == 200
    assert sign_in("there", PASSPHRASE).status_code == 302
