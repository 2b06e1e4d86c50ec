"""The way out of every page: signed out, and somewhere anybody might have been looking at."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods


# The browser sends it as the page goes away, when nothing else can be sent along. It does no more
# than end a session, and only when a page of ours, or a person's own hand, asks.
@csrf_exempt
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """End the session. A link without JavaScript (GET) is then led to the neutral page."""
    if request.headers.get("Sec-Fetch-Site", "none") in {"none", "same-origin"}:
        logout(request)
    if request.method == "POST":
        return HttpResponse(status=204)
    response = redirect(settings.QUICK_EXIT_URL)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
