"""A survey with four questions, a wave of it, and answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from goround.apps.groups.models import Group
from goround.apps.organisations.models import Organisation
from goround.apps.people.models import Parent
from goround.apps.surveys.making import write_own
from goround.apps.surveys.models import Response, Survey, SurveyVersion, Wave
from goround.apps.surveys.services import Filled, keep_response, open_wave
from goround.apps.surveys.sheets import new_sheet, read_sheet
from goround.domain.surveys import Answers, WaveKind
from tests.make import NOON, make_coordinator, make_group

SMALL = """
key = "small"
name = "{name}"
describes = "Four questions."
minutes = 2
languages = ["en"]

[rights]
credit = "Ours"
terms = "Free"

[scales.agree]
low = 1
high = 5
labels = {{ en = ["no", "yes"] }}

[items.calm]
scale = "agree"
words = {{ en = "I am calm." }}

[items.tired]
scale = "agree"
reverse = true
words = {{ en = "I am tired." }}

[items.heard]
scale = "agree"
words = {{ en = "I am heard." }}

[items.help]
ticks = true
looks_back = false
words = {{ en = "Who helps?" }}
options = {{ en = ["A friend", "Family"] }}

[parts.strength]
words = {{ en = "Strength" }}
items = ["calm", "tired", "heard"]
at_least = 2

[parts.helpers]
words = {{ en = "Helpers" }}
items = ["help"]
"""
ANSWERS: Answers = {"calm": 4, "tired": 2, "heard": 5, "help": (1,)}
_rng = Random(8)


def make_survey(organisation: Organisation, *, name: str = "Small", key: str = "small") -> Survey:
    text = SMALL.format(name=name).replace('"small"', f'"{key}"')
    by = make_coordinator(organisation)
    return write_own(organisation=organisation, text=text, source="small.toml", by=by, at=NOON)


def newest(survey: Survey) -> SurveyVersion:
    return survey.versions.order_by("-number")[0]


def make_wave(
    group: Group | None = None,
    *,
    survey: Survey | None = None,
    kind: WaveKind = WaveKind.POST,
    opens_on: date | None = None,
    days: int = 14,
    at: datetime = NOON,
    **fields: Any,
) -> Wave:
    group = group or make_group()
    first = opens_on or group.today(at=at)
    survey = (
        survey
        or Survey.objects.filter(organisation=group.organisation).first()
        or make_survey(group.organisation)
    )
    return open_wave(
        group=group,
        version=newest(survey),
        kind=kind,
        opens_on=first,
        closes_on=first + timedelta(days=days),
        planned_minutes=fields.pop("planned_minutes", 10),
        by=make_coordinator(group.organisation),
        at=at,
        rng=_rng,
    )


def answer(
    wave: Wave,
    now: Answers = ANSWERS,
    *,
    before: Answers | None = None,
    parent: Parent | None = None,
    link: str = "",
    at: datetime = NOON,
    mode: Response.Mode = Response.Mode.PHONE,
    **how: Any,
) -> Response:
    """One response; the sheet was handed out six minutes before."""
    sheet = read_sheet(new_sheet(wave.pk, at=at - timedelta(minutes=6)), wave_id=wave.pk)
    assert sheet
    keep_response(
        wave=wave,
        sheet=sheet,
        filled=Filled(now, before or {}),
        mode=mode,
        parent=parent,
        link=link,
        by=None,
        at=at,
        **how,
    )
    return Response.objects.get(once=sheet.once)
