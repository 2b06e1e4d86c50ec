from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from goround.domain.disclosure import Span


class Release(models.Model):
    """One table over one period, as it was handed out. Never changed: see ``ledger_guard``.

    The same table and period again is a correction. Each release carries the seal of the one
    before it, so that a missing or altered one shows.
    """

    network = models.ForeignKey("organisations.Network", on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    # A key of the catalogue.
    table = models.CharField(max_length=40)
    first_on = models.DateField()
    months = models.PositiveSmallIntegerField()
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    # The network's name, and by id the organisations': as they were called then.
    names = models.JSONField()
    threshold = models.PositiveSmallIntegerField()
    base = models.PositiveSmallIntegerField()
    released_at = models.DateTimeField()
    # The address under which anybody may read it; who does not have it finds nothing.
    link = models.CharField(max_length=43, unique=True)
    seal = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "number"], name="release_number_once"),
            models.CheckConstraint(name="release_has_months", condition=Q(months__gte=1)),
            models.CheckConstraint(name="release_has_a_threshold", condition=Q(threshold__gte=2)),
        ]

    def __str__(self) -> str:
        return f"release #{self.pk}, number {self.number} of network #{self.network_id}"

    @property
    def span(self) -> Span:
        return Span.of(self.first_on.year, self.first_on.month, self.months)


class ReleasedFigure(models.Model):
    """One figure of a release: a number that may be read by anybody, or hidden.

    Why it is hidden is not kept: that would tell which ones are small.
    """

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="figures")
    # Neither: the whole network. A group never goes without its organisation.
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    group = models.ForeignKey("groups.Group", on_delete=models.PROTECT, null=True, related_name="+")
    measure = models.CharField(max_length=40)
    split = models.CharField(max_length=40, blank=True)
    category = models.CharField(max_length=60, blank=True)
    shown = models.PositiveIntegerField(null=True)
    # As an earlier release said it: this one says nothing new.
    stands = models.BooleanField(default=False)

    class Meta:
        constraints = [
            # Plain uniqueness would let the network have several: NULL equals nothing.
            models.UniqueConstraint(
                "release",
                Coalesce("organisation", 0),
                Coalesce("group", 0),
                "measure",
                "split",
                "category",
                name="released_figure_once",
            ),
            models.CheckConstraint(
                name="released_figure_of_a_group_names_its_organisation",
                condition=Q(group=None) | Q(organisation__isnull=False),
            ),
            models.CheckConstraint(
                name="released_figure_that_stands_is_shown",
                condition=Q(stands=False) | Q(shown__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"figure #{self.pk} of release #{self.release_id}"


class Basis(models.Model):
    """One organisation's exact figures behind a release, for the audit of the next ones.

    Stays inside: no page of the network's office and no file shows it.
    """

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    # [measure, first month, months, group or null, split, category, count], in order.
    figures = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "organisation"], name="basis_once")
        ]

    def __str__(self) -> str:
        return f"basis #{self.pk} of release #{self.release_id}"


class Draft(models.Model):
    """What a release would say, as it was when somebody at the office looked at it.

    Without ``made_at`` it is still being worked out, and says nothing.
    """

    network = models.ForeignKey("organisations.Network", on_delete=models.CASCADE)
    table = models.CharField(max_length=40)
    first_on = models.DateField()
    months = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    # [organisation or null, group or null, measure, split, category, shown or null, stands]
    figures = models.JSONField(default=list)
    # Nothing could be released, because of a figure of this measure.
    refused_for = models.CharField(max_length=40, blank=True)
    # It was to be released, and the figures were others by then.
    moved = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "table", "first_on", "months"], name="draft_once"
            )
        ]

    def __str__(self) -> str:
        return f"draft #{self.pk} of network #{self.network_id}"

    @property
    def says_something(self) -> bool:
        """Whether it is made, and there is anything in it to release."""
        return self.made_at is not None and not self.refused_for and bool(self.figures)

    @property
    def span(self) -> Span:
        return Span.of(self.first_on.year, self.first_on.month, self.months)
