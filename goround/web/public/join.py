"""The front door for parents who come by themselves, and the receipt they leave with."""

from __future__ import annotations

from random import SystemRandom

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from goround.apps.accounts.guessing import guess
from goround.apps.organisations.models import Programme
from goround.apps.organisations.selectors import open_door
from goround.apps.people.models import Referral
from goround.apps.people.receipts import new_secret, receipt_words
from goround.apps.people.selectors import free_alias, knows_postcodes, referral_by_receipt
from goround.apps.people.services import NoLongerWaiting, refer_self, withdraw
from goround.domain.privacy.guessing import Secret, first_word
from goround.web.parent_facts import facts_of, type_labels
from goround.web.parent_forms import ParentForm
from goround.web.rendering import Request, sent


class ReceiptForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("The words of your receipt"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write the six words.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


@require_http_methods(["GET", "POST"])
def join(request: Request, door: str) -> HttpResponse:
    programme = open_door(request.user, door)
    if programme is None:
        raise Http404
    form = ParentForm(
        sent(request),
        organisation=programme.organisation,
        viewer=request.user,
        programme=programme,
        initial={
            "secret": new_secret(),
            "alias": free_alias(request.user, programme.organisation, rng=SystemRandom()),
        },
    )
    if request.method == "POST" and form.is_valid():
        return _joined(request, programme, form)
    context = {
        "form": form,
        "programme": programme,
        "host": programme.organisation,
        "knows_postcodes": knows_postcodes(request.user, programme.organisation),
    }
    return render(request, "public/join.html", context)


def _joined(request: Request, programme: Programme, form: ParentForm) -> HttpResponse:
    """Answered at once, not by sending the browser on: the receipt is in no address or cookie."""
    secret = form.cleaned_data["secret"]
    referral = refer_self(
        programme=programme,
        alias=form.cleaned_data["alias"],
        facts=form.facts(),
        secret=secret,
        by=request.user if request.user.is_authenticated else None,
        at=timezone.now(),
    )
    context = {
        "referral": referral,
        "programme": programme,
        "host": programme.organisation,
        "receipt": receipt_words(secret),
    }
    return render(request, "public/joined.html", context)


@require_http_methods(["GET", "POST"])
def receipt(request: Request) -> HttpResponse:
    """What is kept under a receipt, for whoever says its words, and the way out."""
    form = ReceiptForm(sent(request))
    if request.method != "POST" or not form.is_valid():
        return render(request, "public/receipt.html", {"form": form})
    referral = _referral(request, form.cleaned_data["words"])
    if referral is None:
        return render(request, "public/receipt.html", {"form": form, "nothing": True})
    if "withdraw" in request.POST:
        referral = _withdrawn(referral)
    return render(request, "public/kept.html", _kept(referral, form))


def _referral(request: Request, words: str) -> Referral | None:
    return guess(
        secret=Secret.RECEIPT,
        name=first_word(words),
        at=timezone.now(),
        check=lambda: referral_by_receipt(request.user, words),
    )


def _withdrawn(referral: Referral) -> Referral:
    try:
        return withdraw(referral=referral, by=None, at=timezone.now())
    except NoLongerWaiting:
        # The page then says that they were placed, and whom to ask.
        return referral


def _kept(referral: Referral, form: ReceiptForm) -> dict[str, object]:
    now, programme = timezone.now(), referral.programme
    today = programme.organisation.local(now).date()
    return {
        "form": form,
        "referral": referral,
        "parent": referral.parent,
        "programme": programme,
        "host": programme.organisation,
        "facts": facts_of(referral.parent, types=type_labels([programme]), on=today),
        "now": now,
    }
