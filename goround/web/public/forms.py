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

    def credentials(self) -> dict[str, str]:
        return {
            "handle": self.cleaned_data["handle"].strip().lower(),
            "passphrase": self.cleaned_data["passphrase"],
        }


class BeSomebodyForm(forms.Form):
    def __init__(self, data: Any, *, people: QuerySet[User]) -> None:
        super().__init__(data)
        self.fields["person"] = forms.ModelChoiceField(people, to_field_name="handle")
