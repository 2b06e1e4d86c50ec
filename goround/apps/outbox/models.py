from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One thing one person is to be told, written in the transaction of the act that causes it.

    It holds no address and no words. Both are looked up in the moment of sending, so that who
    took back their consent, moved or left by then is not written to, and what changed by then is
    not told as it was.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("to be sent")
        SENT = "sent", _("sent")
        LEFT_OUT = "left-out", _("not sent")
        GIVEN_UP = "given-up", _("could not be sent")

    class Because(models.TextChoices):
        """Why it was not sent; empty: it was, or will be."""

        NO_ADDRESS = "no-address", _("they did not agree, or no longer, to be written to")
        OUT_OF_DATE = "out-of-date", _("it was no longer true")
        TOO_LATE = "too-late", _("it could not be sent in time")
        REFUSED = "refused", _("their mail service does not take it")
        UNREACHABLE = "unreachable", _("the mail service did not answer")
        BROKEN = "broken", _("something went wrong on our side")
        HELD_BACK = "held-back", _("it may have been sent before a backup was restored")
        NOT_DISCREET = "not-discreet", _("its words would have told what this is about")

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.CASCADE)
    # Exactly one of the two.
    parent = models.ForeignKey(
        "people.Parent", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=40)
    # What happened, so that it is told once: such as "meeting 12 to 2026-03-10T18:00".
    event = models.CharField(max_length=120)
    # The row it is about; what it is depends on the kind.
    about_id = models.BigIntegerField()
    # Times only, for words about what was before.
    facts = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    because = models.CharField(max_length=12, choices=Because, blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    best_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "kind", "event"],
                condition=Q(parent__isnull=False),
                name="message_once_per_parent",
            ),
            models.UniqueConstraint(
                fields=["user", "organisation", "kind", "event"],
                condition=Q(user__isnull=False),
                name="message_once_per_user",
            ),
            models.CheckConstraint(
                name="message_to_one_person",
                condition=Q(parent__isnull=False, user=None) | Q(parent=None, user__isnull=False),
            ),
            models.CheckConstraint(
                name="message_ended_when_not_waiting",
                condition=Q(status="waiting", ended_at=None)
                | (~Q(status="waiting") & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="message_reason_when_not_sent",
                condition=(Q(status__in=["waiting", "sent"]) & Q(because=""))
                | (Q(status__in=["left-out", "given-up"]) & ~Q(because="")),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "due_at"], name="message_due"),
            models.Index(fields=["organisation", "asked_at"], name="message_of_organisation"),
        ]

    def __str__(self) -> str:
        return f"message #{self.pk} {self.kind} about #{self.about_id}"

    def is_over(self, *, at: datetime) -> bool:
        """Too late to be of use."""
        return self.best_before <= at


class StaffAddress(models.Model):
    """Where somebody who works here wants notices to; entered by themselves, empty for most."""

    user = models.OneToOneField(
        "accounts.User", on_delete=models.CASCADE, related_name="notice_address"
    )
    email = models.EmailField(max_length=254)

    def __str__(self) -> str:
        return f"address #{self.pk} of user #{self.user_id}"
