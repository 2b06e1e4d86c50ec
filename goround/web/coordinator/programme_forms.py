"""Forms about programmes and their playbooks. They check input and save nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.organisations.programmes import LONGEST_RULES

# Typed on a phone from a poster: no capitals, nothing that looks like something else.
DOOR = r"\A[a-z0-9]+(-[a-z0-9]+)*\Z"


class ProgrammeForm(forms.Form):
    """What a programme is called and where parents find it."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy("As parents know it. It stands on the poster."),
    )
    door = forms.CharField(
        label=gettext_lazy("Address on posters"),
        max_length=60,
        help_text=gettext_lazy(
            "The last part of the address: small letters, digits and hyphens. Short is easy to "
            "type. Others may see it on a phone, so let it tell no more than the name does."
        ),
        validators=[
            RegexValidator(
                DOOR, gettext_lazy("Use small letters, digits and single hyphens: east-side.")
            )
        ],
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    takes_self_referrals = forms.BooleanField(
        label=gettext_lazy("Parents can put themselves on the list there"), required=False
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_door(self) -> str:
        door: str = self.cleaned_data["door"]
        if resolve(reverse("public:join", args=[door])).view_name != "public:join":
            raise forms.ValidationError(_("Goround has another page there. Choose another one."))
        return door


class CopyForm(forms.Form):
    """The network's own copy of a playbook, as a file or as text; a file goes first."""

    file = forms.FileField(
        label=gettext_lazy("A file from this device"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".toml,.txt,text/plain,application/toml"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Or the text itself"),
        required=False,
        strip=False,
        max_length=LONGEST_RULES,
        widget=forms.Textarea(
            attrs={"rows": 24, "spellcheck": "false", "autocapitalize": "none", "wrap": "off"}
        ),
    )

    source = ""
    rules = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        uploaded = cleaned.get("file")
        self.source = uploaded.name if uploaded else _("Your copy")
        self.rules = self._decoded(uploaded) if uploaded else cleaned.get("text", "")
        if not self.rules.strip() and not self.errors:
            self.add_error("text", _("Choose a file, or paste the text of your copy."))
        return cleaned

    def _decoded(self, uploaded: Any) -> str:
        if uploaded.size > 4 * LONGEST_RULES:
            self.add_error("file", _("This file is too long for a playbook."))
            return ""
        try:
            return str(uploaded.read(), "utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", _("This is no plain text in UTF-8. Save it as plain text."))
            return ""
