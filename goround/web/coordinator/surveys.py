"""Surveys held in groups: what was asked, how many answered, how long it takes, what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from random import SystemRandom

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.groups.models import Group
from goround.apps.groups.selectors import GroupsKept, groups_kept
from goround.apps.reader.words import readers_language
from goround.apps.surveys.models import SurveyVersion, Wave
from goround.apps.surveys.selectors import Came, came_of, came_of_kinds, surveys_for, waves_for
from goround.apps.surveys.services import close_wave, open_waves
from goround.domain.surveys import WaveKind
from goround.domain.surveys.schema import in_language
from goround.domain.surveys.summing import LEAST, Figure, Summed
from goround.web.coordinator.survey_forms import WaveForm
from goround.web.qr import qr_code
from goround.web.rendering import Request, sent
from goround.web.survey.forms import AnswersForm

A_PAGE = 30


@require_GET
def surveys(request: Request) -> HttpResponse:
    found = waves_for(request.user, request.organisation)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    today = request.organisation.local(timezone.now()).date()
    context = {"page": page, "lines": [(wave, wave.is_open(on=today)) for wave in page]}
    return render(request, "coordinator/surveys.html", context)


@require_http_methods(["GET", "POST"])
def wave_new(request: Request) -> HttpResponse:
    now, ready = timezone.now(), _ready(request)
    if not ready:
        return redirect("coordinator:instruments", request.organisation.slug)
    active = GroupsKept(status=Group.Status.ACTIVE)
    form = WaveForm(
        sent(request),
        versions=ready,
        groups=groups_kept(request.user, request.organisation, keep=active),
        today=request.organisation.local(now).date(),
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        waves = open_waves(
            groups=list(told["groups"]),
            version=form.version,
            kind=WaveKind(told["kind"]),
            opens_on=told["opens_on"],
            closes_on=told["closes_on"],
            planned_minutes=told["planned_minutes"],
            by=request.user,
            at=now,
            rng=SystemRandom(),
        )
        messages.success(request, _("Asked. Each group has a code of its own."))
        if len(waves) == 1:
            return _to(request, waves[0])
        return redirect("coordinator:surveys", request.organisation.slug)
    status = 422 if form.errors else 200
    return render(request, "coordinator/wave_new.html", {"form": form}, status=status)


@require_GET
def wave(request: Request, wave_id: int) -> HttpResponse:
    found = find_wave(request, wave_id)
    address = request.build_absolute_uri(reverse("survey:enter"))
    label = _("QR code for %(address)s") % {"address": address}
    context = {
        "wave": found,
        "is_open": found.is_open(on=found.group.today(at=timezone.now())),
        "address": address.partition("://")[2],
        # Behind the # it stays on the device: no server sees it in an address.
        "code": qr_code(f"{address}#{found.code}", label),
        "came": _shown(came_of(request.user, found, at=timezone.now())),
        "least": LEAST,
    }
    return render(request, "coordinator/wave.html", context)


@require_GET
def wave_paper(request: Request, wave_id: int) -> HttpResponse:
    """The questions to print, with a line for a code of one's own."""
    found = find_wave(request, wave_id)
    form = AnswersForm(None, wave=found, with_link=True)
    return render(request, "coordinator/wave_paper.html", {"wave": found, "form": form})


@require_http_methods(["GET", "POST"])
def wave_close(request: Request, wave_id: int) -> HttpResponse:
    found = find_wave(request, wave_id)
    if request.method == "POST":
        close_wave(wave=found, by=request.user, at=timezone.now())
        messages.success(request, _("Closed. Nobody is reminded any more."))
        return _to(request, found)
    context = {
        "question": _("Close the questions in %(group)s?") % {"group": found.group.name},
        "consequence": _(
            "From now on nobody answers by phone or tablet. Sheets on paper can still be typed in."
        ),
        "action": _("Close"),
        "danger": False,
        "cancel_url": reverse("coordinator:wave", args=[request.organisation.slug, found.pk]),
    }
    return render(request, "components/confirm.html", context)


@dataclass(frozen=True, slots=True)
class Line:
    """One part, or one single question, with what it came to."""

    words: str
    figure: Figure | None
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Shown:
    people: int
    lines: list[Line]


@require_GET
def survey_results(request: Request, survey_id: int) -> HttpResponse:
    """What a survey came to over all groups, by kind of wave: closed waves, and many people."""
    found = get_object_or_404(surveys_for(request.user, request.organisation), pk=survey_id)
    rows = came_of_survey(request, found.key)
    context = {"survey": found, "kinds": rows, "least": LEAST}
    return render(request, "coordinator/survey_results.html", context)


def came_of_survey(request: Request, key: str) -> list[tuple[str, Shown | None]]:
    told = came_of_kinds(request.user, request.organisation, key, at=timezone.now())
    return [(str(Wave.Kind(kind.value).label), _shown(came)) for kind, came in told]


def find_wave(request: Request, wave_id: int) -> Wave:
    return get_object_or_404(waves_for(request.user, request.organisation), pk=wave_id)


def _shown(came: Came | None) -> Shown | None:
    if came is None:
        return None
    language, instrument = readers_language(), came.instrument
    summed: Summed = came.summed
    lines = []
    for part in instrument.parts:
        keys = [part.key] if part.is_subscale else list(part.items)
        for key in keys:
            item = instrument.item(key) if not part.is_subscale else instrument.item(part.items[0])
            scale = instrument.scale_of(item)
            if scale is None:
                continue
            words = part.words if part.is_subscale else item.words or part.words
            figure = summed.figures.get(key)
            lines.append(Line(in_language(words, language) or key, figure, scale.low, scale.high))
    return Shown(summed.people, lines)


def _ready(request: Request) -> list[SurveyVersion]:
    """The newest version of each survey that can be held."""
    newest = [
        next(iter(survey.versions.all()))
        for survey in surveys_for(request.user, request.organisation)
    ]
    return [version for version in newest if version.instrument.ready_languages]


def _to(request: Request, found: Wave) -> HttpResponse:
    return redirect("coordinator:wave", request.organisation.slug, found.pk)
