"""How many people moved each way in a period: for releases, whose audit wants exact figures.

Who moved which way is decided as in a report (``domain.change.shares``). Only those count who can
be told in every part of a survey, so that all its parts speak of the same people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from goround.apps.evidence.studies import POST, followed, measures, recalled
from goround.apps.organisations.models import Organisation
from goround.apps.surveys.models import Response, SurveyVersion, Wave
from goround.apps.surveys.scored import scored_rows
from goround.domain.change import Design, Moved
from goround.domain.change.shares import any_move, in_every_part
from goround.domain.surveys import Design as AskedHow
from goround.domain.surveys import Instrument, ScoredResponse
from goround.domain.surveys.schema import counting_mark

# The kind of wave by which somebody has answered both times.
LAST_KIND = {Design.FOLLOWED: Wave.Kind.POST, Design.RECALLED: Wave.Kind.RETROSPECTIVE}


@dataclass(frozen=True, slots=True)
class Moves:
    """One survey at one organisation: ``people`` answered both times; how they moved, by part.

    ``mark`` is the same for surveys that count alike, also at other organisations.
    """

    organisation: int
    mark: str
    design: Design
    people: int
    parts: Mapping[str, Moved]


def moves_in(
    hosts: Sequence[Organisation], first: date, last: date, *, designs: Iterable[Design]
) -> list[Moves]:
    """Of every survey that was asked the last time in these days; none of somebody asked later.

    Three queries for each survey of an organisation, whatever was answered.
    """
    found = []
    for design in designs:
        asked = Wave.objects.filter(
            organisation__in=hosts, kind=LAST_KIND[design], closes_on__range=(first, last)
        )
        for (host, mark), alike in sorted(_asked_with(asked).items()):
            instrument, ended = alike[-1].instrument, asked.filter(version__in=alike)
            told = _responses(instrument, alike, ended, design, last)
            people, parts = _moved(instrument, told, design)
            if parts:
                found.append(Moves(host, mark, design, people, parts))
    return found


def instruments_asked(hosts: Sequence[Organisation]) -> Iterator[tuple[str, Instrument]]:
    """Every survey that was ever asked a last time, under its mark, the newest wording first."""
    waves = Wave.objects.filter(organisation__in=hosts, kind__in=LAST_KIND.values())
    for (_host, mark), alike in sorted(_asked_with(waves).items()):
        yield mark, alike[-1].instrument


def _asked_with(waves: QuerySet[Wave]) -> dict[tuple[int, str], list[SurveyVersion]]:
    """The versions that these waves were held with, and all that count like them, oldest first."""
    used = SurveyVersion.objects.filter(pk__in=waves.order_by().values("version"))
    surveys = SurveyVersion.objects.filter(survey__in=used.values("survey"))
    by_mark: dict[tuple[int, str], list[SurveyVersion]] = defaultdict(list)
    for version in surveys.order_by("survey_id", "number"):
        by_mark[version.organisation_id, counting_mark(version.instrument)].append(version)
    asked = set(used.values_list("pk", flat=True))
    return {key: alike for key, alike in by_mark.items() if asked & {one.pk for one in alike}}


def _responses(
    instrument: Instrument,
    alike: Sequence[SurveyVersion],
    ended: QuerySet[Wave],
    design: Design,
    last: date,
) -> list[ScoredResponse]:
    """What those answered, then and before, who answered one of the waves that ended."""
    rows = Response.objects.filter(wave__in=ended)
    how = AskedHow.ONE_SITTING
    if design is Design.FOLLOWED:
        how = AskedHow.TWO_TIMES
        people = rows.filter(respondent__isnull=False).values("respondent")
        rows = Response.objects.filter(
            respondent__in=people,
            wave__version__in=alike,
            wave__kind__in=(Wave.Kind.PRE, Wave.Kind.POST),
            wave__closes_on__lte=last,
        )
    held = rows.select_related("wave").order_by("wave__opens_on", "wave_id", "pk")
    return list(scored_rows(instrument, held, how))


def _moved(
    instrument: Instrument, told: Sequence[ScoredResponse], design: Design
) -> tuple[int, dict[str, Moved]]:
    parts = [measure for measure in measures(instrument) if not measure.is_question]
    if design is Design.FOLLOWED:
        by_part = [followed(part, told).pairs(POST) for part in parts]
    else:
        by_part = [recalled(part, told).pairs() for part in parts]
    pairs = in_every_part(by_part)
    moved = {part.key: any_move(own) for part, own in zip(parts, pairs, strict=True)}
    return (len(pairs[0]) if pairs else 0), moved
