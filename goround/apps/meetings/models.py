from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from goround.apps.organisations.walled import OrganisationOf


class Meeting(models.Model):
    """One gathering of one group, planned or already held.

    Rows are derived from the group's recurrence; ``occurrence`` is the start it had there,
    so a moved meeting stays the same meeting. Head-counts may be unknown (null), which is
    never zero.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        CANCELLED = "cancelled", _("cancelled")

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="group")
    group = models.ForeignKey("groups.Group", on_delete=models.PROTECT, related_name="meetings")
    occurrence = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=9, choices=Status, default=Status.PLANNED)
    cancelled_because = models.CharField(max_length=200, blank=True)
    moved_because = models.CharField(max_length=200, blank=True)
    # People counted without a name, beside those tapped by alias. Null: not counted.
    heads_parents = models.PositiveSmallIntegerField(null=True, blank=True)
    heads_new = models.PositiveSmallIntegerField(null=True, blank=True)
    children = models.PositiveSmallIntegerField(null=True, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "occurrence"], name="meeting_once"),
            models.CheckConstraint(
                name="meeting_reason_when_cancelled",
                condition=(Q(status="cancelled") & ~Q(cancelled_because=""))
                | (~Q(status="cancelled") & Q(cancelled_because="")),
            ),
            models.CheckConstraint(
                name="meeting_recorded_when_held",
                condition=Q(status="held", recorded_at__isnull=False)
                | (~Q(status="held") & Q(recorded_at=None)),
            ),
            models.CheckConstraint(
                name="meeting_counts_only_when_held",
                condition=Q(status="held") | Q(heads_parents=None, heads_new=None, children=None),
            ),
            models.CheckConstraint(
                name="meeting_reason_when_moved",
                condition=Q(starts_at=F("occurrence"), moved_because="")
                | (~Q(starts_at=F("occurrence")) & ~Q(moved_because="")),
            ),
            models.CheckConstraint(
                name="meeting_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="meeting_new_heads_are_heads",
                condition=Q(heads_new=None)
                | Q(heads_parents__isnull=False, heads_new__lte=F("heads_parents")),
            ),
        ]
        indexes = [
            models.Index(fields=["group", "starts_at"], name="meeting_of_group"),
            models.Index(fields=["starts_at", "status"], name="meeting_month"),
        ]

    def __str__(self) -> str:
        return f"meeting #{self.pk} of group #{self.group_id}"

    def takes_attendance(self, *, at: datetime) -> bool:
        return self.status != self.Status.CANCELLED and self.starts_at <= at

    @property
    def is_moved(self) -> bool:
        return self.starts_at != self.occurrence


class Attendance(models.Model):
    """One member was there. Said they would come is another thing: see ``Reply``."""

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="meeting")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    membership = models.ForeignKey(
        "groups.Membership", on_delete=models.CASCADE, related_name="attendances"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "membership"], name="attendance_once")
        ]

    def __str__(self) -> str:
        return f"attendance #{self.pk} at meeting #{self.meeting_id}"


class Reply(models.Model):
    """What a member said beforehand about coming."""

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="meeting")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="replies")
    membership = models.ForeignKey(
        "groups.Membership", on_delete=models.CASCADE, related_name="replies"
    )
    will_come = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "membership"], name="reply_once")]

    def __str__(self) -> str:
        return f"reply #{self.pk} for meeting #{self.meeting_id}"
