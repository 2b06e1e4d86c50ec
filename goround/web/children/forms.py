"""What the children's leader is asked, on a telephone, with a child on the other hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.children.locking import Needs
from goround.apps.children.models import Shortness, Visit
from goround.apps.children.selectors import ListedAdult
from goround.apps.children.services import LONGEST_NAME
from goround.apps.groups.models import Membership
from goround.domain.children.ratios import Band

NOT_KEPT = {"autocomplete": "off"}
OTHER = "other"
MOST_ADULTS_HERE, MOST_PLACES = 30, 100


def band_in_words(key: str) -> str:
    return _("%(band)s years") % {"band": key.replace("-", "–")}


def a_name(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(NOT_KEPT | {"autocapitalize": "words"}),
    )


def mark_field() -> forms.UUIDField:
    """Made with the page, so that a form sent twice is one act."""
    return forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)


def accepts_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("What do you do about it?"),
        choices=Shortness.Done.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what you do about it.")},
    )


def heads(label: Any, most: int, **more: Any) -> forms.IntegerField:
    attrs = {"data-stepper": True, "inputmode": "numeric"}
    widget = forms.NumberInput(attrs=attrs)
    return forms.IntegerField(label=label, max_value=most, widget=widget, **more)


class BeginForm(forms.Form):
    adults = heads(
        gettext_lazy("Adults with the children, you too"), MOST_ADULTS_HERE, min_value=1, initial=1
    )
    places = heads(
        gettext_lazy("How many children fit into the room"),
        MOST_PLACES,
        min_value=1,
        required=False,
    )


class AdultsForm(forms.Form):
    adults = heads(gettext_lazy("Adults with the children, you too"), MOST_ADULTS_HERE, min_value=0)


class ShortForm(forms.Form):
    mark = mark_field()
    accepts = accepts_field()


class ChildFields(forms.Form):
    """What a child is called, how old, and what is to be known."""

    alias = a_name(
        gettext_lazy("What is the child called?"),
        help_text=gettext_lazy("A first name or any other. It need not be the real one."),
    )
    band = forms.ChoiceField(label=gettext_lazy("How old?"), widget=forms.RadioSelect)
    allergies = forms.CharField(
        label=gettext_lazy("Allergies"),
        required=False,
        max_length=300,
        widget=forms.TextInput(NOT_KEPT),
    )
    needs = forms.CharField(
        label=gettext_lazy("What else helps the child"),
        help_text=gettext_lazy("Such as: sleeps with a light on; does not eat pork; is shy."),
        required=False,
        max_length=600,
        widget=forms.Textarea(NOT_KEPT | {"rows": 3}),
    )

    def __init__(self, data: Any, *, bands: Iterable[Band], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        choices = [(band.key, band_in_words(band.key)) for band in bands]
        self.fields["band"].choices = choices  # type: ignore[attr-defined]

    @property
    def told(self) -> Needs:
        return Needs(self.cleaned_data["allergies"], self.cleaned_data["needs"])


class NewChildForm(ChildFields):
    mark = mark_field()
    adult = a_name(gettext_lazy("Who brings the child?"))
    member = forms.ChoiceField(
        label=gettext_lazy("Whose child is it?"),
        help_text=gettext_lazy("Only if the parent is one of these. Else leave it as it is."),
        required=False,
    )

    def __init__(self, data: Any, *, bands: Iterable[Band], members: Sequence[Membership]) -> None:
        super().__init__(data, bands=bands)
        self.members = {str(member.pk): member for member in members}
        named = [(key, member.alias) for key, member in self.members.items()]
        choices = [("", _("somebody who is here tonight")), *named]
        self.fields["member"].choices = choices  # type: ignore[attr-defined]
        self.order_fields(["alias", "band", "adult", "member", "allergies", "needs", "mark"])


class WhoForm(forms.Form):
    """Which adult stands there: one of the list, or a name that was typed."""

    mark = mark_field()
    adult = forms.ChoiceField(
        label=gettext_lazy("Who is it?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose who it is.")},
    )
    other = a_name(gettext_lazy("Their name, if they are not on the list"), required=False)

    def __init__(self, data: Any, *, adults: Sequence[ListedAdult]) -> None:
        super().__init__(data)
        self.listed = {str(each.adult.pk): each.name for each in adults}
        choices = [*self.listed.items(), (OTHER, _("somebody else"))]
        self.fields["adult"].choices = choices  # type: ignore[attr-defined]
        if not self.listed:
            self.initial["adult"] = OTHER

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("adult") == OTHER and not found.get("other", "").strip():
            self.add_error("other", _("Write the name of the adult."))
        return found

    @property
    def is_chosen(self) -> bool:
        return bool(self.cleaned_data["adult"] != OTHER)

    @property
    def name(self) -> str:
        listed = self.listed.get(self.cleaned_data["adult"])
        return listed if listed is not None else self.cleaned_data["other"].strip()


class SignInForm(WhoForm):
    parent_agrees = forms.BooleanField(
        label=gettext_lazy("They are the parent, or the parent stands here and says yes"),
        required=False,
    )
    accepts = accepts_field()

    def __init__(self, data: Any, *, adults: Sequence[ListedAdult], owed: bool) -> None:
        super().__init__(data, adults=adults)
        if not owed:
            del self.fields["accepts"]


class SignOutForm(WhoForm):
    seen = forms.ChoiceField(
        label=gettext_lazy("How do you know them?"),
        choices=Visit.Seen.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say how you know who it is.")},
    )
    code = forms.CharField(
        label=gettext_lazy("The code on their slip"),
        required=False,
        max_length=20,
        widget=forms.TextInput(NOT_KEPT | {"autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("seen") == Visit.Seen.CODE and not found.get("code", "").strip():
            self.add_error("code", _("Type the code, or say how else you know them."))
        return found
