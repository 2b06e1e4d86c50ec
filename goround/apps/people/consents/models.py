from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Consent(models.Model):
    """A parent said yes to one thing that nothing else depends on, until they take it back.

    A row is never changed but to end it; saying yes again is a new row. What they read or were
    told stands in the notice of that version.
    """

    class Purpose(models.TextChoices):
        MESSAGES = "messages", _("be written to")
        REFERRAL = "referral", _("be referred to another service")
        PHOTO = "photo", _("be in photos")
        SHARING = "sharing", _("have some of what they told shared")

    class How(models.TextChoices):
        OWN_PAGE = "own-page", _("on their own page")
        IN_WORDS = "in-words", _("said so, face to face")
        BY_PHONE = "by-phone", _("said so on the phone")
        ON_PAPER = "on-paper", _("signed on paper")

    class Because(models.TextChoices):
        WITHDRAWN = "withdrawn", _("taken back")
        RENEWED = "renewed", _("given again")

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT)
    parent = models.ForeignKey("people.Parent", on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=8, choices=Purpose)
    # Another service or agency, never a person; empty: the organisation itself.
    recipient = models.CharField(max_length=120, blank=True)
    notice_version = models.PositiveSmallIntegerField()
    how = models.CharField(max_length=8, choices=How)
    given_at = models.DateTimeField()
    # Who wrote it down: the parent's own account, or a coordinator's.
    written_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=9, choices=Because, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "purpose", "recipient"],
                condition=Q(ended_at=None),
                name="consent_one_open_for_each_thing",
            ),
            models.CheckConstraint(
                name="consent_ended_has_a_reason",
                condition=Q(ended_at=None, ended_because="")
                | (Q(ended_at__isnull=False) & ~Q(ended_because="")),
            ),
            models.CheckConstraint(
                name="consent_runs_out_after_it_was_given",
                condition=Q(expires_at__gt=F("given_at")),
            ),
            models.CheckConstraint(
                name="consent_to_sharing_names_who_gets_it",
                condition=~Q(purpose__in=["referral", "sharing"]) | ~Q(recipient=""),
            ),
        ]

    def __str__(self) -> str:
        return f"consent #{self.pk} of parent #{self.parent_id}"

    def is_live(self, *, at: datetime) -> bool:
        return self.ended_at is None and self.given_at <= at < self.expires_at
