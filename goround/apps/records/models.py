from django.db import models
from django.db.models import F, Q


class Erasure(models.Model):
    """Somebody asked that all about one parent be erased; until it is due they may take it back.

    What it leaves of the parent is a row without anything in it, so that sums stay true.
    """

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT)
    parent = models.ForeignKey("people.Parent", on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    # The parent's own account goes with the rest.
    asked_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    due_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parent"],
                condition=Q(taken_back_at=None, done_at=None),
                name="erasure_one_open_for_each_parent",
            ),
            models.CheckConstraint(
                name="erasure_taken_back_is_not_done",
                condition=Q(taken_back_at=None) | Q(done_at=None),
            ),
            models.CheckConstraint(
                name="erasure_due_after_it_was_asked", condition=Q(due_at__gte=F("asked_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"erasure #{self.pk} of parent #{self.parent_id}"


class KeepingRules(models.Model):
    """A network's own rules for how long things are kept; without a row the shipped ones hold."""

    network = models.OneToOneField(
        "organisations.Network", on_delete=models.CASCADE, related_name="+"
    )
    text = models.TextField()

    def __str__(self) -> str:
        return f"rules for keeping #{self.pk} of network #{self.network_id}"
