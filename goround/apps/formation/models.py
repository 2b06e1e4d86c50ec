from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goround.apps.organisations.walled import OrganisationOf


class Round(models.Model):
    """One round of formation: who waits, where and how, a proposal, and its acceptance."""

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
    seed = models.PositiveIntegerField()
    # The number of the proposal that stands; 0 before the first.
    version = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    # What accepting it made.
    groups = models.ManyToManyField("groups.Group", blank=True, related_name="+")

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


class Search(models.Model):
    """One run of the search, with everything that decided its result.

    Facts, settings and seed are kept as they were, so that a proposal can be explained a year
    later. They hold ids and no names.
    """

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="round")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="searches")
    number = models.PositiveIntegerField()
    settings = models.JSONField()
    seed = models.PositiveIntegerField()
    seconds = models.PositiveSmallIntegerField()
    # The version it set out from, whose locks it keeps; 0 for none.
    start_version = models.PositiveIntegerField(default=0)
    # Locked; empty until the search has begun. See ``formation.stored``.
    locked_problem = models.BinaryField(default=bytes)
    # Parents who wait and could not take part, because too little is known: id and what lacks.
    left_out = models.JSONField(default=list)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="search_unique_number")
        ]

    def __str__(self) -> str:
        return f"search #{self.pk}, number {self.number} of round #{self.round_id}"


class Proposal(models.Model):
    """One state of a round's groups: the search's, or what a coordinator made of it.

    Every change is a new row, so nothing is overwritten and each step can be undone.
    """

    class Change(models.TextChoices):
        SEARCHED = "searched", _("worked out")
        MOVED = "moved", _("moved a parent")
        SWAPPED = "swapped", _("let two parents change places")
        TAKEN_OUT = "taken-out", _("took a parent out")
        LOCKED = "locked", _("locked")
        UNLOCKED = "unlocked", _("unlocked")
        DISSOLVED = "dissolved", _("dissolved a group")
        ADDED = "added", _("added a group")
        UNDONE = "undone", _("undid a change")
        REDONE = "redone", _("did a change again")

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="round")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="proposals")
    # Whose facts it is about.
    search = models.ForeignKey(Search, on_delete=models.CASCADE, related_name="proposals")
    version = models.PositiveIntegerField()
    # The version this one came from; for one undone or redone, the version it equals.
    based_on = models.PositiveIntegerField()
    change = models.CharField(max_length=9, choices=Change)
    answer = models.JSONField()
    # What the page shows of each group, worked out once; see ``formation.figures``.
    figures = models.JSONField()
    # Ids of the parent and the groups the change was about, and under "effect" what it did.
    about = models.JSONField(default=dict)
    cost = models.FloatField()
    placed = models.PositiveIntegerField()
    unplaced = models.PositiveIntegerField()
    broken = models.PositiveIntegerField(default=0)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "version"], name="proposal_unique_version"),
            # A search whose worker was killed runs again and must not propose twice.
            models.UniqueConstraint(
                fields=["search"], condition=Q(change="searched"), name="proposal_once_per_search"
            ),
        ]

    def __str__(self) -> str:
        return f"proposal #{self.pk}, version {self.version} of round #{self.round_id}"


class Advice(models.Model):
    """What the organisation could add to place more parents, worked out around one proposal."""

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="proposal")
    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="advice")
    seed = models.PositiveIntegerField()
    # Moves of each search that tries an idea; with the seed they decide what is found.
    iterations = models.PositiveIntegerField()
    # The ideas tried and what each does, see ``matching.advice``; None until some were.
    found = models.JSONField(null=True, blank=True)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"advice #{self.pk} on proposal #{self.proposal_id}"
