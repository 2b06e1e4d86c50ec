import json
import secrets
from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goround.apps.keys.content import lock_text, unlock_text
from goround.apps.organisations.walled import OrganisationOf


class Topic(models.Model):
    """Something a member would like the group to talk about.

    Unsigned there is nobody in it: no row, entry or hour leads to whoever wrote it. That is why
    numbers are drawn and do not count up, and why only the month is kept.
    """

    id = models.BigIntegerField(primary_key=True)
    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="group")
    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="topics")
    # None: unsigned, for good.
    signed_by = models.ForeignKey(
        "groups.Membership", on_delete=models.CASCADE, null=True, related_name="+"
    )
    locked = models.BinaryField()
    # The first day of the month in which it was written.
    month = models.DateField()
    # What it was chosen for. A meeting over without it carries it on to the next.
    chosen_for = models.ForeignKey(
        "meetings.Meeting", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    talked_at = models.ForeignKey(
        "meetings.Meeting", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    put_aside_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="topic_aside_is_not_chosen",
                condition=Q(put_aside_on=None) | Q(chosen_for=None, talked_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"topic #{self.pk} of group #{self.group_id}"

    @property
    def text(self) -> str:
        return unlock_text(
            self.locked,
            organisation_id=self.organisation_id,
            table="agenda_topic",
            column="locked",
            row=self.pk,
        )

    def lock(self, text: str) -> None:
        """Draw a number for a row that is not written yet, and lock the words for it."""
        self.pk = secrets.randbits(53)
        self.locked = lock_text(
            text,
            organisation_id=self.group.organisation_id,
            table="agenda_topic",
            column="locked",
            row=self.pk,
        )


class Want(models.Model):
    """A member would like to talk about a topic too. The group sees how many do, never who."""

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="topic")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="wants")
    membership = models.ForeignKey("groups.Membership", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "membership"], name="want_once"),
        ]

    def __str__(self) -> str:
        return f"want #{self.pk} of topic #{self.topic_id}"


class OwnWords(models.Model):
    """What one member wrote for themselves, locked with their own key: see ``own_words``.

    Erasing the parent destroys the key. The database does not insist on it: it lies in a table
    that is backed up apart.
    """

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="membership")
    membership = models.ForeignKey("groups.Membership", on_delete=models.CASCADE, related_name="+")
    data_key = models.ForeignKey(
        "keys.DataKey",
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
    )
    locked = models.BinaryField(default=b"")

    class Meta:
        abstract = True


class Promise(OwnWords):
    """What a member will try until the group meets again, when it is asked about.

    Members and whoever leads the meeting read the one that is open, by alias.
    """

    class Outcome(models.TextChoices):
        OPEN = "", _("not said yet")
        WORKED = "worked", _("it worked")
        TRIED = "tried", _("I tried")
        NOT_YET = "not-yet", _("not this time")
        LEFT = "left", _("I promised something else instead")

    made_at = models.DateTimeField()
    outcome = models.CharField(max_length=7, choices=Outcome, blank=True, default=Outcome.OPEN)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership"], condition=Q(outcome=""), name="promise_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"promise #{self.pk} of membership #{self.membership_id}"


class Goal(OwnWords):
    """What a member wants to get done. Nobody else reads it unless they share it with the group.

    Shared, members read what it is and whether it is done; its steps stay with its owner.
    """

    is_shared = models.BooleanField(default=False)
    set_on = models.DateField()
    done_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="goal_done_after_it_was_set",
                condition=Q(done_on=None) | Q(done_on__gte=models.F("set_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"goal #{self.pk} of membership #{self.membership_id}"


@dataclass(frozen=True, slots=True)
class Step:
    text: str
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class GoalWords:
    """What a goal says: what is locked in it."""

    text: str
    steps: tuple[Step, ...] = ()

    def __repr__(self) -> str:
        return "GoalWords(…)"

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    def as_text(self) -> str:
        return json.dumps([self.text, [[step.text, step.is_done] for step in self.steps]])

    @classmethod
    def from_text(cls, text: str) -> "GoalWords":
        said, steps = json.loads(text)
        return cls(said, tuple(Step(words, is_done) for words, is_done in steps))
