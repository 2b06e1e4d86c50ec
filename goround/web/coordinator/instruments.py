"""The questions: what ships, what an organisation uses, their words, and how sure each point is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.reader.words import readers_language
from goround.apps.surveys.library import shipped_instruments
from goround.apps.surveys.making import (
    KeyTaken,
    change,
    put_words,
    take_up,
    use_instrument,
    write_own,
)
from goround.apps.surveys.models import Survey, SurveyVersion
from goround.apps.surveys.selectors import surveys_for
from goround.domain.surveys import (
    Instrument,
    Item,
    Mark,
    Part,
    State,
    write_instrument,
)
from goround.domain.surveys.schema import in_language, missing_words
from goround.web.coordinator.survey_forms import FileForm, OwnForm, WordsForm, own_key
from goround.web.rendering import Request, sent


@dataclass(frozen=True, slots=True)
class ItemRow:
    item: Item
    words: str
    scale: str
    unsure: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class PartRow:
    part: Part
    words: str
    items: list[ItemRow]
    unsure: tuple[Mark, ...]


@require_http_methods(["GET", "POST"])
def instruments(request: Request) -> HttpResponse:
    """What is in use, and what ships; one that ships is taken up from here."""
    shipped = request.POST.get("shipped", "")
    if request.method == "POST" and shipped in shipped_instruments():
        return _to(
            request,
            take_up(
                organisation=request.organisation, key=shipped, by=request.user, at=timezone.now()
            ),
        )
    used = list(surveys_for(request.user, request.organisation))
    keys = {survey.key for survey in used}
    context = {
        "used": [(survey, newest_of(survey).instrument) for survey in used],
        "others": [one for key, one in shipped_instruments().items() if key not in keys],
    }
    return render(request, "coordinator/instruments.html", context)


@require_GET
def instrument(request: Request, survey_id: int) -> HttpResponse:
    survey = find_survey(request, survey_id)
    version = newest_of(survey)
    shown = version.instrument
    language = readers_language()
    context = {
        "survey": survey,
        "version": version,
        "instrument": shown,
        "versions": list(survey.versions.all()),
        "parts": [_part_row(shown, part, language) for part in shown.parts],
        "marks": [(mark, *_state_words(mark.state)) for mark in shown.open_marks],
        "languages": [(code, _language(code), shown.ready_in(code)) for code in shown.languages],
        "can_edit": _is_simple(survey, shown),
    }
    return render(request, "coordinator/instrument.html", context)


@require_http_methods(["GET", "POST"])
def instrument_words(request: Request, survey_id: int, language: str) -> HttpResponse:
    """The words from the network's own copy; half of them may wait until later."""
    survey = find_survey(request, survey_id)
    version = newest_of(survey)
    if language not in version.instrument.languages:
        raise Http404
    form = WordsForm(sent(request), instrument=version.instrument, language=language)
    if request.method == "POST" and form.is_valid():
        after = put_words(
            version=version,
            language=language,
            by=request.user,
            at=timezone.now(),
            **form.wording(),
        )
        missing = len(missing_words(after.instrument, language))
        _say_missing(request, missing)
        return _to(request, survey)
    context = {
        "survey": survey,
        "form": form,
        "instrument": version.instrument,
        "language": language,
        "language_name": _language(language),
    }
    status = 422 if form.errors else 200
    return render(request, "coordinator/instrument_words.html", context, status=status)


def _say_missing(request: Request, missing: int) -> None:
    if missing:
        messages.info(
            request,
            ngettext(
                "Kept. %(count)s place is still without words; until then nobody can be asked.",
                "Kept. %(count)s places are still without words; until then nobody can be asked.",
                missing,
            )
            % {"count": missing},
        )
    else:
        messages.success(request, _("All words are there. Groups can be asked in this language."))


@require_http_methods(["GET", "POST"])
def instrument_new(request: Request) -> HttpResponse:
    """Questions of one's own, without a file."""
    form = OwnForm(sent(request), language=readers_language())
    if request.method == "POST" and form.is_valid():
        taken = {survey.key for survey in surveys_for(request.user, request.organisation)}
        made = form.instrument(own_key(form.cleaned_data["name"], taken | {*shipped_instruments()}))
        survey = write_own(
            organisation=request.organisation,
            text=write_instrument(made),
            source=made.key,
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("The questions are kept. Now you can ask groups."))
        return _to(request, survey)
    status = 422 if form.errors else 200
    return render(request, "coordinator/instrument_edit.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def instrument_edit(request: Request, survey_id: int) -> HttpResponse:
    """The same for a survey written here. What was asked already stays as it was asked."""
    survey = find_survey(request, survey_id)
    now = newest_of(survey).instrument
    if not _is_simple(survey, now):
        messages.info(request, _("This survey has more to it than this page shows. Use a file."))
        return redirect("coordinator:instrument_upload", request.organisation.slug)
    form = OwnForm(sent(request), initial=_told(now), language=now.languages[0])
    if request.method == "POST" and form.is_valid():
        use_instrument(
            survey=survey,
            instrument=form.instrument(survey.key),
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("Kept. Groups that were asked before keep what they had."))
        return _to(request, survey)
    context = {"form": form, "survey": survey}
    status = 422 if form.errors else 200
    return render(request, "coordinator/instrument_edit.html", context, status=status)


@require_GET
def instrument_file(request: Request, survey_id: int) -> HttpResponse:
    survey = find_survey(request, survey_id)
    return HttpResponse(
        newest_of(survey).text,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{survey.key}.toml"'},
    )


@require_http_methods(["GET", "POST"])
def instrument_upload(request: Request) -> HttpResponse:
    """A file adds a survey, or the next version of the one that has its key."""
    form = FileForm(sent(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return _to(request, _keep_file(request, form))
    status = 422 if form.errors else 200
    return render(request, "coordinator/instrument_upload.html", {"form": form}, status=status)


def _keep_file(request: Request, form: FileForm) -> Survey:
    about: dict[str, Any] = {
        "text": form.text,
        "source": form.cleaned_data["file"].name,
        "by": request.user,
        "at": timezone.now(),
    }
    try:
        survey = write_own(organisation=request.organisation, **about)
        messages.success(request, _("The questions are kept. Now you can ask groups."))
    except KeyTaken:
        survey = get_object_or_404(
            surveys_for(request.user, request.organisation), key=form.instrument.key
        )
        change(survey=survey, **about)
        messages.success(request, _("Kept. Groups that were asked before keep what they had."))
    return survey


def find_survey(request: Request, survey_id: int) -> Survey:
    return get_object_or_404(surveys_for(request.user, request.organisation), pk=survey_id)


def newest_of(survey: Survey) -> SurveyVersion:
    return next(iter(survey.versions.all()))


def _part_row(shown: Instrument, part: Part, language: str) -> PartRow:
    items = [_item_row(shown, shown.item(key), language) for key in part.items]
    unsure = (*shown.marks_of(f"parts.{part.key}.items"),)
    if part.is_subscale:
        unsure += shown.marks_of(f"parts.{part.key}.at_least")
    return PartRow(part, in_language(part.words, language) or part.key, items, unsure)


def _item_row(shown: Instrument, item: Item, language: str) -> ItemRow:
    scale = shown.scale_of(item)
    labels = scale.labels_in(language) if scale else {}
    ends = f"{labels.get(scale.low, '')} – {labels.get(scale.high, '')}" if scale else _("boxes")
    span = f"{scale.low} – {scale.high}" if scale else ""
    at = f"items.{item.key}"
    unsure = (*shown.marks_of(f"{at}.scale"), *shown.marks_of(f"{at}.reverse"))
    words = in_language(item.words, language) or ""
    return ItemRow(item, words, f"{span} {ends.strip(' –')}".strip(), unsure)


def _state_words(state: State) -> tuple[str, str]:
    words = {
        State.INFERRED: (_("worked out, not read"), "warning"),
        State.REMEMBERED: (_("from memory, not read"), "warning"),
        State.CONFLICTING: (_("sources differ"), "danger"),
    }
    return words[state]


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def _is_simple(survey: Survey, shown: Instrument) -> bool:
    """Written here, and the page can show all of it: one language, one scale, two ends named."""
    scales = shown.scales
    return (
        survey.key not in shipped_instruments()
        and len(shown.languages) == len(scales) == 1
        and scales[0].low == 1
        and scales[0].high <= 7
        and len(scales[0].labels.get(shown.languages[0], ())) == 2
        and not any(item.is_ticks or not item.looks_back for item in shown.items)
        and len(shown.items) <= 20
        and not shown.marks
    )


def _told(shown: Instrument) -> dict[str, Any]:
    language, scale = shown.languages[0], shown.scales[0]
    low, high = scale.labels[language]
    told: dict[str, Any] = {
        "name": shown.name,
        "describes": shown.describes,
        "minutes": shown.minutes,
        "points": scale.high,
        "low": low,
        "high": high,
    }
    part_of = {key: part for part in shown.parts for key in part.items if part.is_subscale}
    for number, item in enumerate(shown.items, start=1):
        told[f"words-{number}"] = item.words.get(language, "")
        told[f"reverse-{number}"] = item.reverse
        if item.key in part_of:
            told[f"part-{number}"] = part_of[item.key].words.get(language, "")
    return told


def _to(request: Request, survey: Survey) -> HttpResponse:
    return redirect("coordinator:instrument", request.organisation.slug, survey.pk)
