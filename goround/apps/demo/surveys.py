"""Invented answers: groups of 2015 before and after, and what is asked today.

Most people gain a little, some lose, and about a third are missing the second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from importlib import resources
from random import Random

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.circle.codes import new_code
from goround.apps.groups.models import Group, Membership
from goround.apps.keys.content import locker
from goround.apps.organisations.models import Organisation
from goround.apps.surveys.making import take_up, write_own
from goround.apps.surveys.models import Respondent, Response, Survey, SurveyVersion, Wave
from goround.apps.surveys.services import open_wave
from goround.domain.surveys import Answers, Instrument, Item, WaveKind

GROUPS_ASKED = 14
SECOND_TIME = 0.68
SAID_NO = 0.09
SKIPPED = 0.04
# By how much people change between the two times, on seven points: one part goes down.
GAINS = {"family": 0.45, "people": 0.7, "practical": -0.3, "bond": 0.25, "knowing": 0.5}


@dataclass
class _Asked:
    """Rows on their way to the database; the answers of a response stand beside it."""

    responses: list[Response] = field(default_factory=list)
    answers: list[tuple[Answers, Answers]] = field(default_factory=list)

    def add(self, response: Response, now: Answers, before: Answers | None = None) -> None:
        self.responses.append(response)
        self.answers.append((now, before or {}))

    def write(self, organisation: Organisation) -> None:
        lock = locker(organisation.pk)
        Response.objects.bulk_create(self.responses)
        for response, (now, before) in zip(self.responses, self.answers, strict=True):
            response.lock(now, before, lock)
        Response.objects.bulk_update(self.responses, ["locked"], batch_size=200)


def load_surveys(organisation: Organisation, *, by: User, at: datetime) -> None:
    """The host's surveys: answered in 2015, in a circle of today, and one that waits."""
    rng = Random(2015)  # noqa: S311  the same demo on every machine
    text = (resources.files("goround.apps.demo.data") / "strengths.toml").read_text("utf-8")
    strengths = write_own(
        organisation=organisation, text=text, source="strengths.toml", by=by, at=at
    )
    for key in ("protective-factors-survey", "eight-principles"):
        take_up(organisation=organisation, key=key, by=by, at=at)
    here = take_up(organisation=organisation, key="how-it-is-here", by=by, at=at)
    asked, version = _Asked(), _newest(strengths)
    for group in _of_2015(organisation):
        _before_and_after(group, version, asked, rng)
    today = Group.objects.filter(organisation=organisation, status=Group.Status.ACTIVE).first()
    if today is not None:
        _today(today, version, _newest(here), asked, rng, by=by, at=at)
    asked.write(organisation)
    audit.record("demo.surveys_loaded", strengths, by=None, at=at, responses=len(asked.responses))


def _of_2015(organisation: Organisation) -> list[Group]:
    ended = Group.objects.filter(organisation=organisation, status=Group.Status.ENDED)
    return list(ended.order_by("pk")[:GROUPS_ASKED])


def _newest(survey: Survey) -> SurveyVersion:
    return survey.versions.order_by("-number")[0]


def _before_and_after(group: Group, version: SurveyVersion, asked: _Asked, rng: Random) -> None:
    begun = group.first_local.date()
    ended = group.ended_on or begun
    first = _wave(group, version, Wave.Kind.PRE, (begun, begun + timedelta(days=21)), rng)
    after = _wave(group, version, Wave.Kind.POST, (ended - timedelta(days=14), ended), rng)
    luck = rng.gauss(0, 0.25)
    for person in _people(group):
        level = rng.gauss(4.2, 0.8)
        if rng.random() < SAID_NO:
            first.refused += 1
            continue
        _told(asked, first, person, _answers(version.instrument, level, {}, rng), rng)
        if rng.random() < SECOND_TIME:
            own = {part: gain + luck + rng.gauss(0, 0.55) for part, gain in GAINS.items()}
            _told(asked, after, person, _answers(version.instrument, level, own, rng), rng)
        elif rng.random() < 0.2:
            after.refused += 1
    Wave.objects.bulk_update([first, after], ["refused", "minutes"])


def _today(
    group: Group,
    version: SurveyVersion,
    here: SurveyVersion,
    asked: _Asked,
    rng: Random,
    *,
    by: User,
    at: datetime,
) -> None:
    """A circle that meets: asked at its beginning, asked both times at once, and asked now."""
    begun, today = group.first_local.date(), group.today(at=at)
    first = _wave(group, version, Wave.Kind.PRE, (begun, begun + timedelta(days=21)), rng)
    lately = (today - timedelta(days=16), today - timedelta(days=9))
    both = _wave(group, version, Wave.Kind.RETROSPECTIVE, lately, rng)
    for person in _people(group):
        level = rng.gauss(4.2, 0.8)
        now = {part: gain + rng.gauss(0, 0.5) for part, gain in GAINS.items()}
        before, after = (_answers(version.instrument, level, own, rng) for own in ({}, now))
        _told(asked, first, person, before, rng)
        _told(asked, both, None, after, rng, before=before)
    Wave.objects.bulk_update([first, both], ["refused", "minutes"])
    open_wave(
        group=group,
        version=here,
        kind=WaveKind.POST,
        opens_on=today - timedelta(days=1),
        closes_on=today + timedelta(days=20),
        planned_minutes=5,
        by=by,
        at=at,
        rng=rng,
    )


def _wave(
    group: Group, version: SurveyVersion, kind: Wave.Kind, days: tuple[date, date], rng: Random
) -> Wave:
    return Wave.objects.create(
        group=group,
        version=version,
        kind=kind,
        opens_on=days[0],
        closes_on=days[1],
        planned_minutes=10,
        code=new_code(rng),
        asked_up_to=days[1],
    )


def _people(group: Group) -> Iterator[Respondent]:
    members = Membership.objects.filter(group=group).select_related("parent").order_by("pk")
    rows = Respondent.objects.bulk_create(
        Respondent(group=group, parent=member.parent) for member in members
    )
    yield from rows


def _told(
    asked: _Asked,
    wave: Wave,
    person: Respondent | None,
    answers: Answers,
    rng: Random,
    *,
    before: Answers | None = None,
) -> None:
    mode = rng.choice(Response.Mode.values)
    took = str(max(3, round(rng.gauss(6, 1.6))))
    wave.minutes[took] = wave.minutes.get(took, 0) + 1
    once = f"{rng.getrandbits(256):064x}"
    asked.add(Response(wave=wave, respondent=person, mode=mode, once=once), answers, before)


def _answers(
    instrument: Instrument, level: float, gains: Mapping[str, float], rng: Random
) -> Answers:
    part_of = {key: part.key for part in instrument.parts for key in part.items}
    return {
        item.key: _answer(instrument, item, level + gains.get(part_of[item.key], 0), rng)
        for item in instrument.items
    }


def _answer(instrument: Instrument, item: Item, level: float, rng: Random) -> int | None:
    scale = instrument.scale_of(item)
    if scale is None or rng.random() < SKIPPED:
        return None
    number = min(max(round(rng.gauss(level, 0.9)), scale.low), scale.high)
    return scale.turned(number) if item.reverse else number
