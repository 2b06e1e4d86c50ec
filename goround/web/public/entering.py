"""Signing in: with a passphrase and a second factor, or with a passkey alone."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goround.apps.accounts.factors import second_factor_fits
from goround.apps.accounts.selectors import code_app_of, passkeys_of
from goround.apps.accounts.signing_in import user_by_passphrase
from goround.apps.organisations.selectors import demo_people
from goround.web.passkeys import PasskeyRefused, ask_for_passkey, user_of_answer
from goround.web.public.forms import BeSomebodyForm, SecondStepForm, SignInForm
from goround.web.public.views import people_to_be
from goround.web.rendering import sent
from goround.web.sessions import begin, enter, half_entered, safe_next


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(sent(request))
    if request.method == "POST" and form.is_valid():
        user = user_by_passphrase(**form.credentials(), at=timezone.now())
        if user is not None:
            next_url = safe_next(request, request.POST.get("next", ""))
            is_shared = form.cleaned_data["is_shared"]
            return enter(request, user, is_shared=is_shared, next_url=next_url)
        # The same words for a wrong passphrase and for nobody of that handle.
        form.add_error(None, _("That handle and passphrase do not go together. Try again."))
    asked = request.POST.get("next", "") or request.GET.get("next", "")
    context = {"form": form, "next": asked, "people": people_to_be(request)}
    return render(request, "public/sign_in.html", context)


@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The second factor of somebody who just said their passphrase here."""
    found = half_entered(request)
    if found is None:
        return redirect("public:sign_in")
    user, half = found
    form = SecondStepForm(sent(request))
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if second_factor_fits(user=user, code=code, at=timezone.now()):
            begin(request, user, is_shared=half["is_shared"])
            return redirect(half["next"])
        form.add_error("code", _("That code does not fit now. Wait for the next one."))
    context = {"form": form, "app": code_app_of(user), "has_passkey": bool(passkeys_of(user))}
    return render(request, "public/second_step.html", context)


@require_http_methods(["GET", "POST"])
def passkey(request: HttpRequest) -> HttpResponse:
    """A passkey proves at once who somebody is; nothing else is asked."""
    refused = False
    if request.method == "POST":
        try:
            user = user_of_answer(request)
        except PasskeyRefused:
            refused = True
        else:
            next_url = safe_next(request, request.POST.get("next", ""))
            begin(request, user, is_shared="is_shared" in request.POST)
            return redirect(next_url)
    context = {
        "options": ask_for_passkey(request),
        "refused": refused,
        "next": request.POST.get("next", "") or request.GET.get("next", ""),
    }
    return render(request, "public/passkey.html", context)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Browsers that can forget what they kept of the pages; not the numbers to call offline."""
    logout(request)
    response = redirect("public:home")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@require_POST
def be_somebody(request: HttpRequest) -> HttpResponse:
    """The demo's way in: be one of its invented people. Not there in production."""
    if not settings.CHOOSE_WHO_TO_BE:
        raise Http404
    form = BeSomebodyForm(request.POST, people=demo_people(request.user))
    if not form.is_valid():
        raise Http404
    begin(request, form.cleaned_data["person"], is_shared=False)
    return redirect(safe_next(request, request.POST.get("next", "")))
