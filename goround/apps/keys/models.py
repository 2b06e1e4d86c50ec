"""Keys, none of them in the open.

Organisations, parents and people with an account are named by plain ids: keys lie below
everything else, and outlive nothing that they open.
"""

from django.db import models
from django.db.models import Q


class Sentinel(models.Model):
    """A known text locked with one root key: shows at the start that the key file is the one."""

    root_id = models.CharField(max_length=16, unique=True)
    locked = models.BinaryField()

    def __str__(self) -> str:
        return f"sentinel of root key {self.root_id}"


class OrganisationKey(models.Model):
    """One organisation's key, wrapped by a root key. Two of them only while one is changed."""

    organisation_id = models.BigIntegerField()
    wrapped = models.BinaryField()
    # Which root key wraps it.
    root_id = models.CharField(max_length=16)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id"],
                condition=Q(is_current=True),
                name="organisation_key_one_current",
            )
        ]

    def __str__(self) -> str:
        return f"key #{self.pk} of organisation #{self.organisation_id}"


class DataKey(models.Model):
    """What locks one parent's facts, or what an organisation keeps besides; wrapped.

    Its row is all there is of it: once deleted, nothing that it locked opens again.
    """

    organisation_id = models.BigIntegerField()
    # None: the key of what the organisation itself keeps.
    parent_id = models.BigIntegerField(null=True, unique=True)
    wrapped = models.BinaryField()
    organisation_key = models.ForeignKey(OrganisationKey, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id"],
                condition=Q(parent_id=None),
                name="data_key_one_for_the_organisation",
            )
        ]

    def __str__(self) -> str:
        return f"data key #{self.pk} of organisation #{self.organisation_id}"


class LeadKey(models.Model):
    """A safeguarding lead's pair of keys. The private one is locked under their own phrase."""

    organisation_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    public = models.BinaryField()
    private_locked = models.BinaryField()
    salt = models.BinaryField()
    # How hard Argon2id works on the phrase: rows made earlier keep opening when this is raised.
    memory_kib = models.PositiveIntegerField()
    passes = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    # When the phrase first opened it: until then nobody has shown that they wrote it down.
    proven_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "user_id"], name="lead_key_once_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"lead key #{self.pk} at organisation #{self.organisation_id}"


class RecoveryKey(models.Model):
    """The public half of the key that an organisation keeps on paper."""

    organisation_id = models.BigIntegerField(unique=True)
    public = models.BinaryField()
    made_at = models.DateTimeField()
    # When somebody typed words from the card: until then it may never have been printed.
    proven_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"recovery key #{self.pk} of organisation #{self.organisation_id}"


class SealedText(models.Model):
    """A text that only safeguarding leads and the recovery card can open."""

    organisation_id = models.BigIntegerField(db_index=True)
    # What it belongs to, such as "concern"; and the id there, where it was known.
    kind = models.CharField(max_length=60)
    row_id = models.BigIntegerField(null=True)
    locked = models.BinaryField()

    def __str__(self) -> str:
        return f"sealed text #{self.pk} at organisation #{self.organisation_id}"


class SpokenKey(models.Model):
    """The key of one sealed text for one person besides, locked under six words they were told.

    Its row is all there is of it: once deleted, the words open nothing.
    """

    organisation_id = models.BigIntegerField(db_index=True)
    sealed_text = models.OneToOneField(
        SealedText, on_delete=models.CASCADE, related_name="spoken_key"
    )
    user_id = models.BigIntegerField()
    locked = models.BinaryField()
    salt = models.BinaryField()
    memory_kib = models.PositiveIntegerField()
    passes = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"spoken key #{self.pk} of sealed text #{self.sealed_text_id}"


class SealedKey(models.Model):
    """The key of one sealed text, sealed to one lead or to the recovery card.

    To neither: held under the organisation's key, only until a first lead has opened theirs.
    """

    organisation_id = models.BigIntegerField(db_index=True)
    sealed_text = models.ForeignKey(SealedText, on_delete=models.CASCADE, related_name="keys")
    lead_key = models.ForeignKey(
        LeadKey, on_delete=models.CASCADE, null=True, related_name="sealed_keys"
    )
    recovery_key = models.ForeignKey(
        RecoveryKey, on_delete=models.CASCADE, null=True, related_name="sealed_keys"
    )
    box = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sealed_key_for_one_reader",
                condition=Q(lead_key=None) | Q(recovery_key=None),
            ),
            models.UniqueConstraint(
                fields=["sealed_text", "lead_key"], name="sealed_key_once_per_lead"
            ),
            models.UniqueConstraint(
                fields=["sealed_text", "recovery_key"], name="sealed_key_once_per_card"
            ),
        ]

    def __str__(self) -> str:
        return f"key #{self.pk} of sealed text #{self.sealed_text_id}"
