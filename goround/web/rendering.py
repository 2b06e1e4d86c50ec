from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from goround.apps.accounts.models import User
from goround.apps.organisations.models import Network, Organisation
from goround.apps.organisations.roles import Permission


class Request(HttpRequest):
    """What every page gets: somebody signed in, where they are, and htmx details."""

    user: User
    htmx: HtmxDetails
    organisation: Organisation
    network: Network
    permissions: frozenset[Permission]
    # What is left when the answer is ready: the request's transaction, where there is one.
    wall: ExitStack


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent in, even when it is nothing; None while a page is only looked at.

    ``request.POST or None`` would take a form sent in empty for one not sent at all.
    """
    return request.POST if request.method == "POST" else None


def polls(request: Request) -> bool:
    """Whether htmx asks for a part of the page, and not for all of it out of its history."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def page_or_part(
    request: Request, template: str, part: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Answer htmx with one part of the page, and everyone else with all of it."""
    name = f"{template}#{part}" if polls(request) else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def whereabouts(request: HttpRequest) -> dict[str, Any]:
    """For the frame around every page: where the viewer is and what is open to them."""
    return {
        "demo": settings.DEMO,
        "organisation": getattr(request, "organisation", None),
        "network": getattr(request, "network", None),
        "permissions": {p.name for p in getattr(request, "permissions", ())},
    }
