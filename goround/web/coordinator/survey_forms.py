"""Forms for holding surveys and writing them. They check input and save nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.groups.models import Group
from goround.apps.surveys.models import SurveyVersion, Wave
from goround.domain.surveys import (
    Instrument,
    InstrumentError,
    Item,
    Part,
    Rights,
    Scale,
    read_instrument,
)
from goround.domain.surveys.read import LONGEST_FILE, LONGEST_ITEM, LONGEST_LABEL, LONGEST_NAME

A_WAVE = timedelta(days=21)
OWN_ROWS = 20


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class GroupsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class WaveForm(forms.Form):
    """What is asked, of which groups, from when to when."""

    survey = forms.ChoiceField(label=gettext_lazy("Questions"))
    kind = forms.ChoiceField(
        label=gettext_lazy("When in the group's life"),
        choices=Wave.Kind.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "A first survey is for members of the first 14 days. Before and now in one sitting "
            "suits groups that people join at any time; it is never put together with the others."
        ),
    )
    opens_on = forms.DateField(label=gettext_lazy("From"), widget=DayInput())
    closes_on = forms.DateField(label=gettext_lazy("Until"), widget=DayInput())
    planned_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes planned for it in the meeting"),
        min_value=1,
        max_value=120,
        help_text=gettext_lazy("The wave's page shows how long it really takes."),
        widget=forms.NumberInput(attrs={"data-stepper": True}),
    )

    def __init__(
        self,
        data: Any,
        *,
        versions: Sequence[SurveyVersion],
        groups: QuerySet[Group],
        today: date,
    ) -> None:
        start = {"opens_on": today, "closes_on": today + A_WAVE, "planned_minutes": 10}
        super().__init__(data, initial=start)
        self.versions = {str(version.pk): version for version in versions}
        named = [(pk, version.instrument.name) for pk, version in self.versions.items()]
        self.fields["survey"].choices = named  # type: ignore[attr-defined]
        self.fields["groups"] = GroupsField(
            groups,
            label=_("Groups"),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose one group or more.")},
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        first, last = found.get("opens_on"), found.get("closes_on")
        if first and last and last < first:
            self.add_error("closes_on", _("The last day is before the first. Choose a later one."))
        return found

    @property
    def version(self) -> SurveyVersion:
        return self.versions[self.cleaned_data["survey"]]


@dataclass(frozen=True, slots=True)
class WordRow:
    """One question as the page for words shows it."""

    item: Item
    words: BoundField
    options: BoundField | None
    unsure: tuple[str, ...]


class WordsForm(forms.Form):
    """The words of a survey in one language, from a copy that the network holds."""

    def __init__(self, data: Any, *, instrument: Instrument, language: str) -> None:
        super().__init__(data)
        self.instrument, self.language = instrument, language
        for scale in instrument.scales:
            self.fields[f"scale-{scale.key}"] = forms.CharField(
                label=_("Words for %(low)s to %(high)s") % {"low": scale.low, "high": scale.high},
                help_text=_("One line for each number, or two lines: one for each end."),
                initial="\n".join(scale.labels.get(language, ())),
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        for item in instrument.items:
            self.fields[f"item-{item.key}"] = forms.CharField(
                label=_("Question %(number)s") % {"number": item.key},
                initial=item.words.get(language, ""),
                required=False,
                max_length=LONGEST_ITEM,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            if item.is_ticks:
                self.fields[f"options-{item.key}"] = forms.CharField(
                    label=_("Its boxes, one a line"),
                    initial="\n".join(item.options.get(language, ())),
                    required=False,
                    widget=forms.Textarea(attrs={"rows": 4}),
                )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for scale in self.instrument.scales:
            count = len(_lines(found.get(f"scale-{scale.key}", "")))
            if count not in {0, 2, len(scale.numbers)}:
                self.add_error(
                    f"scale-{scale.key}",
                    _("Write 2 lines, or %(all)s.") % {"all": len(scale.numbers)},
                )
        for name, told in found.items():
            longest = LONGEST_LABEL if name.startswith("scale-") else LONGEST_NAME
            if not name.startswith("item-") and any(len(line) > longest for line in _lines(told)):
                self.add_error(name, _("One line is too long."))
        return found

    def scales(self) -> list[BoundField]:
        return [self[f"scale-{scale.key}"] for scale in self.instrument.scales]

    def rows(self) -> Iterator[WordRow]:
        for item in self.instrument.items:
            options = f"options-{item.key}"
            yield WordRow(
                item,
                self[f"item-{item.key}"],
                self[options] if options in self.fields else None,
                tuple(mark.says for mark in self.instrument.marks_of(f"items.{item.key}.reverse")),
            )

    def wording(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {
            "items": {
                item.key: " ".join(told[f"item-{item.key}"].split())
                for item in self.instrument.items
            },
            "labels": {
                scale.key: _lines(told[f"scale-{scale.key}"]) for scale in self.instrument.scales
            },
            "options": {
                item.key: _lines(told[f"options-{item.key}"])
                for item in self.instrument.items
                if item.is_ticks
            },
        }


class OwnForm(forms.Form):
    """A survey of one's own: a name, one scale, and up to twenty questions in named parts."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    describes = forms.CharField(label=gettext_lazy("What it is for, in a sentence"), max_length=300)
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes it takes, about"),
        min_value=1,
        max_value=60,
        initial=5,
        widget=forms.NumberInput(attrs={"data-stepper": True}),
    )
    points = forms.TypedChoiceField(
        label=gettext_lazy("How many points"),
        choices=[(number, str(number)) for number in range(2, 8)],
        coerce=int,
        initial=5,
    )
    low = forms.CharField(label=gettext_lazy("Words for the lowest"), max_length=LONGEST_LABEL)
    high = forms.CharField(label=gettext_lazy("Words for the highest"), max_length=LONGEST_LABEL)

    def __init__(self, data: Any, *, initial: Mapping[str, Any] | None = None, language: str):
        super().__init__(data, initial=dict(initial or {}))
        self.language = language
        for number in range(1, OWN_ROWS + 1):
            self.fields[f"words-{number}"] = forms.CharField(
                label=_("Question %(number)s") % {"number": number},
                required=False,
                max_length=LONGEST_ITEM,
            )
            self.fields[f"part-{number}"] = forms.CharField(
                label=_("Counted together with"),
                required=False,
                max_length=40,
                widget=forms.TextInput(attrs={"list": "parts"}),
            )
            self.fields[f"reverse-{number}"] = forms.BooleanField(
                label=_("A high number is less"), required=False
            )

    def rows(self) -> list[tuple[BoundField, BoundField, BoundField]]:
        return [
            (self[f"words-{number}"], self[f"part-{number}"], self[f"reverse-{number}"])
            for number in range(1, OWN_ROWS + 1)
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not self.errors and not self._questions():
            self.add_error("words-1", _("Write one question at least."))
        return found

    def _questions(self) -> list[tuple[str, str, str, bool]]:
        told = self.cleaned_data
        rows = []
        for number in range(1, OWN_ROWS + 1):
            words = " ".join(told.get(f"words-{number}", "").split())
            if words:
                part = " ".join(told.get(f"part-{number}", "").split())
                rows.append((str(number), words, part, bool(told.get(f"reverse-{number}"))))
        return rows

    def instrument(self, key: str) -> Instrument:
        told, language = self.cleaned_data, self.language
        questions = self._questions()
        return Instrument(
            key=key,
            name=" ".join(told["name"].split()),
            describes=" ".join(told["describes"].split()),
            minutes=told["minutes"],
            languages=(language,),
            rights=Rights(credit=_("Our own"), terms=_("Written here.")),
            scales=(Scale("answer", 1, told["points"], {language: (told["low"], told["high"])}),),
            items=tuple(
                Item(number, "answer", {language: words}, reverse)
                for number, words, _part, reverse in questions
            ),
            parts=tuple(_parts(questions, language)),
        )


def _parts(questions: Iterable[tuple[str, str, str, bool]], language: str) -> Iterator[Part]:
    """Questions of one name have a mean, when two thirds are answered; the others stand alone."""
    by_name: dict[str, list[str]] = {}
    for number, _words, name, _reverse in questions:
        by_name.setdefault(name, []).append(number)
    alone = by_name.pop("", [])
    for place, (name, items) in enumerate(by_name.items(), start=1):
        at_least = -(-2 * len(items) // 3)
        yield Part(f"part-{place}", {language: name}, tuple(items), at_least)
    if alone:
        yield Part("single", {language: _("Single questions")}, tuple(alone), None)


class FileForm(forms.Form):
    """An instrument from a file, checked; ``text`` and ``instrument`` once it is valid."""

    file = forms.FileField(
        label=gettext_lazy("A file from this device"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".toml,.txt,text/plain,application/toml"}),
    )
    text = ""
    instrument: Instrument

    def __init__(self, data: Any, files: Any) -> None:
        super().__init__(data, files)
        self.mistakes: tuple[str, ...] = ()

    def clean_file(self) -> Any:
        uploaded = self.cleaned_data["file"]
        if uploaded.size > 4 * LONGEST_FILE:
            raise forms.ValidationError(_("This file is too long for a survey."))
        try:
            self.text = str(uploaded.read(), "utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(
                _("This is no plain text in UTF-8. Save it as plain text.")
            ) from None
        try:
            self.instrument = read_instrument(self.text, source=uploaded.name)
        except InstrumentError as error:
            self.mistakes = error.problems
            raise forms.ValidationError(
                _("The file has mistakes. Nothing was added. Correct what is listed.")
            ) from None
        return uploaded


def own_key(name: str, taken: Iterable[str]) -> str:
    """A key from a name, that no other survey has."""
    plain = re.sub(r"[^a-z0-9]+", "-", slugify(name))[:34].strip("-")
    first, known = plain or "survey", set(taken)
    numbered = (first if number == 1 else f"{first}-{number}" for number in range(1, 1000))
    return next(key for key in numbered if key not in known)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())
