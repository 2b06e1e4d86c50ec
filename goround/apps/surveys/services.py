"""Waves are opened, answered, refused and closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.circle.codes import new_code
from goround.apps.groups.models import Group
from goround.apps.groups.one_writer import members_on
from goround.apps.keys.content import keyed_hash
from goround.apps.people.models import Parent
from goround.apps.surveys.models import Awaited, Respondent, Response, SurveyVersion, Wave
from goround.apps.surveys.sheets import Sheet
from goround.domain.surveys import Answers, WaveKind
from goround.domain.surveys.linking import tidy_link
from goround.domain.surveys.minutes import counted
from goround.domain.surveys.scoring import does_not_fit

# A first survey is one of the first two weeks: performwell.org, and domain rules for "pre".
FIRST_DAYS = timedelta(days=14)


class WordsMissing(Exception):
    """The survey has no wording yet in any language."""


class WaveClosed(Exception):
    """Nobody can answer at this moment."""


class AnsweredAlready(Exception):
    """There are answers of this person, or under this code, in the wave."""


class LinkUnknown(Exception):
    """Nobody in the group used this code before; it may hold a slip."""


class NotToBeAnswered(Exception):
    """An answer that no form of ours could have brought."""


@transaction.atomic
def open_wave(
    *,
    group: Group,
    version: SurveyVersion,
    kind: WaveKind,
    opens_on: date,
    closes_on: date,
    planned_minutes: int,
    by: User,
    at: datetime,
    rng: Random,
) -> Wave:
    """Ask a group from one day to another. Its members are asked, and may all say no.

    Raises ``WordsMissing`` for a survey without wording.
    """
    if not version.instrument.ready_languages:
        raise WordsMissing(f"{version} has no wording yet")
    wave = Wave.objects.create(
        group=group,
        version=version,
        kind=Wave.Kind(kind.value),
        opens_on=opens_on,
        closes_on=closes_on,
        planned_minutes=planned_minutes,
        code=new_code(rng),
    )
    _await_members(wave, at)
    audit.record("wave.opened", wave, by=by, at=at, survey=version.survey_id, wave_kind=kind.value)
    return wave


@transaction.atomic
def open_waves(
    *,
    groups: Sequence[Group],
    version: SurveyVersion,
    kind: WaveKind,
    opens_on: date,
    closes_on: date,
    planned_minutes: int,
    by: User,
    at: datetime,
    rng: Random,
) -> list[Wave]:
    """``open_wave`` for several groups, all or none."""
    return [
        open_wave(
            group=group,
            version=version,
            kind=kind,
            opens_on=opens_on,
            closes_on=closes_on,
            planned_minutes=planned_minutes,
            by=by,
            at=at,
            rng=rng,
        )
        for group in groups
    ]


@transaction.atomic
def await_newcomers(*, wave: Wave, by: User | None, at: datetime) -> None:
    """Who joined since is asked too; whoever was asked before is not asked again."""
    _await_members(_held(wave), at)


def _await_members(wave: Wave, at: datetime) -> None:
    today = wave.group.today(at=at)
    here = members_on(wave.group, today).filter(left_on=None, joined_on__lte=today)
    if wave.asked_up_to:
        here = here.filter(joined_on__gt=wave.asked_up_to)
    if wave.wave_kind is WaveKind.PRE:
        here = here.filter(joined_on__gte=max(today, wave.opens_on) - FIRST_DAYS)
    parents = here.values_list("parent_id", flat=True)
    Awaited.objects.bulk_create(
        [Awaited(wave=wave, parent_id=parent_id) for parent_id in sorted(set(parents))],
        ignore_conflicts=True,
    )
    wave.asked_up_to = today
    wave.save(update_fields=["asked_up_to"])


@dataclass(frozen=True, slots=True)
class Filled:
    """What came back on one sheet. ``before`` is empty but where both times are asked."""

    now: Answers
    before: Answers


@transaction.atomic
def keep_response(
    *,
    wave: Wave,
    sheet: Sheet,
    filled: Filled,
    mode: Response.Mode,
    parent: Parent | None = None,
    link: str = "",
    link_may_be_new: bool = True,
    by: User | None,
    at: datetime,
) -> None:
    """Keep one person's answers, locked; the same sheet sent twice is kept once.

    ``parent`` is who signed in, ``link`` the code that somebody without an account made; with
    neither, nothing joins these answers to others. ``by`` is who typed a paper sheet in and
    nobody otherwise: the trail says that somebody answered, not who.

    Raises ``WaveClosed``, ``AnsweredAlready``, ``CodeUnfit``, ``NotToBeAnswered``, and
    ``LinkUnknown`` for a code that the group never saw, unless it may be new.
    """
    wave = _held(wave)
    if Response.objects.filter(once=sheet.once).exists():
        return
    if not wave.is_open(on=wave.group.today(at=at)) and mode != Response.Mode.PAPER:
        raise WaveClosed(f"{wave} is not open")
    wrong = [*does_not_fit(wave.instrument, filled.now), *_wrong_before(wave, filled)]
    if wrong:
        raise NotToBeAnswered(f"{len(wrong)} answers do not fit {wave.version}")
    respondent = _respondent(wave, parent, link, link_may_be_new)
    if respondent and Response.objects.filter(wave=wave, respondent=respondent).exists():
        raise AnsweredAlready(f"{respondent} answered {wave}")
    response = Response.objects.create(
        wave=wave, respondent=respondent, mode=mode, once=sheet.once, locked=b""
    )
    response.lock(filled.now, filled.before)
    response.save(update_fields=["locked"])
    if mode != Response.Mode.PAPER:
        wave.minutes = counted(wave.minutes, sheet.minutes(at=at))
        wave.save(update_fields=["minutes"])
    _done_with(wave, parent)
    audit.record("response.kept", wave, by=by, at=at)


@transaction.atomic
def refuse(*, wave: Wave, parent: Parent | None = None, by: User | None, at: datetime) -> None:
    """One more who said no. It is a number: nothing tells who it was, and nobody is asked again."""
    wave = _held(wave)
    if not wave.is_open(on=wave.group.today(at=at)):
        raise WaveClosed(f"{wave} is not open")
    if parent is None or Awaited.objects.filter(wave=wave, parent=parent).exists():
        wave.refused += 1
        wave.save(update_fields=["refused"])
    _done_with(wave, parent)
    audit.record("wave.refused", wave, by=None, at=at)


@transaction.atomic
def close_wave(*, wave: Wave, by: User | None, at: datetime) -> None:
    """No more answers from today on; closing it twice changes nothing."""
    wave = _held(wave)
    yesterday = wave.group.today(at=at) - timedelta(days=1)
    if wave.closes_on <= yesterday:
        return
    wave.opens_on, wave.closes_on = min(wave.opens_on, yesterday), yesterday
    wave.save(update_fields=["opens_on", "closes_on"])
    Awaited.objects.filter(wave=wave).delete()
    audit.record("wave.closed", wave, by=by, at=at)


def _held(wave: Wave) -> Wave:
    """The wave as it is now, and nobody else's to change before this is done."""
    rows = Wave.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("group", "version").get(pk=wave.pk)


def _wrong_before(wave: Wave, filled: Filled) -> list[str]:
    if wave.wave_kind is WaveKind.RETROSPECTIVE:
        back = {item.key for item in wave.instrument.items if item.looks_back}
        beyond = [key for key in filled.before if key not in back]
        return beyond + does_not_fit(wave.instrument, filled.before)
    return list(filled.before)


def _respondent(
    wave: Wave, parent: Parent | None, link: str, link_may_be_new: bool
) -> Respondent | None:
    if parent is not None:
        return Respondent.objects.get_or_create(
            group=wave.group, parent=parent, defaults={"link_hash": None}
        )[0]
    if not link:
        return None
    hashed = keyed_hash(
        f"{wave.group_id} {tidy_link(link)}",
        organisation_id=wave.organisation_id,
        purpose="survey link",
    )
    there = Respondent.objects.filter(group=wave.group, link_hash=hashed).first()
    if there is None and not link_may_be_new:
        raise LinkUnknown(f"no one of group #{wave.group_id} used this code")
    return there or Respondent.objects.create(group=wave.group, link_hash=hashed)


def _done_with(wave: Wave, parent: Parent | None) -> None:
    if parent is not None:
        Awaited.objects.filter(wave=wave, parent=parent).delete()
