"""Pages for somebody who must wait a little before a secret is looked at."""

from __future__ import annotations

from math import ceil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from goround.apps.accounts.guessing import TooManyTries
from goround.domain.privacy.guessing import Secret

SECONDS_UNTIL_FREE = 5


def wait_for_tries(request: HttpRequest, refusal: TooManyTries) -> HttpResponse:
    """In minutes, not by the clock: nobody knows in which time zone a visitor is."""
    seconds = max(ceil((refusal.until - timezone.now()).total_seconds()), 1)
    context = {
        "wait_minutes": ceil(seconds / 60),
        "other_ways": refusal.secret is Secret.PASSPHRASE,
    }
    response = render(request, "public/wait.html", context, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def come_back_soon(request: HttpRequest) -> HttpResponse:
    response = render(request, "public/busy.html", status=503)
    response.headers["Retry-After"] = str(SECONDS_UNTIL_FREE)
    return response
