"""The end of the link in every message: no more of them. It signs nobody in and shows nothing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from goround.apps.outbox.services import stop_messages
from goround.apps.outbox.stopping import read_stop_word


# A mail programme stops them by itself (RFC 8058) and has no token of a page; the word in the
# address is the proof. Nothing stops by looking: mail services open every link they see.
@csrf_exempt
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, word: str) -> HttpResponse:
    if read_stop_word(word) is None:
        raise Http404
    if request.method == "POST":
        stop_messages(word=word, by=None, at=timezone.now())
        return render(request, "public/stopped.html")
    return render(request, "public/stop.html")
