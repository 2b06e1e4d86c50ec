from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from goround.domain.privacy.chain import NOTHING_BEFORE, Entry, Head


class Event(models.Model):
    """One act, written in the act's own transaction, and a link of its organisation's chain.

    Holds ids and no foreign keys, so that the trail outlives what it speaks of, and never
    a name, an address or an answer. The primary key is not part of what the chain proves:
    ``number`` is an entry's place.
    """

    kind = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    subject_id = models.BigIntegerField(null=True)
    # None: an act of the installation that belongs to no organisation.
    organisation_id = models.BigIntegerField(null=True)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict, blank=True)
    number = models.PositiveBigIntegerField()
    link = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["subject", "subject_id"], name="audit_event_subject")]
        constraints = [
            models.CheckConstraint(
                name="audit_event_kind_is_noun_verb", condition=Q(kind__contains=".")
            ),
            models.UniqueConstraint(
                fields=["organisation_id", "number"], name="audit_event_one_place_each"
            ),
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(organisation_id=None),
                name="audit_event_one_place_each_of_the_installation",
            ),
            models.CheckConstraint(name="audit_event_counts_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"event #{self.pk} {self.kind} on {self.subject} #{self.subject_id}"

    def entry(self) -> Entry:
        return Entry(
            self.organisation_id,
            self.number,
            self.kind,
            self.subject,
            self.subject_id,
            self.by_id,
            self.at,
            self.facts,
        )


class Chain(models.Model):
    """The head of one organisation's chain. Who writes an entry holds this row.

    ``seal`` is made with the key, so a head set back by hand does not fit. Entries up to
    ``base_number`` were let go when their time was over; the chain begins behind them.
    """

    # None: the chain of the installation.
    organisation_id = models.BigIntegerField(null=True)
    length = models.PositiveBigIntegerField(default=0)
    link = models.CharField(max_length=64, default=NOTHING_BEFORE)
    base_number = models.PositiveBigIntegerField(default=0)
    base_link = models.CharField(max_length=64, default=NOTHING_BEFORE)
    seal = models.CharField(max_length=64, blank=True)
    # What the last daily check found; proof of nothing, only news for a page.
    checked_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=20, blank=True)
    fault_number = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            # Plain uniqueness would let the installation have several: NULL equals nothing.
            models.UniqueConstraint(Coalesce("organisation_id", 0), name="audit_chain_one_each"),
            models.CheckConstraint(
                name="audit_chain_begins_before_it_ends",
                condition=Q(base_number__lte=models.F("length")),
            ),
        ]

    def __str__(self) -> str:
        return f"chain of organisation #{self.organisation_id}, {self.length} entries"

    def head(self) -> Head:
        return Head(self.organisation_id, self.length, self.link, self.base_number, self.base_link)
