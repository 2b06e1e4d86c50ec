"""One's own account: passphrase, recovery card, and where one is signed in."""

from __future__ import annotations

from random import SystemRandom

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goround.apps.accounts import sessions
from goround.apps.accounts.models import WayIn
from goround.apps.accounts.selectors import (
    card_of,
    code_app_of,
    codes_untold,
    passkeys_of,
    recovery_codes_left,
    sign_ins_of,
)
from goround.apps.accounts.services import change_passphrase
from goround.apps.accounts.signing_in import proves_passphrase
from goround.apps.accounts.ways_in import make_way_in, mark_told
from goround.apps.demo.cast import PASSPHRASE
from goround.domain.privacy.alias import passphrase as words_of
from goround.web.account.forms import ProveForm
from goround.web.passkeys import PasskeyRefused, ask_for_passkey, user_of_answer
from goround.web.public.forms import PassphraseForm
from goround.web.qr import qr_code
from goround.web.rendering import Request, sent
from goround.web.sessions import begin_anew, note_proof, safe_next


@require_GET
def account(request: Request) -> HttpResponse:
    now = timezone.now()
    context = {
        "sign_ins": sign_ins_of(request.user, at=now),
        "this_one": request.session.session_key,
        "card": card_of(request.user),
        "app": code_app_of(request.user),
        "passkeys": passkeys_of(request.user),
        "codes_left": recovery_codes_left(request.user),
        "untold": codes_untold(request.user),
    }
    return render(request, "account/account.html", context)


@require_http_methods(["GET", "POST"])
def prove(request: Request) -> HttpResponse:
    """Say once more who you are before something grave: a passphrase or a passkey."""
    form = ProveForm(sent(request) if "answer" not in request.POST else None)
    if request.method == "POST" and _is_proved(request, form):
        note_proof(request)
        return redirect(safe_next(request, request.POST.get("next", "")))
    has_passkey = bool(passkeys_of(request.user))
    context = {
        "form": form,
        "next": request.POST.get("next", "") or request.GET.get("next", ""),
        "options": ask_for_passkey(request, user=request.user) if has_passkey else "",
        "invented": settings.CHOOSE_WHO_TO_BE and request.user.is_demo,
        "everybodys": PASSPHRASE,
    }
    return render(request, "account/prove.html", context)


def _is_proved(request: Request, form: ProveForm) -> bool:
    if "answer" in request.POST:
        try:
            return user_of_answer(request) == request.user
        except PasskeyRefused:
            messages.error(request, _("That passkey did not fit. Nothing was changed."))
            return False
    if not form.is_valid():
        return False
    said = form.cleaned_data["passphrase"]
    if proves_passphrase(user=request.user, passphrase=said, at=timezone.now()):
        return True
    form.add_error("passphrase", _("That is not your passphrase. Try again."))
    return False


@require_http_methods(["GET", "POST"])
def passphrase(request: Request) -> HttpResponse:
    form = PassphraseForm(sent(request), initial={"passphrase": words_of(SystemRandom())})
    if request.method == "POST" and form.is_valid():
        user = request.user
        said = form.cleaned_data["passphrase"]
        try:
            change_passphrase(user=user, passphrase=said, by=user, at=timezone.now())
        except ValidationError as refused:
            form.add_error("passphrase", refused)
        else:
            begin_anew(request, user)
            messages.success(
                request, _("Your passphrase is changed. Everywhere else you are signed out.")
            )
            return redirect("account:account")
    return render(request, "account/passphrase.html", {"form": form})


@require_http_methods(["GET", "POST"])
def card(request: Request) -> HttpResponse:
    """A card to print. Answered at once, so that its words are in no address or cookie."""
    if request.method != "POST":
        return render(request, "account/card.html", {"card": card_of(request.user)})
    user = request.user
    words = make_way_in(user=user, kind=WayIn.Kind.CARD, by=user, at=timezone.now())
    address = request.build_absolute_uri(reverse("public:card"))
    context = {
        "words": words,
        "address": address,
        "code": qr_code(f"{address}#{words.replace(' ', '-')}", _("Your recovery card")),
    }
    return render(request, "account/card_made.html", context)


@require_POST
def codes_seen(request: Request) -> HttpResponse:
    mark_told(user=request.user, by=request.user, at=timezone.now())
    return redirect("public:home")


@require_POST
def end_session(request: Request, sign_in_id: int) -> HttpResponse:
    now = timezone.now()
    found = get_object_or_404(sign_ins_of(request.user, at=now), pk=sign_in_id)
    sessions.end_session(sign_in=found, by=request.user, at=now)
    return redirect("account:account")


@require_POST
def sign_out_everywhere(request: Request) -> HttpResponse:
    user = request.user
    sessions.sign_out_everywhere(user=user, by=user, at=timezone.now())
    request.session.flush()
    messages.success(request, _("You are signed out everywhere, here too."))
    return redirect("public:home")
