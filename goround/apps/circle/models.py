from datetime import datetime

from django.db import models
from django.db.models import Q

from goround.apps.organisations.walled import OrganisationOf
from goround.domain.circle.facts import Circle
from goround.domain.circle.plain import from_plain


class OpenCircle(models.Model):
    """A go-round while it runs. Closing it deletes the row, and all that hangs on it.

    ``state`` holds seats and turns by number; whoever sits there is in ``CircleSeat``. Nothing
    that anybody said is in either. ``version`` grows with every change, so that devices know
    which of two states is the newer.
    """

    organisation = OrganisationOf(
        "organisations.Organisation", on_delete=models.PROTECT, of="meeting"
    )
    meeting = models.OneToOneField(
        "meetings.Meeting", on_delete=models.CASCADE, related_name="open_circle"
    )
    state = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    # What lets a telephone in; null while the door is shut.
    code = models.CharField(max_length=8, unique=True, null=True, blank=True)
    # Where the video call is, if the group has one.
    video_url = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField()
    # From then on it counts as closed, also before anybody has deleted it.
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="circle_code_is_whole_or_none", condition=Q(code=None) | ~Q(code="")
            ),
            models.CheckConstraint(
                name="circle_ends_after_it_opens", condition=Q(until__gt=models.F("opened_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"open circle #{self.pk} of meeting #{self.meeting_id}"

    def circle(self) -> Circle:
        return from_plain(self.state)

    def is_open(self, *, at: datetime) -> bool:
        return at < self.until


class CircleSeat(models.Model):
    """What the person on one seat of an open circle is called there. Gone when it closes."""

    organisation = OrganisationOf(
        "organisations.Organisation", on_delete=models.PROTECT, of="circle"
    )
    circle = models.ForeignKey(OpenCircle, on_delete=models.CASCADE, related_name="people")
    number = models.PositiveSmallIntegerField()
    alias = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circle", "number"], name="circle_seat_once"),
            models.UniqueConstraint(fields=["circle", "alias"], name="circle_alias_is_one_person"),
            models.CheckConstraint(name="circle_seat_has_an_alias", condition=~Q(alias="")),
        ]

    def __str__(self) -> str:
        return f"seat {self.number} of open circle #{self.circle_id}"


class CircleDevice(models.Model):
    """A device without an account that was let in by the code, for this meeting only.

    A telephone belongs to one seat; the device on the table has none. Only a hash of what the
    device keeps is here.
    """

    organisation = OrganisationOf(
        "organisations.Organisation", on_delete=models.PROTECT, of="circle"
    )
    circle = models.ForeignKey(OpenCircle, on_delete=models.CASCADE, related_name="devices")
    seat = models.ForeignKey(
        CircleSeat, on_delete=models.CASCADE, null=True, blank=True, related_name="devices"
    )
    token_hash = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"device #{self.pk} of open circle #{self.circle_id}"


class Evenness(models.Model):
    """How evenly time was shared at one meeting, kept because the group chose to.

    1 is evenly, 0 is one person for all; see ``domain.circle.evenness``.
    """

    organisation = OrganisationOf(
        "organisations.Organisation", on_delete=models.PROTECT, of="meeting"
    )
    meeting = models.OneToOneField(
        "meetings.Meeting", on_delete=models.CASCADE, related_name="evenness"
    )
    value = models.DecimalField(max_digits=3, decimal_places=2)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="evenness_is_a_share", condition=Q(value__gte=0, value__lte=1)
            )
        ]

    def __str__(self) -> str:
        return f"evenness of meeting #{self.meeting_id}"
