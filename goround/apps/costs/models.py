"""What groups cost. Money is whole numbers of the currency's smallest unit."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from goround.apps.organisations.walled import OrganisationOf
from goround.domain import costs
from goround.domain.costs import CURRENCIES


class OwnCurrency(models.Model):
    """The one currency an organisation counts in, so that no two are ever added."""

    organisation = models.OneToOneField("organisations.Organisation", on_delete=models.CASCADE)
    code = models.CharField(max_length=3, choices=[(code, code) for code in sorted(CURRENCIES)])

    def __str__(self) -> str:
        return f"currency {self.code} of organisation #{self.organisation_id}"

    @property
    def currency(self) -> costs.Currency:
        return CURRENCIES[self.code]


class Budget(models.Model):
    """What one group may spend from one day to another, for so many meetings."""

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="group")
    group = models.ForeignKey("groups.Group", on_delete=models.PROTECT, related_name="budgets")
    first_on = models.DateField()
    last_on = models.DateField()
    meetings = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="budget_ends_after_it_begins", condition=Q(last_on__gte=F("first_on"))
            ),
            models.CheckConstraint(name="budget_has_a_meeting", condition=Q(meetings__gte=1)),
            models.UniqueConstraint(fields=["group", "first_on"], name="budget_once_from_a_day"),
        ]

    def __str__(self) -> str:
        return f"budget #{self.pk} of group #{self.group_id}"


class CostLine(models.Model):
    """One thing that money goes to: planned in a budget, or spent on a day.

    ``amount`` is ``each`` by ``how_many`` by ``times``: two trainers at 40, four evenings.
    Donated lines say what it would have cost, and are added to no money.
    """

    class Kind(models.TextChoices):
        WORKER_TIME = costs.Kind.WORKER_TIME.value, _("worker time")
        VENUE = costs.Kind.VENUE.value, _("venue")
        REFRESHMENTS = costs.Kind.REFRESHMENTS.value, _("refreshments")
        TRANSPORT = costs.Kind.TRANSPORT.value, _("transport")
        CHILDREN = costs.Kind.CHILDREN.value, _("children's programme")
        INCENTIVES = costs.Kind.INCENTIVES.value, _("incentives")
        TRAINING = costs.Kind.TRAINING.value, _("training")
        COPIES = costs.Kind.COPIES.value, _("copies")
        OTHER = costs.Kind.OTHER.value, _("something else")

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="group")
    group = models.ForeignKey("groups.Group", on_delete=models.PROTECT, related_name="cost_lines")
    budget = models.ForeignKey(
        Budget, on_delete=models.CASCADE, null=True, blank=True, related_name="lines"
    )
    # Spent; a planned line has the days of its budget.
    spent_on = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    is_donated = models.BooleanField(default=False)
    each = models.PositiveBigIntegerField()
    how_many = models.PositiveSmallIntegerField(default=1)
    times = models.PositiveSmallIntegerField(default=1)
    amount = models.PositiveBigIntegerField()
    # A few words to tell two lines apart; the page asks for no names.
    about = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cost_line_planned_or_spent",
                condition=Q(budget__isnull=False, spent_on=None)
                | Q(budget=None, spent_on__isnull=False),
            ),
            models.CheckConstraint(
                name="cost_line_amount_is_the_product",
                condition=Q(amount=F("each") * F("how_many") * F("times")),
            ),
        ]
        indexes = [models.Index(fields=["group", "spent_on"], name="cost_line_of_group")]

    def __str__(self) -> str:
        return f"cost line #{self.pk} of group #{self.group_id}"

    @property
    def plain(self) -> costs.Line:
        return costs.Line(costs.Kind(self.kind), self.amount, self.is_donated)

    @property
    def is_product(self) -> bool:
        """Whether the amount is more than one thing once, so that the page shows how it came."""
        return (self.how_many, self.times) != (1, 1)
