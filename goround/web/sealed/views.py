"""Where a safeguarding lead makes their key, opens sealed records, and prints the card."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from goround.apps.keys.lead_keys import LastReader
from goround.apps.organisations import leads
from goround.web.qr import qr_code
from goround.web.rendering import Request, sent
from goround.web.sealed.opened import ask_for_phrase, close, keep_open, open_until, opened_key

WORDS = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class PhraseForm(forms.Form):
    phrase = forms.CharField(
        label=gettext_lazy("Your six words for sealed records"),
        max_length=200,
        widget=forms.PasswordInput(attrs=WORDS),
    )


class CardForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("The 24 words on the card"),
        max_length=400,
        widget=forms.Textarea(attrs=WORDS | {"rows": 4}),
    )


@require_http_methods(["GET", "POST"])
def records(request: Request) -> HttpResponse:
    """Open sealed records with the phrase; while they are open, what else a lead can do."""
    if opened_key(request) is not None:
        return _open_page(request)
    key, form = leads.own_key(request.user, request.organisation), PhraseForm(sent(request))
    if key is not None and form.is_valid():
        phrase = form.cleaned_data["phrase"]
        private = leads.open_key(
            organisation=request.organisation, phrase=phrase, by=request.user, at=timezone.now()
        )
        if private is not None:
            return keep_open(request, redirect(_back_to(request)), private)
        form.add_error("phrase", _("These words do not open the sealed records. Try again."))
    context = {"key": key, "form": form, "next": request.GET.get("next", "")}
    return render(request, "sealed/closed.html", context)


def _open_page(request: Request) -> HttpResponse:
    context = {
        "until": open_until(request),
        "zone": request.organisation.time_zone,
        "newcomers": leads.newcomers(request.user, request.organisation),
        "card": leads.card_of(request.user, request.organisation),
    }
    return render(request, "sealed/open.html", context)


def _back_to(request: Request) -> str:
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}):
        return asked
    return request.path


@require_POST
def make_key(request: Request) -> HttpResponse:
    """Answered at once, not by sending the browser on: the phrase is in no session or address."""
    try:
        phrase = leads.make_key(
            organisation=request.organisation, by=request.user, at=timezone.now()
        )
    except LastReader:
        messages.error(
            request,
            _(
                "You are the only one who can read the sealed records, so your key was kept as it "
                "is. Print the recovery card and try it once, then you can make a new key."
            ),
        )
        return redirect("sealed:records", request.organisation.slug)
    return close(request, render(request, "sealed/phrase.html", {"phrase": phrase}))


@require_POST
def close_records(request: Request) -> HttpResponse:
    messages.info(request, _("The sealed records are closed on this device."))
    return close(request, redirect("sealed:records", request.organisation.slug))


@require_POST
def let_in(request: Request) -> HttpResponse:
    """Let another lead read what was sealed before they came."""
    private = opened_key(request)
    if private is None:
        return redirect("sealed:records", request.organisation.slug)
    lacking = leads.newcomers(request.user, request.organisation)
    asked = request.POST.get("key", "")
    newcomer = next((one for one in lacking if str(one.key.pk) == asked), None)
    if newcomer is None:
        raise Http404
    records = leads.let_in(
        newcomer=newcomer, private_key=private, by=request.user, at=timezone.now()
    )
    told = ngettext(
        "%(name)s can read %(number)d sealed record more.",
        "%(name)s can read %(number)d sealed records more.",
        records,
    )
    messages.success(request, told % {"name": newcomer.shown_as, "number": records})
    return redirect("sealed:records", request.organisation.slug)


@require_http_methods(["GET", "POST"])
def card(request: Request) -> HttpResponse:
    """Ask first; then show the new card, once, to be printed."""
    private = opened_key(request)
    if private is None:
        return ask_for_phrase(request)
    if request.method == "GET":
        there = leads.card_of(request.user, request.organisation)
        return render(request, "sealed/card_first.html", {"card": there})
    words = leads.make_card(
        organisation=request.organisation,
        private_key=private,
        by=request.user,
        at=timezone.now(),
    )
    context = {"words": words, "qr": qr_code(" ".join(words), _("The same words, for a camera"))}
    return render(request, "sealed/card.html", context)


@require_http_methods(["GET", "POST"])
def try_card(request: Request) -> HttpResponse:
    """See that the printed card works, without using it for anything."""
    form = CardForm(sent(request))
    if form.is_valid():
        words = form.cleaned_data["words"]
        if leads.try_card(
            organisation=request.organisation, words=words, by=request.user, at=timezone.now()
        ):
            messages.success(
                request, _("The card works. Lock it away where two people know of it.")
            )
            return redirect("sealed:records", request.organisation.slug)
        form.add_error(
            "words",
            _("These are not the words of your organisation's card. Look at each word again."),
        )
    there = leads.card_of(request.user, request.organisation)
    return render(request, "sealed/try_card.html", {"form": form, "card": there})
