"""Anybody with a paper in hand may ask whether it is one of ours, without an account."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from goround.apps.accounts.guessing import guess
from goround.apps.proofs.codes import tidy_code
from goround.apps.proofs.selectors import proof_behind
from goround.domain.privacy.guessing import Secret
from goround.web.rendering import Request, sent


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("The code on the paper"),
        help_text=gettext_lazy("Twelve letters and digits, such as ABCD-EFGH-JKMN."),
        max_length=40,
        error_messages={"required": gettext_lazy("Write the code.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


@require_http_methods(["GET", "POST"])
def proof(request: Request) -> HttpResponse:
    """The same answer for a code that never was, was taken back or is out of date."""
    form = CodeForm(sent(request))
    asked = request.method == "POST" and form.is_valid()
    found = None
    if asked:
        code, now = tidy_code(form.cleaned_data["code"]), timezone.now()
        found = guess(
            secret=Secret.PROOF,
            name=code[:2],
            at=now,
            check=lambda: proof_behind(request.user, code, at=now),
        )
    context = {"form": form, "asked": asked, "found": found}
    return render(request, "public/proof.html", context, status=422 if form.errors else 200)
