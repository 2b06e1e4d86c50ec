"""Surveys that groups answer. What somebody answered is one locked value; no row has its hour."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from goround.apps.keys.content import locker, unlock_text
from goround.apps.organisations.walled import OrganisationOf
from goround.apps.reader.words import readers_language, sign
from goround.domain.privacy.envelope import Spot
from goround.domain.surveys import Answers, Instrument, WaveKind, read_instrument
from goround.domain.surveys.minutes import usual
from goround.domain.surveys.wording import in_words as instrument_words

Lock = Callable[[str, Spot], bytes]

_read = lru_cache(maxsize=256)(read_instrument)


class Survey(models.Model):
    """An instrument in use at an organisation: a shipped one in its words, or one of its own."""

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT)
    key = models.SlugField(max_length=40)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="survey_unique_key")
        ]

    def __str__(self) -> str:
        return f"survey #{self.pk} {self.key} at organisation #{self.organisation_id}"


class SurveyVersion(models.Model):
    """The text of a survey as it was from one moment on. A wave was held with exactly one of them.

    Changed only while no wave uses it; afterwards a change makes the next version.
    """

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="survey")
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    # TOML, as ``goround/instruments`` has it.
    text = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="survey_version_once"),
            models.CheckConstraint(name="survey_version_has_text", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of survey #{self.survey_id}"

    @property
    def instrument(self) -> Instrument:
        return _read(self.text, source=f"survey {self.survey_id}, version {self.number}")


class Wave(models.Model):
    """One time at which one group is asked. Who said no is a number and nothing more."""

    class Kind(models.TextChoices):
        PRE = "pre", _("first, at the beginning")
        POST = "post", _("after, at the end")
        YEARLY = "yearly", _("once a year")
        RETROSPECTIVE = "retrospective", _("before and now, in one sitting")

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="group")
    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="waves")
    version = models.ForeignKey(SurveyVersion, on_delete=models.PROTECT, related_name="waves")
    kind = models.CharField(max_length=13, choices=Kind)
    opens_on = models.DateField()
    closes_on = models.DateField()
    planned_minutes = models.PositiveSmallIntegerField()
    # What lets somebody answer who has no account; for the meeting, a poster, or the tablet.
    code = models.CharField(max_length=8, unique=True)
    refused = models.PositiveIntegerField(default=0)
    # How many took how many whole minutes, all together.
    minutes = models.JSONField(default=dict, blank=True)
    # Members who joined up to this day were asked.
    asked_up_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="wave_closes_after_it_opens", condition=Q(closes_on__gte=F("opens_on"))
            ),
            models.CheckConstraint(name="wave_takes_time", condition=Q(planned_minutes__gte=1)),
            models.CheckConstraint(name="wave_has_a_code", condition=~Q(code="")),
        ]

    def __str__(self) -> str:
        return f"wave #{self.pk} of group #{self.group_id}"

    @property
    def wave_kind(self) -> WaveKind:
        return WaveKind(self.kind)

    @property
    def instrument(self) -> Instrument:
        """Its questions; loads the version unless a selector did."""
        return self.version.instrument

    @property
    def usual_minutes(self) -> int | None:
        return usual(self.minutes)

    def is_open(self, *, on: date) -> bool:
        return self.opens_on <= on <= self.closes_on


class Awaited(models.Model):
    """A member who may still be reminded of a wave.

    It goes when they answer, when they say no and when the wave ends, whichever it was.
    """

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="wave")
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="awaited")
    parent = models.ForeignKey("people.Parent", on_delete=models.CASCADE, related_name="+")
    reminders = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave", "parent"], name="awaited_once"),
            models.CheckConstraint(name="awaited_two_reminders", condition=Q(reminders__lte=2)),
        ]

    def __str__(self) -> str:
        return f"one awaited for wave #{self.wave_id}"


class Respondent(models.Model):
    """Somebody whose answers of several waves of one group belong together.

    Either a parent who signed in, or whoever made a code for themselves; of that code there is
    only a hash, made with a key of the organisation, and another one in every group.
    """

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="group")
    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="+")
    parent = models.ForeignKey(
        "people.Parent", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    link_hash = models.CharField(max_length=64, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "parent"], name="respondent_once_by_account"),
            models.UniqueConstraint(fields=["group", "link_hash"], name="respondent_once_by_code"),
            models.CheckConstraint(
                name="respondent_by_account_or_code",
                condition=Q(parent__isnull=False, link_hash=None)
                | Q(parent=None, link_hash__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"respondent #{self.pk} of group #{self.group_id}"

    def told(self) -> list[str]:
        """All they answered, in words, for their own copy and for nobody else."""
        rows = self.responses.select_related("wave__version").order_by("pk")
        return [line for row in rows for line in row.in_words()]


class Response(models.Model):
    """One person's answers in one wave, locked. There is neither name nor hour."""

    class Mode(models.TextChoices):
        PHONE = "phone", _("on their own phone")
        TABLET = "tablet", _("on a shared device")
        PAPER = "paper", _("on paper")

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="wave")
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="responses")
    # None: they gave no link, and nobody finds other answers of theirs.
    respondent = models.ForeignKey(
        Respondent, on_delete=models.CASCADE, null=True, blank=True, related_name="responses"
    )
    mode = models.CharField(max_length=6, choices=Mode)
    # Of the form they were given, so that the same one sent twice is one response.
    once = models.CharField(max_length=64, unique=True)
    locked = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave", "respondent"], name="response_once_in_a_wave")
        ]

    def __str__(self) -> str:
        return f"response #{self.pk} in wave #{self.wave_id}"

    def lock(self, now: Answers, before: Answers, lock: Lock | None = None) -> None:
        """Takes the row's number, so save it first with nothing locked.

        For many, ``lock`` is a ``locker`` of their organisation.
        """
        text = json.dumps({"now": dict(now), "before": dict(before)})
        spot = Spot("surveys_response", "locked", self.pk, self.organisation_id)
        self.locked = (lock or locker(self.organisation_id))(text, spot)

    def opened(self) -> tuple[Answers, Answers]:
        """What they answered about now, and about before where that was asked."""
        text = unlock_text(
            self.locked,
            organisation_id=self.organisation_id,
            table="surveys_response",
            column="locked",
            row=self.pk,
        )
        told = json.loads(text)
        return _plain(told["now"]), _plain(told["before"])

    def in_words(self) -> list[str]:
        instrument, language = self.wave.instrument, readers_language()
        now, before = self.opened()
        lines = [
            line
            for told in (now, before)
            for line in instrument_words(instrument, told, language, comma=sign(","))
        ]
        return [f"{instrument.name}:", *lines]


def _plain(told: dict[str, object]) -> Answers:
    """JSON has lists where answers have tuples."""
    return {
        key: tuple(value) if isinstance(value, list) else value  # type: ignore[misc]
        for key, value in told.items()
    }
