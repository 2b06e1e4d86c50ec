"""Many answers, before and after, written at once: for what is counted over hundreds of people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import count

from goround.apps.groups.models import Group
from goround.apps.keys.content import locker
from goround.apps.organisations.models import Organisation, Programme
from goround.apps.surveys.models import Respondent, Response, Survey, Wave
from goround.domain.disclosure import Span
from goround.domain.surveys import Answers
from tests.make import NOON, make_group, make_programme
from tests.make_evidence import of
from tests.make_surveys import make_survey, newest

YEAR = Span.of(2025, 1, 12)
FIRST, LAST = date(2025, 1, 10), date(2025, 6, 10)
BEFORE, BETTER, WORSE = 3, 4, 2
_number = count(1)


def make_answered(
    host: Organisation,
    *,
    better: int = 0,
    same: int = 0,
    worse: int = 0,
    once: int = 0,
    on: tuple[date, date] = (FIRST, LAST),
    survey: Survey | None = None,
) -> Group:
    """One more group of an organisation, asked before and again after: so many of each."""
    survey = survey or Survey.objects.filter(organisation=host).first() or make_survey(host)
    programme = Programme.objects.filter(organisation=host).first() or make_programme(host)
    group = make_group(programme)
    first, last = (
        _wave(group, survey, kind, day)
        for kind, day in zip((Wave.Kind.PRE, Wave.Kind.POST), on, strict=True)
    )
    after = [BETTER] * better + [BEFORE] * same + [WORSE] * worse
    people = Respondent.objects.bulk_create(
        Respondent(group=group, organisation=host, link_hash=f"{next(_number):064x}")
        for _ in range(len(after) + once)
    )
    _keep(host, ((first, one, of(BEFORE)) for one in people))
    # Those who answered once are the last.
    _keep(host, ((last, one, of(level)) for one, level in zip(people, after, strict=False)))
    return group


def noon(day: date) -> datetime:
    return NOON.replace(year=day.year, month=day.month, day=day.day)


def _wave(group: Group, survey: Survey, kind: Wave.Kind, day: date) -> Wave:
    return Wave.objects.create(
        group=group,
        version=newest(survey),
        kind=kind,
        opens_on=day,
        closes_on=day + timedelta(days=14),
        planned_minutes=10,
        code=f"{next(_number):08d}",
    )


def _keep(host: Organisation, told: Iterable[tuple[Wave, Respondent, Answers]]) -> None:
    told = list(told)
    rows = Response.objects.bulk_create(
        Response(
            organisation=host,
            wave=wave,
            respondent=one,
            mode=Response.Mode.PAPER,
            once=f"{next(_number):064x}",
            locked=b"",
        )
        for wave, one, _answers in told
    )
    lock = locker(host.pk)
    for row, (_wave, _one, answers) in zip(rows, told, strict=True):
        row.lock(answers, {}, lock)
    Response.objects.bulk_update(rows, ["locked"], batch_size=200)
