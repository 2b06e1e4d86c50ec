"""Sheets of paper typed in, fast: a digit a question, and twice for who wants to be sure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from goround.apps.reader.words import readers_language
from goround.apps.surveys.models import Response, Wave
from goround.apps.surveys.services import AnsweredAlready, Filled, keep_response
from goround.apps.surveys.sheets import new_sheet, read_sheet
from goround.domain.surveys import Answer, Answers, Item, WaveKind
from goround.domain.surveys.linking import CodeUnfit, tidy_link
from goround.domain.surveys.schema import in_language
from goround.web.coordinator.surveys import find_wave
from goround.web.rendering import Request, sent
from goround.web.survey.forms import BEFORE, NOW

SALT = "goround.survey.first-typing"


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    words: str
    hint: str
    boxes: tuple[BoundField, ...]


class KeyingForm(forms.Form):
    """One short box for each question; empty is skipped, "13" ticks the first and third box."""

    link = forms.CharField(
        label=gettext_lazy("Their own code"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: Any, *, wave: Wave) -> None:
        super().__init__(data)
        self.instrument, self.looks_back = wave.instrument, wave.wave_kind is WaveKind.RETROSPECTIVE
        for item in self.instrument.items:
            for name in self._names(item):
                self.fields[name] = forms.CharField(
                    label=str(item.key),
                    required=False,
                    max_length=20,
                    widget=forms.TextInput(
                        attrs={
                            "inputmode": "numeric",
                            "autocomplete": "off",
                            "data-high": self._high(item),
                        }
                    ),
                )

    def _names(self, item: Item) -> list[str]:
        back = self.looks_back and item.looks_back
        return [f"{BEFORE}-{item.key}", f"{NOW}-{item.key}"] if back else [f"{NOW}-{item.key}"]

    def _high(self, item: Item) -> str:
        """Up to which number one digit is the whole answer; empty for boxes."""
        scale = self.instrument.scale_of(item)
        return str(scale.high) if scale else ""

    def rows(self) -> Iterator[Row]:
        language = readers_language()
        for number, item in enumerate(self.instrument.items, start=1):
            scale = self.instrument.scale_of(item)
            hint = f"{scale.low} – {scale.high}" if scale else _("boxes, as 13")
            words = in_language(item.words, language) or item.key
            yield Row(number, words, hint, tuple(self[name] for name in self._names(item)))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for item in self.instrument.items:
            for name in self._names(item):
                try:
                    found[name] = self._answer(item, found.get(name, ""))
                except ValueError:
                    self.add_error(name, _("No such answer. Look at the sheet again."))
        return found

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link:
            try:
                tidy_link(link)
            except CodeUnfit:
                raise forms.ValidationError(
                    _("A code has 5 to 40 letters and digits. Leave it out if there is none.")
                ) from None
        return link

    def _answer(self, item: Item, typed: str) -> Answer:
        """Raises ``ValueError`` for what is not on the sheet."""
        scale, signs = self.instrument.scale_of(item), typed.replace(" ", "").strip("-")
        if not signs:
            return None
        if scale is None:
            boxes = max(len(told) for told in item.options.values())
            ticked = tuple(sorted({int(sign) for sign in signs.replace(",", "")}))
            if not set(ticked) <= {*range(1, boxes + 1)}:
                raise ValueError(typed)
            return ticked
        if int(signs) not in scale.numbers:
            raise ValueError(typed)
        return int(signs)

    def filled(self) -> Filled:
        return Filled(self._answers(NOW), self._answers(BEFORE))

    def _answers(self, time: str) -> Answers:
        return {
            item.key: self.cleaned_data[f"{time}-{item.key}"]
            for item in self.instrument.items
            if f"{time}-{item.key}" in self.fields
        }

    def typed(self) -> dict[str, Any]:
        """All that was typed, to be compared with a second time."""
        return {
            "link": tidy_link(self.cleaned_data["link"]) if self.cleaned_data["link"] else ""
        } | {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in self.cleaned_data.items()
            if name != "link"
        }


@require_http_methods(["GET", "POST"])
def wave_key(request: Request, wave_id: int) -> HttpResponse:
    """One sheet after another. ``?twice=1`` asks for each a second time and compares."""
    wave = find_wave(request, wave_id)
    twice = request.GET.get("twice") == "1"
    form = KeyingForm(sent(request), wave=wave)
    context: dict[str, Any] = {"wave": wave, "form": form, "twice": twice, "stage": "first"}
    if request.method == "POST" and form.is_valid():
        first = _first(request)
        if twice and first is None and "compared" not in request.POST:
            context |= {
                "form": KeyingForm(None, wave=wave),
                "first": signing.dumps(form.typed(), salt=SALT),
                "stage": "second",
            }
            return render(request, "coordinator/wave_key.html", context)
        if first is not None and _differs(form, first):
            context["stage"] = "compared"
        elif _kept(request, wave, form):
            return _next(request, wave, twice=twice)
    context["sheet"] = request.POST.get("sheet") or new_sheet(wave.pk, at=timezone.now())
    status = 422 if form.errors else 200
    return render(request, "coordinator/wave_key.html", context, status=status)


def _first(request: Request) -> dict[str, Any] | None:
    try:
        told: dict[str, Any] = signing.loads(request.POST.get("first", ""), salt=SALT)
    except signing.BadSignature:
        return None
    return told


def _differs(form: KeyingForm, first: dict[str, Any]) -> bool:
    """Say at each answer what was typed the first time."""
    second = form.typed()
    for name in [name for name in second if second[name] != first.get(name)]:
        before = first.get(name)
        shown = "".join(map(str, before)) if isinstance(before, list) else before
        said = _("nothing") if shown in {None, ""} else shown
        form.add_error(name, _("The first time it was %(before)s.") % {"before": said})
    return bool(form.errors)


def _kept(request: Request, wave: Wave, form: KeyingForm) -> bool:
    signed = request.POST.get("sheet", "")
    sheet = read_sheet(signed, wave_id=wave.pk)
    if sheet is None:
        sheet = read_sheet(new_sheet(wave.pk, at=timezone.now()), wave_id=wave.pk)
    if sheet is None:
        raise AssertionError("a sheet made just now is not of its wave")
    try:
        keep_response(
            wave=wave,
            sheet=sheet,
            filled=form.filled(),
            mode=Response.Mode.PAPER,
            link=form.cleaned_data["link"],
            by=request.user,
            at=timezone.now(),
        )
    except AnsweredAlready:
        form.add_error(
            "link",
            _("There are answers under this code. Was the sheet typed in before? If not, add -2."),
        )
    return not form.errors


def _next(request: Request, wave: Wave, *, twice: bool) -> HttpResponse:
    messages.success(request, _("Kept. Next sheet."))
    address = reverse("coordinator:wave_key", args=[request.organisation.slug, wave.pk])
    return redirect(f"{address}?twice=1" if twice else address)
