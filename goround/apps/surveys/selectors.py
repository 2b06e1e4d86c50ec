"""Which surveys and waves somebody sees. Nobody is shown a single person's answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, QuerySet

from goround.apps.circle.codes import tidy_code
from goround.apps.groups.models import Membership
from goround.apps.groups.selectors import own_memberships
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import Viewer, organisations_for
from goround.apps.surveys.models import Awaited, Response, Survey, SurveyVersion, Wave
from goround.apps.walls.places import has_walls, opening, read, show_survey
from goround.domain.surveys import (
    Design,
    Instrument,
    PairSet,
    ScoredResponse,
    WaveKind,
    items_turned,
    pair,
    score,
)
from goround.domain.surveys.schema import counts_alike


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
    """Open waves of the viewer's own groups that they have not answered. Three queries at most.

    ``is_asked`` is False for who said no and for who came too late for a first survey; a first
    survey is then not offered at all.
    """
    mine = {each.group_id: each for each in own_memberships(viewer)}
    waves = Wave.objects.filter(group__in=mine).select_related("group", "version__survey")
    answered = set(
        Response.objects.filter(wave__in=waves, respondent__parent__user=viewer.pk).values_list(
            "wave_id", flat=True
        )
        if mine
        else ()
    )
    asked = set(
        Awaited.objects.filter(wave__in=waves, parent__user=viewer.pk).values_list(
            "wave_id", flat=True
        )
        if mine
        else ()
    )
    return [
        OwnWave(wave, mine[wave.group_id], wave.pk in asked)
        for wave in waves.order_by("closes_on", "pk")
        if wave.pk not in answered
        and wave.is_open(on=wave.group.today(at=at))
        and (wave.pk in asked or wave.wave_kind is not WaveKind.PRE)
    ]


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
    newest, *older = survey.versions.all()
    instrument = newest.instrument
    alike = [newest, *(one for one in older if counts_alike(one.instrument, instrument))]
    rows = Response.objects.filter(wave__version__in=alike, organisation=organisation)
    if programme_id is not None:
        rows = rows.filter(wave__group__programme=programme_id)
    held = [
        row
        for row in rows.select_related("wave").order_by("wave__opens_on", "wave_id", "pk")
        if Design.of(row.wave.wave_kind) is design
    ]
    return instrument, list(_scored(instrument, held, design))


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


def _scored(
    instrument: Instrument, rows: list[Response], design: Design
) -> Iterator[ScoredResponse]:
    numbers: dict[int, int] = {}
    waves: dict[int, list[int]] = defaultdict(list)
    first: dict[int, Any] = {}
    for row in rows:
        wave = row.wave
        if wave.pk not in waves[wave.group_id]:
            waves[wave.group_id].append(wave.pk)
        began = first.setdefault(wave.group_id, wave.opens_on)
        person = row.respondent_id
        if person is not None:
            person = numbers.setdefault(person, len(numbers) + 1)
        elif design is Design.ONE_SITTING:
            # Both halves lie on one sheet: they are a pair without any link.
            person = numbers.setdefault(-row.pk, len(numbers) + 1)
        now, before = row.opened()
        halves = [(now, False)] if design is Design.TWO_TIMES else [(before, True), (now, False)]
        for answers, looks_back in halves:
            yield ScoredResponse(
                person=person,
                group=wave.group_id,
                wave=waves[wave.group_id].index(wave.pk) + 1,
                day=(wave.opens_on - began).days,
                kind=wave.wave_kind,
                design=design,
                subscales={one.part: one.value for one in score(instrument, answers)},
                items=items_turned(instrument, answers),
                looks_back=looks_back,
            )
