"""Groups that answered a survey before and after, and reports on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from goround.apps.accounts.models import User
from goround.apps.evidence.models import GroupReport, Report
from goround.apps.evidence.pictures import Line, Picture
from goround.apps.evidence.services import MAKE_REPORT, ask_for_report
from goround.apps.groups.models import Group
from goround.apps.jobs.work import run_next
from goround.apps.surveys.models import Survey
from goround.domain.change import (
    Change,
    Design,
    Effect,
    Interval,
    Method,
    Missing,
    Moved,
    Outcome,
    Reliability,
)
from goround.domain.surveys import Answers, WaveKind
from tests.make import NOON, make_coordinator
from tests.make_surveys import answer, make_survey, make_wave

# Twelve parents: seven better, two the same, three worse.
BEFORE = (2, 3, 3, 2, 4, 3, 2, 3, 4, 4, 5, 4)
AFTER = (4, 4, 5, 3, 5, 4, 4, 3, 4, 3, 3, 2)
LATER = timedelta(days=70)


def of(level: int) -> Answers:
    """Answers whose mean is the level, not all alike."""
    one = 1 if 1 < level < 5 else 0
    return {"calm": level - one, "tired": 6 - level, "heard": level + one}


def answered_twice(
    group: Group,
    *,
    survey: Survey | None = None,
    before: Sequence[int] = BEFORE,
    after: Sequence[int | None] = AFTER,
    name: str = "person",
) -> Survey:
    """A first survey and one at the end, each parent under a code of their own."""
    survey = survey or make_survey(group.organisation)
    first = make_wave(group, survey=survey, kind=WaveKind.PRE)
    last = make_wave(group, survey=survey, at=NOON + LATER)
    for number, level in enumerate(before):
        answer(first, of(level), link=f"{name} {number:03}")
    for number, level in enumerate(after):
        if level is not None:
            answer(last, of(level), link=f"{name} {number:03}", at=NOON + LATER)
    return survey


def answered_once(group: Group, *, survey: Survey | None = None) -> Survey:
    """One sitting about before and now, without any code."""
    survey = survey or make_survey(group.organisation)
    wave = make_wave(group, survey=survey, kind=WaveKind.RETROSPECTIVE)
    for before, after in zip(BEFORE, AFTER, strict=True):
        answer(wave, of(after), before=of(before))
    return survey


# What the twelve parents above come to, so that most tests need not count them.
COUNTED = Outcome(
    "strength",
    Design.FOLLOWED,
    wave=1,
    pairs=12,
    groups=1,
    least_pairs=10,
    before=sum(BEFORE) / 12,
    after=sum(AFTER) / 12,
    change=Change(0.25, Interval(-0.625, 1.125), 0.4, 11.0, 0.54, Method.PAIRED),
    adjusted_p=0.54,
    effect=Effect(0.25, Interval(-0.6, 1.1)),
    any_move=Moved(7, 2, 3, 0.0),
    reliable_move=Moved(4, 7, 1, 1.6),
    reliability=Reliability(0.6, Interval(0.2, 0.9), 12, 3),
    missing=Missing(12, 0, 0, None, None, None, None, None),
)


def picture_with(*outcomes: Outcome, name: str = "Strength") -> Picture:
    lines = [Line({"en": name}, 1, 5, False, "post", outcome) for outcome in outcomes]
    design = outcomes[0].design if outcomes else Design.FOLLOWED
    return Picture("Small", "Ours", design, 12, 1, 0, 0, 10, tuple(lines))


def make_kept_report(
    survey: Survey, group: Group, *, by: User, picture: Picture | None = None
) -> Report:
    """A report with figures nobody counted, and the group's own; fast, for pages that show it."""
    figures = (picture or picture_with(COUNTED)).plain()
    report = Report.objects.create(
        organisation=survey.organisation,
        survey=survey,
        asked_how=figures["design"],
        asked_by=by,
        asked_at=NOON,
        made_at=NOON,
        figures=figures,
    )
    GroupReport.objects.create(report=report, group=group, figures=figures)
    return report


def make_report(
    survey: Survey, *, design: Design = Design.FOLLOWED, by: User | None = None
) -> Report:
    """Asked for, and made by the worker."""
    by = by or make_coordinator(survey.organisation)
    report = ask_for_report(survey=survey, design=design, by=by, at=timezone.now())
    job = run_next("tests")
    assert job is not None
    assert (job.kind, job.status) == (MAKE_REPORT, "done"), job.failure
    report.refresh_from_db()
    return report
