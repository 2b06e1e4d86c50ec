from typing import TypedDict

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goround.apps.keys.content import lock_text, unlock_text
from goround.domain.privacy.apart import Pair, Scope


class Spot(TypedDict):
    organisation_id: int
    table: str
    column: str
    row: int


class KeepApart(models.Model):
    """Two people who must never meet, from the day it was recorded until somebody closes it.

    Who they are and how far it reaches is locked with the organisation's key, because the server
    must ask it with no lead present. Why, and what each is to the other, is sealed to the leads.
    """

    class Source(models.TextChoices):
        LEAD = "lead", _("recorded by a safeguarding lead")
        LIST = "list", _("came with a list")

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT)
    # See ``pair``; empty only between two statements of the transaction that makes the row.
    locked = models.BinaryField(default=b"")
    source = models.CharField(max_length=4, choices=Source)
    # None for a list that the programme itself read.
    recorded_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    # None for a pair from a list, of which nobody has said more yet.
    told = models.OneToOneField(
        "keys.SealedText", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    told_at_the_end = models.OneToOneField(
        "keys.SealedText", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="keep_apart_closed_by_somebody",
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"keep-apart #{self.pk} at organisation #{self.organisation_id}"

    @property
    def pair(self) -> Pair:
        one, other, scope = unlock_text(self.locked, **self._spot).split()
        return Pair(int(one), int(other), Scope(scope))

    def lock(self, pair: Pair) -> None:
        """Put the pair into a row that has its number."""
        self.locked = lock_text(f"{pair.one} {pair.other} {pair.scope}", **self._spot)

    @property
    def _spot(self) -> Spot:
        return Spot(
            organisation_id=self.organisation_id,
            table="apart_keepapart",
            column="locked",
            row=self.pk,
        )
