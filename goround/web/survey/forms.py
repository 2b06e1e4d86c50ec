"""A form made from an instrument. Every question may be left out; nothing is saved here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.reader.words import readers_language
from goround.apps.surveys.models import Wave
from goround.apps.surveys.services import Filled
from goround.domain.surveys import Answer, Answers, Instrument, Item, WaveKind
from goround.domain.surveys.linking import CodeUnfit, tidy_link
from goround.domain.surveys.schema import in_language

NOW, BEFORE, SKIP = "now", "before", "skip"


class DoorForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("The code"),
        help_text=gettext_lazy("Eight letters and digits, from the paper or from whoever leads."),
        max_length=40,
        error_messages={"required": gettext_lazy("Write the code.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


@dataclass(frozen=True, slots=True)
class Question:
    """One item as a page shows it. ``low`` and ``high`` are words for the ends, where only they
    have words; else each choice carries its own."""

    number: int
    item: Item
    words: str
    now: BoundField
    before: BoundField | None
    low: str
    high: str

    @property
    def is_row(self) -> bool:
        return bool(self.low)


class AnswersForm(forms.Form):
    """``questions`` in the instrument's order; ``filled`` once it is valid."""

    link = forms.CharField(
        label=gettext_lazy("Your own code"),
        required=False,
        max_length=80,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(self, data: Any, *, wave: Wave, with_link: bool) -> None:
        super().__init__(data)
        self.wave, self.instrument = wave, wave.instrument
        self.language = language_for(self.instrument)
        self.looks_back = wave.wave_kind is WaveKind.RETROSPECTIVE
        if not with_link:
            del self.fields["link"]
        for item in self.instrument.items:
            self.fields[f"{NOW}-{item.key}"] = self._field(item)
            if self.looks_back and item.looks_back:
                self.fields[f"{BEFORE}-{item.key}"] = self._field(item)

    def _field(self, item: Item) -> forms.Field:
        scale = self.instrument.scale_of(item)
        if scale is None:
            options = in_language(item.options, self.language) or ()
            choices = [(str(number), words) for number, words in enumerate(options, start=1)]
            return forms.MultipleChoiceField(
                choices=choices, required=False, widget=forms.CheckboxSelectMultiple
            )
        labels = scale.labels_in(self.language)
        named = [(str(n), labels.get(n, str(n))) for n in scale.numbers]
        if len(labels) < len(scale.numbers):
            named = [(str(n), str(n)) for n in scale.numbers]
        return forms.ChoiceField(
            choices=[*named, (SKIP, _("Skip"))], required=False, widget=forms.RadioSelect
        )

    def questions(self) -> Iterator[Question]:
        for number, item in enumerate(self.instrument.items, start=1):
            scale = self.instrument.scale_of(item)
            labels = scale.labels_in(self.language) if scale else {}
            only_ends = scale is not None and len(labels) < len(scale.numbers)
            before = f"{BEFORE}-{item.key}"
            yield Question(
                number=number,
                item=item,
                words=in_language(item.words, self.language) or "",
                now=self[f"{NOW}-{item.key}"],
                before=self[before] if before in self.fields else None,
                low=labels[scale.low] if scale and only_ends else "",
                high=labels[scale.high] if scale and only_ends else "",
            )

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link:
            try:
                tidy_link(link)
            except CodeUnfit:
                raise forms.ValidationError(
                    _("That is too short or too long: take 5 to 40 letters and digits.")
                ) from None
        return link

    def filled(self) -> Filled:
        return Filled(self._answers(NOW), self._answers(BEFORE) if self.looks_back else {})

    def _answers(self, time: str) -> Answers:
        told: dict[str, Answer] = {}
        for item in self.instrument.items:
            name = f"{time}-{item.key}"
            if name in self.fields:
                value = self.cleaned_data[name]
                if item.is_ticks:
                    told[item.key] = tuple(map(int, value)) or None
                else:
                    told[item.key] = int(value) if value not in {"", SKIP} else None
        return told


def language_for(instrument: Instrument) -> str:
    """The page's language where the survey speaks it, else one that it speaks."""
    wanted = readers_language()
    ready = instrument.ready_languages
    return next((code for code in (wanted, wanted.split("-")[0]) if code in ready), ready[0])
