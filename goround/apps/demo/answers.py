"""Invented answers of 2015's groups: a gain, a decline, and parts that stayed as they were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from importlib import resources
from random import Random

from goround.apps.accounts.models import User
from goround.apps.circle.codes import new_code
from goround.apps.evidence.services import ask_for_report
from goround.apps.groups.models import Group
from goround.apps.organisations.models import Organisation
from goround.apps.surveys.making import write_own
from goround.apps.surveys.models import Respondent, Response, Survey, Wave
from goround.domain.change import Design
from goround.domain.surveys import Answers, Instrument

IN_2015 = date(2015, 1, 26), date(2015, 7, 20)
DAYS_OPEN = timedelta(days=9)
GROUPS, MEMBERS = 12, 9
# Who came to the open circle over the months; some answered once only.
OPEN_CIRCLE = 17
# By how much a part is truly better afterwards, in points of seven.
GAINS = {"calm": 0.5, "people": 0.9, "everyday": -0.6, "together": 0.1, "knowing": 0.3}
GONE = 0.2  # did not answer again


def load_answers(organisation: Organisation, *, by: User, at: datetime) -> None:
    """A survey, answered twice by twelve groups of 2015, and a report that the worker makes."""
    rng = Random(2015)  # noqa: S311  the same demo on every machine
    survey = _survey(organisation, by=by, at=at)
    groups = Group.objects.filter(organisation=organisation, ended_on__year=2015)
    for group in groups.order_by("pk")[:GROUPS]:
        _answered(group, survey, rng, days=IN_2015, people=rng.randint(MEMBERS - 4, MEMBERS))
    ask_for_report(survey=survey, design=Design.FOLLOWED, by=by, at=at)


def load_open_circle(organisation: Organisation, *, by: User, at: datetime) -> None:
    """One circle large enough for a report of its own, which its facilitator finds."""
    rng = Random(17)  # noqa: S311  the same demo on every machine
    survey = _survey(organisation, by=by, at=at)
    group = Group.objects.get(organisation=organisation, is_open=True)
    today = group.today(at=at)
    days = today - timedelta(days=80), today - timedelta(days=12)
    _answered(group, survey, rng, days=days, people=OPEN_CIRCLE)
    ask_for_report(survey=survey, design=Design.FOLLOWED, by=by, at=at)


def _survey(organisation: Organisation, *, by: User, at: datetime) -> Survey:
    text = resources.files("goround.apps.demo.data").joinpath("family-strengths.toml").read_text()
    return write_own(
        organisation=organisation, text=text, source="family-strengths.toml", by=by, at=at
    )


def _answered(
    group: Group, survey: Survey, rng: Random, *, days: tuple[date, date], people: int
) -> None:
    version = survey.versions.get()
    waves = [
        Wave.objects.create(
            group=group,
            version=version,
            kind=kind,
            opens_on=day,
            closes_on=day + DAYS_OPEN,
            planned_minutes=10,
            code=new_code(rng),
            minutes={"5": 3, "6": 4, "8": 2},
        )
        for kind, day in zip((Wave.Kind.PRE, Wave.Kind.POST), days, strict=True)
    ]
    # Each under a code of their own: a hash, and no parent.
    respondents = [
        Respondent(
            organisation_id=group.organisation_id,
            group=group,
            link_hash=sha256(f"demo {group.pk} {number} {rng.random()}".encode()).hexdigest(),
        )
        for number in range(people)
    ]
    Respondent.objects.bulk_create(respondents)
    swing = {part: rng.gauss(gain, 0.25) for part, gain in GAINS.items()}
    told = [_two_times(version.instrument, swing, rng) for _ in respondents]
    again = [rng.random() > GONE for _ in respondents]
    for place, wave in enumerate(waves):
        here = [n for n in range(people) if place == 0 or again[n]]
        _keep(wave, [respondents[n] for n in here], [told[n][place] for n in here], rng)


def _two_times(
    instrument: Instrument, swing: dict[str, float], rng: Random
) -> tuple[Answers, Answers]:
    """One parent's answers before and after: their own level, each question's own wavering."""
    level = rng.gauss(4.2, 0.8)
    times: tuple[dict[str, int], dict[str, int]] = ({}, {})
    for part in instrument.parts:
        own = level + rng.gauss(0, 0.7)
        for after, answers in enumerate(times):
            now = own + after * (swing[part.key] + rng.gauss(0, 0.5))
            for key in part.items:
                answer = min(max(round(rng.gauss(now, 0.9)), 1), 7)
                answers[key] = 8 - answer if instrument.item(key).reverse else answer
    return times


def _keep(
    wave: Wave, people: Sequence[Respondent], answers: Sequence[Answers], rng: Random
) -> None:
    rows = [
        Response(
            organisation_id=wave.organisation_id,
            wave=wave,
            respondent=person,
            mode=Response.Mode.PHONE,
            once=sha256(f"demo {wave.pk} {rng.random()}".encode()).hexdigest(),
            locked=b"",
        )
        for person in people
    ]
    Response.objects.bulk_create(rows)
    for row, told in zip(rows, answers, strict=True):
        row.lock(told, {})
    Response.objects.bulk_update(rows, ["locked"])
