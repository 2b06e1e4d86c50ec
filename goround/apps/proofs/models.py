from datetime import date

from django.db import models
from django.db.models import F, Q

from goround.apps.organisations.walled import OrganisationOf


class Proof(models.Model):
    """A paper a parent asked for: that one person was there on these dates, and nothing else.

    What stands on it is kept as it was given out, so that a check by its code shows the same. Of
    the code there is only a hash: the paper exists once, in the hands of the parent.
    """

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="parent")
    parent = models.ForeignKey("people.Parent", on_delete=models.CASCADE, related_name="proofs")
    code_hash = models.CharField(max_length=64, unique=True)
    # As on the paper.
    issuer = models.CharField(max_length=120)
    programme = models.CharField(max_length=120, blank=True)
    dates = models.JSONField()
    issued_on = models.DateField()
    # The last day on which a check says yes.
    until_on = models.DateField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="proof_holds_for_a_while", condition=Q(until_on__gt=F("issued_on"))
            ),
            models.CheckConstraint(name="proof_has_an_issuer", condition=~Q(issuer="")),
        ]

    def __str__(self) -> str:
        return f"proof #{self.pk} of parent #{self.parent_id}"

    def days(self) -> list[date]:
        return [date.fromisoformat(day) for day in self.dates]

    def holds(self, *, on: date) -> bool:
        return self.taken_back_at is None and on <= self.until_on
