"""A passkey's question goes out with a page and waits in the session for its answer, once."""

from __future__ import annotations

import json

from django.http import HttpRequest
from django.utils import timezone

from goround.apps.accounts import passkeys
from goround.apps.accounts.models import User
from goround.apps.accounts.passkeys import PasskeyRefused

ASKED = "passkey_asked"
__all__ = ["PasskeyRefused", "add_answered", "ask_for_new", "ask_for_passkey", "user_of_answer"]


def ask_for_passkey(request: HttpRequest, *, user: User | None = None) -> str:
    options, request.session[ASKED] = passkeys.ask_for_one(host=_host(request), user=user)
    return json.dumps(options)


def ask_for_new(request: HttpRequest, user: User) -> str:
    options, request.session[ASKED] = passkeys.ask_for_new(user, host=_host(request))
    return json.dumps(options)


def user_of_answer(request: HttpRequest) -> User:
    """Whose passkey answered what this session was asked. Raises ``PasskeyRefused``."""
    return passkeys.user_by_passkey(
        host=_host(request),
        state=request.session.pop(ASKED, {}),
        answer=request.POST.get("answer", ""),
        at=timezone.now(),
    )


def add_answered(request: HttpRequest, user: User, *, name: str) -> None:
    """Keep the passkey that the browser made. Raises ``PasskeyRefused``."""
    passkeys.add_passkey(
        user=user,
        name=name,
        host=_host(request),
        state=request.session.pop(ASKED, {}),
        answer=request.POST.get("answer", ""),
        by=user,
        at=timezone.now(),
    )


def _host(request: HttpRequest) -> str:
    """The name passkeys are bound to; one made for another name does not answer here."""
    return request.get_host().partition(":")[0]
