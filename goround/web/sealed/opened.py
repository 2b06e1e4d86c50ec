"""A lead's open key between two pages: half in the session, half in an HttpOnly cookie.

private_key = opened_key(request)          # or None
if private_key is None:
    return ask_for_phrase(request)         # and back to this page afterwards
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from goround.apps.keys import opening
from goround.apps.organisations.leads import own_key
from goround.web.rendering import Request

COOKIE = "opened"


def opened_key(request: Request) -> bytes | None:
    """The private key that the lead opened here, at most fifteen minutes ago."""
    key, kept = own_key(request.user, request.organisation), request.session.get(_name(request))
    if key is None or not kept:
        return None
    cookie = request.COOKIES.get(COOKIE)
    return opening.take(kept, cookie, lead_key_id=key.pk, at=timezone.now())


def open_until(request: Request) -> datetime:
    return datetime.fromtimestamp(request.session[_name(request)]["until"], tz=UTC)


def ask_for_phrase(request: Request) -> HttpResponse:
    """Send a lead to the page that opens sealed records, and from there back here."""
    page = reverse("sealed:records", args=[request.organisation.slug])
    return redirect(f"{page}?{urlencode({'next': request.get_full_path()})}")


def keep_open(request: Request, response: HttpResponse, private_key: bytes) -> HttpResponse:
    key = own_key(request.user, request.organisation)
    if key is None:
        return response
    kept, cookie = opening.hold(private_key, lead_key_id=key.pk, at=timezone.now())
    request.session[_name(request)] = kept
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=opening.OPEN_FOR,
        path=_path(request),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def close(request: Request, response: HttpResponse) -> HttpResponse:
    request.session.pop(_name(request), None)
    response.delete_cookie(COOKIE, path=_path(request), samesite="Strict")
    return response


def _name(request: Request) -> str:
    return f"opened-{request.organisation.pk}"


def _path(request: Request) -> str:
    """Sent to this organisation's pages and to no others."""
    return f"/o/{request.organisation.slug}/"
