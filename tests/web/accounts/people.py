"""Somebody who can sign in, and how they do it, for the tests of this folder."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pyotp
from django.test import Client
from django.utils import timezone

from goround.apps.accounts.factors import add_code_app
from goround.apps.accounts.models import User
from goround.apps.accounts.services import create_user
from goround.apps.organisations.models import RoleAssignment
from goround.apps.organisations.roles import Role
from tests.make import make_organisation

PASSPHRASE = "apple river stone candle window moss"
SECRET = pyotp.random_base32()


def somebody(handle: str = "ana", *, role: Role | None = None, **fields: Any) -> User:
    user = create_user(handle=handle, passphrase=PASSPHRASE, by=None, at=timezone.now(), **fields)
    if role:
        host = make_organisation()
        RoleAssignment.objects.create(user=user, role=role, organisation=host)
    return user


def give_app(user: User, *, at: datetime) -> None:
    """An app that counts from ``SECRET``; the code of this moment is used up."""
    assert add_code_app(user=user, secret=SECRET, code=app_code(at), by=user, at=at)


def app_code(at: datetime) -> str:
    return pyotp.TOTP(SECRET).at(at)


def sign_in(client: Client, handle: str = "ana", passphrase: str = PASSPHRASE, **more: str):
    return client.post("/sign-in/", {"handle": handle, "passphrase": passphrase} | more)


def is_in(client: Client) -> bool:
    """Whether a page for people signed in opens."""
    return client.get("/me/").status_code == 200


def said(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def slip_words(answer) -> str:
    found = re.search(r'class="slip-words"><strong>([a-z ]+)<', answer.text)
    assert found, said(answer)
    return found.group(1)
