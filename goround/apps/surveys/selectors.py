"""Which surveys and waves somebody sees. Nobody is shown a single person's answers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, QuerySet

from goround.apps.circle.codes import tidy_code
from goround.apps.circle.selectors import groups_to_lead
from goround.apps.groups.models import Group, Membership
from goround.apps.groups.selectors import own_memberships
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import Viewer, organisations_for
from goround.apps.surveys.models import Awaited, Response, Survey, SurveyVersion, Wave
from goround.apps.surveys.scored import scored_rows
from goround.apps.walls.places import has_walls, opening, read, show_survey
from goround.domain.surveys import (
    Design,
    Instrument,
    PairSet,
    ScoredResponse,
    WaveKind,
    pair,
)
from goround.domain.surveys.schema import counts_alike
from goround.domain.surveys.summing import Summed, summarise


def surveys_for(viewer: Viewer, organisation: Organisation) -> QuerySet[Survey]:
    """Surveys of an organisation with their versions, newest first, for those who hold surveys."""
    may = organisations_for(viewer, needs=Permission.HOLD_SURVEYS)
    newest_first = SurveyVersion.objects.select_related("survey").order_by("-number")
    return (
        Survey.objects.filter(organisation=organisation, organisation__in=may)
        .prefetch_related(Prefetch("versions", newest_first))
        .order_by("key")
    )


def waves_for(viewer: Viewer, organisation: Organisation) -> QuerySet[Wave]:
    """Waves of an organisation, the latest first, with how many ``answered`` and are ``awaiting``.

    One query, however many.
    """
    may = organisations_for(viewer, needs=Permission.HOLD_SURVEYS)
    return (
        Wave.objects.filter(organisation=organisation, organisation__in=may)
        .select_related("group__organisation", "version__survey")
        .annotate(
            answered=Count("responses", distinct=True), awaiting=Count("awaited", distinct=True)
        )
        .order_by("-opens_on", "-pk")
    )


def wave_behind(viewer: Viewer, code: str, *, at: datetime) -> Wave | None:
    """The open wave of this code; anybody may try, a few times."""
    code = tidy_code(code)
    if not code:
        return None
    found = Wave.objects.filter(code=code)
    if has_walls():
        show_survey(code)
        read(opening(found, "organisation_id"))
    wave = found.select_related("group__organisation", "version__survey").first()
    return wave if wave and wave.is_open(on=wave.group.today(at=at)) else None


@dataclass(frozen=True, slots=True)
class OwnWave:
    """A wave that a parent may answer. ``is_asked``: it may be put in front of them."""

    wave: Wave
    membership: Membership
    is_asked: bool


def own_waves(viewer: Viewer, *, at: datetime) -> list[OwnWave]:
    """Open waves of the viewer's own groups that they have not answered. Four queries at most.

    ``is_asked`` is False for who said no and for who came too late for a first survey; a first
    survey is then not offered at all.
    """
    mine = {each.group_id: each for each in own_memberships(viewer).select_related("parent")}
    rows = Wave.objects.filter(group__in=mine).select_related("group", "version__survey")
    waves = [
        wave
        for wave in rows.order_by("closes_on", "pk")
        if wave.is_open(on=wave.group.today(at=at))
    ]
    if not waves:
        return []
    answers = Response.objects.filter(wave__in=waves, respondent__parent__user=viewer.pk)
    answered = set(answers.values_list("wave_id", flat=True))
    awaited = Awaited.objects.filter(wave__in=waves, parent__user=viewer.pk)
    asked = set(awaited.values_list("wave_id", flat=True))
    return [
        OwnWave(wave, mine[wave.group_id], wave.pk in asked)
        for wave in waves
        if wave.pk not in answered and (wave.pk in asked or wave.wave_kind is not WaveKind.PRE)
    ]


def waves_led(viewer: Viewer, group: Group, *, at: datetime) -> list[Wave]:
    """Open waves of a group the viewer leads, with how many ``answered``; never who or what.

    Who said no is not told to those who lead: they sit in the same room.
    """
    if group.pk not in groups_to_lead(viewer, group.organisation):
        return []
    waves = Wave.objects.filter(group=group).select_related("version__survey")
    counted = waves.annotate(answered=Count("responses")).order_by("closes_on", "pk")
    return [wave for wave in counted if wave.is_open(on=group.today(at=at))]


def scored_responses(
    viewer: Viewer,
    organisation: Organisation,
    survey_key: str,
    *,
    design: Design,
    programme_id: int | None = None,
) -> tuple[Instrument, list[ScoredResponse]] | None:
    """Every response to one survey, scored, for those who hold surveys; else None.

    For counting and never for showing: each is one person's. ``person`` is a number made up for
    this answer; ``group`` is the group's primary key, so that a page can leave out small ones.
    Only one design at a time: what was remembered and what was answered then are never one
    sample. Of ``ONE_SITTING`` each response comes twice, ``looks_back`` first. Versions that are
    counted otherwise than the newest are left out. Two queries, however many responses.
    """
    survey = surveys_for(viewer, organisation).filter(key=survey_key).first()
    if survey is None:
        return None
    instrument, alike = _alike(survey)
    rows = Response.objects.filter(wave__version__in=alike, organisation=organisation)
    if programme_id is not None:
        rows = rows.filter(wave__group__programme=programme_id)
    held = [
        row
        for row in rows.select_related("wave").order_by("wave__opens_on", "wave_id", "pk")
        if Design.of(row.wave.wave_kind) is design
    ]
    return instrument, list(scored_rows(instrument, held, design))


def scored_pairs(
    viewer: Viewer,
    organisation: Organisation,
    survey_key: str,
    *,
    design: Design,
    programme_id: int | None = None,
) -> tuple[Instrument, PairSet] | None:
    """The same responses as pairs: each person's first answers and their last, and who is missing.

    ``PairSet`` refuses to hold both designs.
    """
    found = scored_responses(
        viewer, organisation, survey_key, design=design, programme_id=programme_id
    )
    return found and (found[0], pair(found[1], design=design))


def _alike(survey: Survey) -> tuple[Instrument, list[SurveyVersion]]:
    """The newest instrument of a survey, and every version that is counted like it."""
    newest, *older = survey.versions.all()
    instrument = newest.instrument
    return instrument, [newest, *(one for one in older if counts_alike(one.instrument, instrument))]


@dataclass(frozen=True, slots=True)
class Came:
    """What answers came to, of many people together."""

    instrument: Instrument
    summed: Summed


def came_of(viewer: Viewer, wave: Wave, *, at: datetime) -> Came | None:
    """The figures of one wave that is over, for those who hold surveys; None before.

    While it is open each new answer would show by what it changes.
    """
    over = wave.closes_on < wave.group.today(at=at)
    if not over or not waves_for(viewer, wave.organisation).filter(pk=wave.pk).exists():
        return None
    rows = list(Response.objects.filter(wave=wave).select_related("wave").order_by("pk"))
    return _came(wave.instrument, rows)


def came_of_kinds(
    viewer: Viewer, organisation: Organisation, survey_key: str, *, at: datetime
) -> list[tuple[WaveKind, Came]]:
    """The same for a survey over all groups, by kind of wave."""
    survey = surveys_for(viewer, organisation).filter(key=survey_key).first()
    if survey is None:
        return []
    instrument, alike = _alike(survey)
    today = organisation.local(at).date()
    rows = Response.objects.filter(wave__version__in=alike, wave__closes_on__lt=today)
    by_kind: dict[WaveKind, list[Response]] = defaultdict(list)
    for row in rows.select_related("wave").order_by("wave__opens_on", "wave_id", "pk"):
        by_kind[row.wave.wave_kind].append(row)
    return [(kind, _came(instrument, by_kind[kind])) for kind in WaveKind if kind in by_kind]


def _came(instrument: Instrument, rows: list[Response]) -> Came:
    singles = [key for part in instrument.parts if not part.is_subscale for key in part.items]
    keys = [*(part.key for part in instrument.subscales), *singles]
    design = Design.of(rows[0].wave.wave_kind) if rows else Design.TWO_TIMES
    told = [one for one in scored_rows(instrument, rows, design) if not one.looks_back]
    return Came(instrument, summarise(told, keys).total)
