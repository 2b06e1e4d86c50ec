"""What is asked about somebody who leads groups."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.people.models import Facilitator
from goround.domain.privacy.place import PlaceError
from goround.web.parent_forms import place_of
from goround.web.people_words import FIRST_LANGUAGES, language_name, other_languages

SPARE_TRAININGS = 2
MOST_TRAININGS = 40
# Columns of ``Facilitator`` that the form shows as they are.
PLAIN = (
    "shown_as",
    "is_parent",
    "interests",
    "max_km",
    "groups_at_most",
    "background_check_until",
    "in_service",
)


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, **more)


class FacilitatorForm(forms.Form):
    shown_as = forms.CharField(
        label=gettext_lazy("Shown as"),
        max_length=80,
        help_text=gettext_lazy("What colleagues and parents see. A first name is enough."),
    )
    is_parent = forms.BooleanField(label=gettext_lazy("Is a parent too"), required=False)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), required=False, widget=forms.CheckboxSelectMultiple
    )
    another_language = forms.ChoiceField(label=gettext_lazy("Another language"), required=False)
    interests = forms.MultipleChoiceField(
        label=gettext_lazy("Trained for"),
        required=False,
        help_text=gettext_lazy("None ticked: any type of group."),
        widget=forms.CheckboxSelectMultiple,
    )
    groups_at_most = forms.IntegerField(
        label=gettext_lazy("Leads at most"),
        initial=1,
        min_value=0,
        max_value=20,
        help_text=gettext_lazy("How many groups at the same time."),
    )
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=12, required=False)
    lat = forms.CharField(label=gettext_lazy("Latitude"), max_length=24, required=False)
    lon = forms.CharField(label=gettext_lazy("Longitude"), max_length=24, required=False)
    max_km = forms.FloatField(
        label=gettext_lazy("Travels at most, in km"), required=False, min_value=0, max_value=500
    )
    background_check_until = _day(gettext_lazy("Background check is good until"))
    in_service = forms.BooleanField(
        label=gettext_lazy("Leads groups now"), required=False, initial=True
    )

    def __init__(
        self,
        data: Any,
        *,
        person: Facilitator,
        types: Mapping[str, str],
        taken: frozenset[str],
        viewer: Any,
    ) -> None:
        names = FacilitatorForm.base_fields.keys() & set(PLAIN)
        stored = {name: getattr(person, name) for name in names} if person.pk else {}
        super().__init__(data, initial=stored | {"languages": person.languages})
        self.person, self.viewer = person, viewer
        self.taken = taken - {person.shown_as.casefold()}
        tags = dict.fromkeys([*FIRST_LANGUAGES, *person.languages])
        kinds = dict(types) | {key: key for key in person.interests if key not in types}
        self._offer("languages", [(tag, language_name(tag)) for tag in tags])
        self._offer("another_language", [("", _("choose")), *other_languages()])
        self._offer("interests", list(kinds.items()))

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean_shown_as(self) -> str:
        shown_as = " ".join(self.cleaned_data["shown_as"].split())
        if shown_as.casefold() in self.taken:
            raise forms.ValidationError(
                _("Somebody is shown as %(name)s already. Add a letter to tell them apart.")
                % {"name": shown_as}
            )
        return shown_as

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        told = [cleaned.get(name, "") for name in ("postcode", "lat", "lon")]
        self.home_cell = self.person.home_cell
        if any(told):
            try:
                self.home_cell = place_of(self.viewer, self.person.organisation, *told)
            except PlaceError:
                self.add_error("postcode", _("We do not know this place. Nothing was saved yet."))
        return cleaned

    def changes(self) -> dict[str, Any]:
        told = self.cleaned_data
        languages = dict.fromkeys([*told["languages"], told["another_language"]])
        plain = {name: told[name] for name in PLAIN}
        return plain | {
            "interests": tuple(told["interests"]),
            "languages": tuple(tag for tag in languages if tag),
            "home_cell": self.home_cell,
        }


class TrainingRow(forms.Form):
    """One training completed; left empty, it is not there."""

    kind = forms.ChoiceField(label=gettext_lazy("Training"), required=False)
    completed_on = _day(gettext_lazy("Completed on"))

    def __init__(self, *args: Any, kinds: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        if isinstance(kind, forms.ChoiceField):
            kind.choices = [("", "–"), *kinds.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("kind")) != bool(cleaned.get("completed_on")) and not self.errors:
            raise forms.ValidationError(_("Fill in both the training and its day, or neither."))
        return cleaned


TrainingRows = forms.formset_factory(
    TrainingRow, extra=SPARE_TRAININGS, max_num=MOST_TRAININGS, absolute_max=MOST_TRAININGS
)


def training_rows(data: Any, person: Facilitator, kinds: Mapping[str, str]) -> Any:
    done = list(person.trainings.all()) if person.pk else []
    known = dict(kinds) | {row.kind: row.kind for row in done if row.kind not in kinds}
    stored = [
        {"kind": row.kind, "completed_on": row.completed_on}
        for row in sorted(done, key=lambda row: (row.completed_on, row.kind))
    ]
    # As for hours: rows sent in stand for themselves.
    rows = stored if data is None else None
    return TrainingRows(data, initial=rows, prefix="trainings", form_kwargs={"kinds": known})


def trainings_of(rows: Any) -> list[tuple[str, date]]:
    told = [(row.cleaned_data.get("kind"), row.cleaned_data.get("completed_on")) for row in rows]
    return [(kind, day) for kind, day in told if kind and day]
