"""Coming in by words said once: an invitation, a recovery card, a code from a meeting.

The words come in a form, never in an address: a link or QR code carries them behind ``#``,
which no browser sends, and the page's script moves them into the form.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import SystemRandom

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goround.apps.accounts.models import WayIn
from goround.apps.accounts.services import rename_invited
from goround.apps.accounts.ways_in import WayInClosed, way_in_by_words, way_in_found
from goround.apps.accounts.ways_in import come_in as come_in_by
from goround.domain.privacy.alias import passphrase as words_of
from goround.web.public.forms import PassphraseForm, WordsForm
from goround.web.rendering import sent
from goround.web.sessions import enter

CHOOSE_WITHIN = timedelta(minutes=15)
Kind = WayIn.Kind


@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    return _say_the_words(request, Kind.SIGN_UP)


@require_http_methods(["GET", "POST"])
def card(request: HttpRequest) -> HttpResponse:
    return _say_the_words(request, Kind.CARD)


@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    return _say_the_words(request, Kind.CODE)


def _say_the_words(request: HttpRequest, kind: WayIn.Kind) -> HttpResponse:
    form = WordsForm(sent(request))
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        way = way_in_by_words(kind=kind, words=form.cleaned_data["words"], at=now)
        if way is not None:
            request.session["way_in"] = {"id": way.pk, "at": now.isoformat()}
            return redirect("public:come_in")
        form.add_error(
            "words",
            _("These words open nothing. Look at each of them again; or they were used before."),
        )
    return render(request, "public/way_in.html", {"form": form, "kind": kind.value})


@require_http_methods(["GET", "POST"])
def come_in(request: HttpRequest) -> HttpResponse:
    """Choose a passphrase; the words that led here are used up with it."""
    way = _way_of(request)
    if way is None:
        messages.error(request, _("Your time for this was over. Please say the words again."))
        return redirect("public:sign_in")
    is_new = way.kind == Kind.SIGN_UP and not way.user.has_signed_up()
    if is_new and "another" in request.POST:
        rename_invited(user=way.user, by=way.user, at=timezone.now())
        return redirect("public:come_in")
    form = PassphraseForm(sent(request), initial={"passphrase": words_of(SystemRandom())})
    if request.method == "POST" and form.is_valid():
        answer = _came_in(request, way, form)
        if answer is not None:
            return answer
    context = {"form": form, "handle": way.user.handle, "is_new": is_new, "kind": way.kind}
    return render(request, "public/come_in.html", context)


def _came_in(request: HttpRequest, way: WayIn, form: PassphraseForm) -> HttpResponse | None:
    try:
        user = come_in_by(way=way, passphrase=form.cleaned_data["passphrase"], at=timezone.now())
    except ValidationError as refused:
        form.add_error("passphrase", refused)
        return None
    except WayInClosed:
        messages.error(request, _("These words were used before. Nothing was changed."))
        return redirect("public:sign_in")
    del request.session["way_in"]
    to_card = way.kind in {Kind.SIGN_UP, Kind.CARD}
    next_url = "account:card" if to_card else "public:home"
    return enter(request, user, is_shared=False, next_url=next_url)


def _way_of(request: HttpRequest) -> WayIn | None:
    """The way in whose words were said here a short while ago."""
    kept, now = request.session.get("way_in"), timezone.now()
    if not kept or now - datetime.fromisoformat(kept["at"]) > CHOOSE_WITHIN:
        return None
    return way_in_found(way_id=kept["id"], at=now)
