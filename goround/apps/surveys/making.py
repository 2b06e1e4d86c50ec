"""Surveys an organisation has: taken from what ships, given their words, or written by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.organisations.models import Organisation
from goround.apps.surveys.library import shipped_text
from goround.apps.surveys.models import Survey, SurveyVersion, Wave
from goround.domain.surveys import Instrument, InstrumentError, read_instrument, write_instrument
from goround.domain.surveys.schema import with_wording


class KeyTaken(Exception):
    """The organisation has a survey of this key."""


@transaction.atomic
def take_up(*, organisation: Organisation, key: str, by: User, at: datetime) -> Survey:
    """Have a shipped instrument as a survey here; taking it twice changes nothing.

    KeyError where none ships under this key.
    """
    text = shipped_text(key)
    there = Survey.objects.filter(organisation=organisation, key=key).first()
    return there or _begin(organisation, key, text, by, at)


@transaction.atomic
def write_own(
    *, organisation: Organisation, text: str, source: str, by: User, at: datetime
) -> Survey:
    """Add a survey of the organisation's own. Raises ``InstrumentError`` or ``KeyTaken``."""
    text = _tidy(text)
    key = read_instrument(text, source=source).key
    # Whoever pressed the button twice waits here and is then told.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if Survey.objects.filter(organisation=organisation, key=key).exists():
        raise KeyTaken(f"{organisation} has a survey {key}")
    return _begin(organisation, key, text, by, at)


@transaction.atomic
def change(*, survey: Survey, text: str, source: str, by: User, at: datetime) -> SurveyVersion:
    """Make ``text`` what is asked from now on; waves that were begun keep what they had.

    A version that no wave uses is changed where it is; else there is a new one. The same text
    changes nothing. Raises ``InstrumentError``.
    """
    text = _tidy(text)
    key = read_instrument(text, source=source).key
    if key != survey.key:
        raise InstrumentError([f"{source}: key is '{key}'; it must stay '{survey.key}'"])
    Survey.objects.select_for_update(of=("self",), no_key=True).get(pk=survey.pk)
    newest = SurveyVersion.objects.filter(survey=survey).order_by("-number")[0]
    if newest.text == text:
        return newest
    if Wave.objects.filter(version=newest).exists():
        newest = SurveyVersion(survey=survey, number=newest.number + 1)
    newest.text, newest.made_at = text, at
    newest.save()
    audit.record("survey.changed", survey, by=by, at=at, version=newest.number)
    return newest


def put_words(
    *,
    version: SurveyVersion,
    language: str,
    items: Mapping[str, str],
    labels: Mapping[str, tuple[str, ...]],
    options: Mapping[str, tuple[str, ...]],
    by: User,
    at: datetime,
) -> SurveyVersion:
    """The questions' words in one language, from the network's own copy. As ``change``."""
    worded = with_wording(version.instrument, language, items=items, labels=labels, options=options)
    text = write_instrument(worded)
    return change(survey=version.survey, text=text, source=version.survey.key, by=by, at=at)


def use_instrument(
    *, survey: Survey, instrument: Instrument, by: User, at: datetime
) -> SurveyVersion:
    """As ``change``, from an instrument put together in a page."""
    text = write_instrument(instrument)
    return change(survey=survey, text=text, source=survey.key, by=by, at=at)


def _begin(organisation: Organisation, key: str, text: str, by: User, at: datetime) -> Survey:
    survey = Survey.objects.create(organisation=organisation, key=key, made_at=at)
    SurveyVersion.objects.create(survey=survey, number=1, text=text, made_at=at)
    audit.record("survey.added", survey, by=by, at=at, key=key)
    return survey


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").rstrip() + "\n"
