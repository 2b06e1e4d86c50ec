"""Setting up a second factor: an app that shows codes, or a passkey."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.accounts.factors import (
    add_code_app,
    address_for_app,
    make_recovery_codes,
    new_secret,
)
from goround.apps.accounts.passkeys import remove_passkey
from goround.apps.accounts.selectors import code_app_of, passkeys_of, recovery_codes_left
from goround.apps.accounts.sessions import end_sessions
from goround.web.account.forms import CodeAppForm, PasskeyForm
from goround.web.passkeys import PasskeyRefused, add_answered, ask_for_new
from goround.web.qr import qr_code
from goround.web.rendering import Request, sent
from goround.web.sessions import begin_anew, owes_factor

ISSUER = "Goround"


@require_GET
def second_factor(request: Request) -> HttpResponse:
    context = {
        "app": code_app_of(request.user),
        "passkeys": passkeys_of(request.user),
        "codes_left": recovery_codes_left(request.user),
        "owes": owes_factor(request),
    }
    return render(request, "account/second_factor.html", context)


@require_http_methods(["GET", "POST"])
def code_app(request: Request) -> HttpResponse:
    """The app's secret waits in the session until a first code shows that the app has it."""
    secret = request.session.setdefault("new_code_app", new_secret())
    form = CodeAppForm(sent(request))
    if request.method == "POST" and form.is_valid():
        user, code = request.user, form.cleaned_data["code"]
        if add_code_app(user=user, secret=secret, code=code, by=user, at=timezone.now()):
            return _changed(request)
        form.add_error("code", _("That code does not fit. Wait for the next one and try again."))
    address = address_for_app(secret, user=request.user, issuer=ISSUER)
    context = {
        "form": form,
        "code": qr_code(address, _("For your app's camera")),
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
    }
    return render(request, "account/code_app.html", context)


@require_http_methods(["GET", "POST"])
def passkey_new(request: Request) -> HttpResponse:
    form = PasskeyForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            add_answered(request, request.user, name=form.cleaned_data["name"])
        except PasskeyRefused:
            form.add_error(None, _("This device made no passkey. Nothing was changed. Try again."))
        else:
            return _changed(request)
    context = {"form": form, "options": ask_for_new(request, request.user)}
    return render(request, "account/passkey_new.html", context)


@require_http_methods(["GET", "POST"])
def passkey_remove(request: Request, passkey_id: int) -> HttpResponse:
    found = get_object_or_404(passkeys_of(request.user), pk=passkey_id)
    if request.method == "POST":
        user = request.user
        remove_passkey(passkey=found, by=user, at=timezone.now())
        end_sessions(user=user)
        begin_anew(request, user)
        return redirect("account:second_factor")
    context = {
        "question": _("Remove the passkey %(name)s?") % {"name": found.name},
        "consequence": _("That device no longer signs you in. Everywhere else you are signed out."),
        "action": _("Remove it"),
        "danger": True,
        "cancel_url": reverse("account:second_factor"),
    }
    return render(request, "components/confirm.html", context)


@require_http_methods(["GET", "POST"])
def recovery_codes(request: Request) -> HttpResponse:
    """Answered at once, so that the words are in no address or cookie."""
    if request.method != "POST":
        context = {"left": recovery_codes_left(request.user)}
        return render(request, "account/recovery_codes.html", context)
    codes = make_recovery_codes(user=request.user, by=request.user, at=timezone.now())
    return render(request, "account/recovery_codes_made.html", {"codes": codes})


def _changed(request: Request) -> HttpResponse:
    """Sessions from before the second factor end; this one goes on, having shown it."""
    user = request.user
    end_sessions(user=user)
    begin_anew(request, user)
    messages.success(request, _("Your second factor is set up."))
    if recovery_codes_left(user):
        return redirect("account:second_factor")
    return redirect("account:recovery_codes")
