from django.db import models
from django.db.models import Q

from goround.apps.keys.content import lock_text, unlock_text
from goround.apps.organisations.walled import OrganisationOf


class AgreementVersion(models.Model):
    """What the members of a group promised each other, as it was worded once.

    A version never changes: who changes a word writes the next one. Only members read it.
    """

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="group")
    group = models.ForeignKey(
        "groups.Group", on_delete=models.CASCADE, related_name="agreement_versions"
    )
    number = models.PositiveIntegerField()
    # See ``text``; empty only between two statements of the transaction that makes the row.
    locked = models.BinaryField(default=b"")
    # None once whoever wrote it was erased; the text is the group's and stays.
    written_by = models.ForeignKey(
        "groups.Membership", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="agreement_version_once"),
            models.CheckConstraint(name="agreement_version_from_1", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of the agreement of group #{self.group_id}"

    @property
    def text(self) -> str:
        return unlock_text(
            self.locked,
            organisation_id=self.organisation_id,
            table="agreements_agreementversion",
            column="locked",
            row=self.pk,
        )

    def lock(self, text: str) -> None:
        """Put the text into a row that has its number and will be saved again."""
        self.locked = lock_text(
            text,
            organisation_id=self.organisation_id,
            table="agreements_agreementversion",
            column="locked",
            row=self.pk,
        )


class Affirmation(models.Model):
    """A member's yes to one version. Taking it back deletes it."""

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="version")
    version = models.ForeignKey(
        AgreementVersion, on_delete=models.CASCADE, related_name="affirmations"
    )
    membership = models.ForeignKey(
        "groups.Membership", on_delete=models.CASCADE, related_name="affirmations"
    )
    said_on = models.DateField()
    # Said in the circle by a member without an account, and noted by another member.
    was_aloud = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "membership"], name="affirmation_once")
        ]

    def __str__(self) -> str:
        return f"affirmation #{self.pk} of version #{self.version_id}"
