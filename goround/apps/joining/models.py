"""Joining is the group's own act, and leaving the member's."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goround.apps.keys.content import lock_text, unlock_text
from goround.apps.organisations.walled import OrganisationOf

USUAL_DAYS = 7
MOST_DAYS = 28


class Way(models.TextChoices):
    """How a group says yes."""

    ANY_LEADER = "any-leader", _("anybody who leads says yes")
    EVERYBODY = "everybody", _("everybody is asked, and nobody objects")


class JoinRule(models.Model):
    """How this group lets somebody in. A group without one says yes by any leader."""

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="group")
    group = models.OneToOneField("groups.Group", models.CASCADE, related_name="join_rule")
    way = models.CharField(max_length=10, choices=Way, default=Way.ANY_LEADER)
    # Whoever asks has an answer by then.
    days = models.PositiveSmallIntegerField(default=USUAL_DAYS)
    # Parents who wait at the organisation may see that there is such a group, and ask.
    can_be_found = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="join_rule_answers_in_days", condition=Q(days__gte=1, days__lte=MOST_DAYS)
            )
        ]

    def __str__(self) -> str:
        return f"join rule #{self.pk} of group #{self.group_id}"


class JoinRequest(models.Model):
    """A parent asks to belong to a group.

    One that cannot be is never put to the group, and ends at its day in the same words as one
    that the group did not want: a full group, somebody who must not be met and an objection
    all look alike.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("the group has not answered yet")
        WELCOMED = "welcomed", _("welcome")
        NO_PLACE = "no-place", _("no place at the moment")
        TAKEN_BACK = "taken-back", _("taken back")

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="group")
    group = models.ForeignKey("groups.Group", models.CASCADE, related_name="join_requests")
    parent = models.ForeignKey("people.Parent", models.CASCADE, related_name="join_requests")
    # What they want to be called there.
    alias = models.CharField(max_length=60)
    # A few words to the group, locked with the organisation's key.
    locked = models.BinaryField(null=True)
    way = models.CharField(max_length=10, choices=Way)
    is_put = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "parent"],
                condition=Q(status="open"),
                name="join_request_once_at_a_time",
            ),
            models.CheckConstraint(
                name="join_request_ended_when_not_open",
                condition=Q(status="open", ended_at=None)
                | (~Q(status="open") & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(name="join_request_has_an_alias", condition=~Q(alias="")),
        ]
        indexes = [models.Index(fields=["status", "answer_by"], name="join_request_due")]

    def __str__(self) -> str:
        return f"join request #{self.pk} to group #{self.group_id}"

    @property
    def words(self) -> str:
        if not self.locked:
            return ""
        return unlock_text(
            self.locked,
            organisation_id=self.organisation_id,
            table="joining_joinrequest",
            column="locked",
            row=self.pk,
        )

    def say(self, words: str) -> None:
        """Set the words on the row, which must have been written once and be saved again."""
        self.locked = lock_text(
            words,
            organisation_id=self.organisation_id,
            table="joining_joinrequest",
            column="locked",
            row=self.pk,
        )


class Objection(models.Model):
    """Somebody of the group would rather not. No time, no reason; gone with the answer."""

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="request")
    request = models.ForeignKey(JoinRequest, models.CASCADE, related_name="objections")
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "user"], name="objection_once")]

    def __str__(self) -> str:
        return f"objection #{self.pk}"


class Buddy(models.Model):
    """A member who is glad to be asked by somebody new."""

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="membership")
    membership = models.OneToOneField("groups.Membership", models.CASCADE, related_name="buddy")

    def __str__(self) -> str:
        return f"buddy #{self.pk}"


class Welcome(models.Model):
    """Somebody new in a group that was there before, and the buddy they have."""

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="membership")
    membership = models.OneToOneField("groups.Membership", models.CASCADE, related_name="welcome")
    buddy = models.ForeignKey(
        "groups.Membership", models.SET_NULL, null=True, blank=True, related_name="welcomes"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="welcome_by_somebody_else",
                condition=Q(buddy=None) | ~Q(buddy=models.F("membership")),
            )
        ]

    def __str__(self) -> str:
        return f"welcome #{self.pk} of membership #{self.membership_id}"


class Leaving(models.Model):
    """A member left by themselves and may come back the same day; gone the day after."""

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="membership")
    membership = models.OneToOneField("groups.Membership", models.CASCADE, related_name="leaving")

    def __str__(self) -> str:
        return f"leaving #{self.pk} of membership #{self.membership_id}"
