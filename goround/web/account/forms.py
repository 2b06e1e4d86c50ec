from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ProveForm(forms.Form):
    passphrase = forms.CharField(
        label=_("Passphrase"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeAppForm(forms.Form):
    code = forms.CharField(
        label=_("The six digits it shows now"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasskeyForm(forms.Form):
    name = forms.CharField(
        label=_("What you call this device"), max_length=40, initial=_("My phone")
    )
