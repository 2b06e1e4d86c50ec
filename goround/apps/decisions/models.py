from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goround.apps.decisions.words import Words, from_text
from goround.apps.keys.content import lock_text, unlock_text
from goround.apps.organisations.walled import OrganisationOf
from goround.apps.reader.words import listed
from goround.domain.voting.ballots import CONSENT_ANSWERS, Method

# The answers to a proposal, in the order of the numbers on a ballot.
CONSENT_WORDS = (_("Yes"), _("I can live with it"), _("I object"))


class Decision(models.Model):
    """Something a group settles by itself, from the question to what was announced.

    It knows days and no hours. Whether it is secret, who may vote and between what is fixed when
    the vote opens. What the group wrote is locked; nobody who works here reads it.
    """

    class Kind(models.TextChoices):
        CONSENT = "consent", _("a proposal")
        SIMPLE = "simple", _("a simple vote")
        RANKED = "ranked", _("a ranked choice")
        TIME = "time", _("finding a time")
        ELECTION = "election", _("choosing a parent leader")

    class Status(models.TextChoices):
        # Only elections: who stands is still being found out.
        NAMING = "naming", _("finding people")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        # Ended without a count, and nothing of any vote is left.
        DROPPED = "dropped", _("not counted")

    METHODS = {
        Kind.CONSENT: Method.CONSENT,
        Kind.SIMPLE: Method.CHOICE,
        Kind.RANKED: Method.RANKED,
        Kind.TIME: Method.APPROVAL,
        Kind.ELECTION: Method.RANKED,
    }
    # Where a group may decide to vote openly, by name.
    CAN_BE_OPEN = (Kind.CONSENT, Kind.TIME)

    organisation = OrganisationOf("organisations.Organisation", models.PROTECT, of="group")
    group = models.ForeignKey("groups.Group", models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=8, choices=Kind)
    status = models.CharField(max_length=7, choices=Status)
    is_secret = models.BooleanField(default=True)
    # ``Words``, see ``words``.
    locked = models.BinaryField(default=bytes)
    # The member who brought it to the group, as all in the group know.
    asked_by = models.ForeignKey(
        "groups.Membership", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_on = models.DateField()
    # Of an election: the last day on which somebody can be named.
    naming_until = models.DateField(null=True, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    # Ids of memberships, in their own order: who belonged to the group when the vote opened.
    electorate = models.JSONField(default=list)
    # Of an election: ids of memberships of those who stand, in the order of the ballot.
    standing = models.JSONField(default=list)
    # What was announced: see ``stored``.
    result = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="decision_open_vote_only_where_it_may_be",
                condition=Q(is_secret=True) | Q(kind__in=["consent", "time"]),
            ),
            models.CheckConstraint(
                name="decision_only_an_election_names_people",
                condition=Q(kind="election") | ~Q(status="naming"),
            ),
            models.CheckConstraint(
                name="decision_opened_once_it_is_voted_on",
                condition=Q(opened_on__isnull=False) | Q(status__in=["naming", "dropped"]),
            ),
            models.CheckConstraint(
                name="decision_ended_has_a_day",
                condition=Q(status__in=["naming", "open"], ended_on=None)
                | Q(status__in=["closed", "dropped"], ended_on__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_has_a_result_once_counted",
                condition=Q(status="closed", result__isnull=False)
                | (~Q(status="closed") & Q(result=None)),
            ),
            models.CheckConstraint(
                name="decision_closes_after_it_was_asked",
                condition=Q(closes_on__gte=F("asked_on")),
            ),
        ]
        indexes = [models.Index(fields=["group", "status"], name="decision_of_group")]

    def __str__(self) -> str:
        return f"decision #{self.pk} of group #{self.group_id}"

    @property
    def words(self) -> Words:
        return from_text(unlock_text(self.locked, **self._spot))

    @property
    def question(self) -> str:
        return self.words.question

    def put_words(self, words: Words) -> None:
        """Lock what was written; the row must be there already, and is to be saved."""
        self.locked = lock_text(words.as_text(), **self._spot)

    @property
    def method(self) -> Method:
        return self.METHODS[self.Kind(self.kind)]

    def options(self) -> int:
        """How many options a ballot has; of an election one more, "nobody for now"."""
        if self.kind == self.Kind.CONSENT:
            return CONSENT_ANSWERS
        if self.kind == self.Kind.ELECTION:
            return len(self.standing) + 1
        return len(self.words.options)

    def labels(self) -> list[str | Promise]:
        """What can be chosen, by number, but for an election, where it is people."""
        if self.kind == self.Kind.CONSENT:
            return list(CONSENT_WORDS)
        return list(self.words.options)

    def takes_votes(self, *, on: date) -> bool:
        return self.status == self.Status.OPEN and on <= self.closes_on

    def is_over(self, *, on: date) -> bool:
        """Whether its day has gone by and nobody has counted yet."""
        return self.status == self.Status.OPEN and on > self.closes_on

    @property
    def _spot(self) -> dict[str, Any]:
        return {
            "organisation_id": self.organisation_id,
            "table": "decisions_decision",
            "column": "locked",
            "row": self.pk,
        }


class Box(models.Model):
    """The ballots of one open secret vote and, on another list, who has voted.

    Both lists are sorted, padded to the length they have when everybody has voted, and locked;
    each vote writes both anew in one row that was there before the first. So neither a row, its
    place, its length nor its number tells how many have voted, in what order, or who what.
    Counting deletes it.
    """

    organisation = OrganisationOf("organisations.Organisation", models.PROTECT, of="decision")
    decision = models.OneToOneField(Decision, models.CASCADE, related_name="box")
    locked_ballots = models.BinaryField(default=bytes)
    locked_voters = models.BinaryField(default=bytes)

    class Meta:
        verbose_name_plural = "boxes"

    def __str__(self) -> str:
        return f"box #{self.pk} of decision #{self.decision_id}"


class Voice(models.Model):
    """What one member said in an open vote, under their alias for all in the group to see."""

    organisation = OrganisationOf("organisations.Organisation", models.PROTECT, of="decision")
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="voices")
    membership = models.ForeignKey("groups.Membership", models.CASCADE, related_name="+")
    # Numbers of options.
    choice = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "membership"], name="voice_once")
        ]

    def __str__(self) -> str:
        return f"voice #{self.pk} in decision #{self.decision_id}"

    @property
    def said(self) -> str:
        """What was chosen, in the words of the page; opens what the group wrote."""
        named = self.decision.labels()
        return listed(str(named[number]) for number in self.choice)


class Candidacy(models.Model):
    """Somebody who may lead: named by another, or by themselves. Only who says yes is shown.

    Who named them is not kept.
    """

    class Answer(models.TextChoices):
        ASKED = "asked", pgettext_lazy("candidate", "asked")
        STANDS = "stands", _("says yes")
        DECLINED = "declined", _("says no")

    organisation = OrganisationOf("organisations.Organisation", models.PROTECT, of="decision")
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="candidacies")
    membership = models.ForeignKey("groups.Membership", models.CASCADE, related_name="+")
    answer = models.CharField(max_length=8, choices=Answer, default=Answer.ASKED)

    class Meta:
        verbose_name_plural = "candidacies"
        constraints = [
            models.UniqueConstraint(fields=["decision", "membership"], name="candidacy_once")
        ]

    def __str__(self) -> str:
        return f"candidacy #{self.pk} in decision #{self.decision_id}"


class Mandate(models.Model):
    """What an election gives: the one chosen says yes or no to it, and leads for a time.

    ``instead_of`` is the leadership the group voted on; it ends when another takes it over, or
    when the group chose nobody. Past ``until_on`` the leader goes on until the group has chosen
    again, so that no group is left alone.
    """

    organisation = OrganisationOf("organisations.Organisation", models.PROTECT, of="decision")
    decision = models.OneToOneField(Decision, models.CASCADE, related_name="mandate")
    months = models.PositiveSmallIntegerField()
    instead_of = models.ForeignKey(
        "groups.Leadership", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Who was chosen, once it is counted.
    chosen = models.ForeignKey(
        "groups.Membership", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # None: not answered yet.
    accepted = models.BooleanField(null=True, blank=True)
    # Who is chosen again goes on in the same.
    leadership = models.ForeignKey(
        "groups.Leadership", models.SET_NULL, null=True, blank=True, related_name="mandates"
    )
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="mandate_lasts", condition=Q(months__gte=1)),
            models.CheckConstraint(
                name="mandate_taken_has_an_end",
                condition=Q(accepted=True, until_on__isnull=False)
                | ((Q(accepted=None) | Q(accepted=False)) & Q(until_on=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"mandate #{self.pk} of decision #{self.decision_id}"


class CheckIn(models.Model):
    """A facilitator and a parent leader talked: that, and on which day.

    How it goes and what help is asked for is there only where the leader wished it kept.
    """

    class How(models.TextChoices):
        WELL = "well", _("It goes well")
        MIXED = "mixed", _("Some of it is hard")
        HARD = "hard", _("It is hard")

    organisation = OrganisationOf("organisations.Organisation", models.PROTECT, of="leadership")
    leadership = models.ForeignKey("groups.Leadership", models.CASCADE, related_name="check_ins")
    on = models.DateField()
    how = models.CharField(max_length=5, choices=How, blank=True)
    # What the leader asks for, in a sentence of theirs; locked.
    locked_help = models.BinaryField(default=bytes, blank=True)
    # Who wrote it down: an account, so that the leader knows with whom it was.
    noted_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["leadership", "on"], name="check_in_once_a_day")
        ]

    def __str__(self) -> str:
        return f"check-in #{self.pk} of leadership #{self.leadership_id}"

    @property
    def help_asked(self) -> str:
        return unlock_text(self.locked_help, **self._spot) if self.locked_help else ""

    def put_help(self, text: str) -> None:
        """Lock what the leader asks for; the row must be there already, and is to be saved."""
        self.locked_help = lock_text(text, **self._spot) if text else b""

    @property
    def _spot(self) -> dict[str, Any]:
        return {
            "organisation_id": self.organisation_id,
            "table": "decisions_checkin",
            "column": "locked_help",
            "row": self.pk,
        }


def local_day(decision: Decision, at: datetime) -> date:
    """The day it is where the group meets."""
    return decision.group.today(at=at)
