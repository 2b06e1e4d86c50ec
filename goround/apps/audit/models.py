from django.db import models


class Event(models.Model):
    """One act, written in the act's own transaction.

    Holds ids and no foreign keys, so that the trail outlives what it speaks of, and never
    a name, an address or an answer.
    """

    kind = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    subject_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True, db_index=True)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "subject_id"], name="audit_event_subject")]
        constraints = [
            models.CheckConstraint(
                name="audit_event_kind_is_noun_verb", condition=models.Q(kind__contains=".")
            )
        ]

    def __str__(self) -> str:
        return f"event #{self.pk} {self.kind} on {self.subject} #{self.subject_id}"
