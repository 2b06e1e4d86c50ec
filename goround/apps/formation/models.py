from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Round(models.Model):
    """One round of formation: who waits, where and how, a proposal, and its acceptance.

    Keeps the seed and every setting, so that a proposal can be explained a year later.
    """

    class Status(models.TextChoices):
        PREPARED = "prepared", _("prepared")
        SEARCHING = "searching", _("being worked out")
        PROPOSED = "proposed", _("proposed")
        ACCEPTED = "accepted", _("accepted")
        PUT_ASIDE = "put-aside", _("put aside")

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.CASCADE)
    programme = models.ForeignKey("organisations.Programme", on_delete=models.PROTECT)
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=9, choices=Status, default=Status.PREPARED)
    # What the coordinator chose, in plain words' keys; see ``formation.settings``.
    settings = models.JSONField(default=dict)
    # The problem as it was when the search began: ids and facts, no names.
    problem = models.JSONField(default=dict)
    seed = models.PositiveIntegerField()
    seconds = models.PositiveSmallIntegerField(default=20)
    # The number of the proposal that stands; 0 before the first.
    version = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="round_accepted_has_a_time",
                condition=Q(status="accepted", accepted_at__isnull=False)
                | (~Q(status="accepted") & Q(accepted_at=None)),
            )
        ]

    def __str__(self) -> str:
        return f"round #{self.pk} at organisation #{self.organisation_id}"


class Proposal(models.Model):
    """One state of a round's groups: the search's, or what a coordinator made of it.

    Every change is a new row, so nothing is overwritten and each step can be undone.
    """

    class Change(models.TextChoices):
        SEARCHED = "searched", _("worked out")
        MOVED = "moved", _("moved a parent")
        LOCKED = "locked", _("locked")
        UNLOCKED = "unlocked", _("unlocked")
        DISSOLVED = "dissolved", _("dissolved a group")
        ADDED = "added", _("added a group")
        UNDONE = "undone", _("undid a change")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="proposals")
    version = models.PositiveIntegerField()
    # The version this one came from, and for an undo the one it goes back to.
    based_on = models.PositiveIntegerField()
    change = models.CharField(max_length=9, choices=Change)
    answer = models.JSONField()
    cost = models.FloatField()
    placed = models.PositiveIntegerField()
    unplaced = models.PositiveIntegerField()
    broken = models.PositiveIntegerField(default=0)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "version"], name="proposal_unique_version")
        ]

    def __str__(self) -> str:
        return f"proposal #{self.pk}, version {self.version} of round #{self.round_id}"
