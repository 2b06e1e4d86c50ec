from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goround.apps.organisations.models import Organisation


class Job(models.Model):
    """Long work that a worker does in the background, with progress a page can show.

    A worker holds a job by a lease. When it dies the lease runs out and another takes the
    job up again, so whatever a job does must be safe to repeat. It is one organisation's, or
    a network's: then it is worked on with all of the network's organisations open.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("waiting to start")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.CASCADE, null=True, blank=True
    )
    network = models.ForeignKey(
        "organisations.Network", on_delete=models.CASCADE, null=True, blank=True
    )
    kind = models.CharField(max_length=60)
    # The row the job is about; what it is depends on the kind.
    subject_id = models.BigIntegerField()
    status = models.CharField(max_length=9, choices=Status, default=Status.QUEUED)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT)
    asked_at = models.DateTimeField()
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    progress = models.JSONField(default=dict, blank=True)
    cancel_asked = models.BooleanField(default=False)
    leased_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    # What went wrong, in words for the person who asked; no personal data.
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=Q(status__in=["queued", "running"]),
                name="job_one_open_per_subject",
            ),
            models.CheckConstraint(
                condition=Q(organisation=None, network__isnull=False)
                | Q(organisation__isnull=False, network=None),
                name="job_of_an_organisation_or_a_network",
            ),
        ]
        indexes = [models.Index(fields=["status", "leased_until"], name="job_claim")]

    def __str__(self) -> str:
        return f"job #{self.pk} {self.kind} on #{self.subject_id}"

    @property
    def is_open(self) -> bool:
        return self.status in {self.Status.QUEUED, self.Status.RUNNING}

    def places(self) -> list[int]:
        """Where it has to look: its organisation, or all of its network's."""
        if self.organisation_id is not None:
            return [self.organisation_id]
        hosts = Organisation.objects.filter(network=self.network_id).order_by("pk")
        return list(hosts.values_list("pk", flat=True))

    def is_free(self, *, at: datetime) -> bool:
        lapsed = self.leased_until is None or self.leased_until <= at
        return self.is_open and lapsed
