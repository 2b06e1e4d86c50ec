from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from goround.apps.accounts.models import User


class SignInForm(forms.Form):
    handle = forms.CharField(
        label=_("Handle"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    passphrase = forms.CharField(
        label=_("Passphrase"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    is_shared = forms.BooleanField(
        label=_("Other people use this device too"),
        help_text=_("Then you are signed out after ten minutes without a tap."),
        required=False,
    )

    def credentials(self) -> dict[str, str]:
        return {
            "handle": self.cleaned_data["handle"].strip().lower(),
            "passphrase": self.cleaned_data["passphrase"],
        }


class SecondStepForm(forms.Form):
    code = forms.CharField(
        label=_("Code from your app, or a recovery code"),
        max_length=80,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
    )


class WordsForm(forms.Form):
    words = forms.CharField(
        label=_("The words"),
        max_length=120,
        error_messages={"required": _("Write the words.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "data-from-fragment": True,
            }
        ),
    )


class PassphraseForm(forms.Form):
    """In sight while it is chosen: it is to be written down, and six words are long."""

    passphrase = forms.CharField(
        label=_("Your passphrase"),
        max_length=200,
        help_text=_("Keep these six words, or write at least 15 letters of your own."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "new-password",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
    )


class BeSomebodyForm(forms.Form):
    def __init__(self, data: Any, *, people: QuerySet[User]) -> None:
        super().__init__(data)
        self.fields["person"] = forms.ModelChoiceField(people, to_field_name="handle")
