"""The page that shows an invitation's words once, with a QR code to scan at the table."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from goround.web.qr import qr_code
from goround.web.rendering import Request


def invitation_page(request: Request, words: str, *, name: str, back_url: str) -> HttpResponse:
    """Answered at once, so that the words are in no address of ours and no cookie.

    The link carries them behind ``#``: browsers send that part to nobody.
    """
    address = request.build_absolute_uri(reverse("public:sign_up"))
    link = f"{address}#{words.replace(' ', '-')}"
    context = {
        "words": words,
        "name": name,
        "address": address,
        "link": link,
        "code": qr_code(link, _("Invitation")),
        "back_url": back_url,
    }
    return render(request, "components/invitation.html", context)


def code_page(request: Request, words: str, *, name: str, back_url: str) -> HttpResponse:
    """The four words of a code, shown once and said aloud."""
    address = request.build_absolute_uri(reverse("public:code"))
    context = {"words": words, "name": name, "address": address, "back_url": back_url}
    return render(request, "components/code.html", context)
