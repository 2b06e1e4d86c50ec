from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from goround.apps.children.models import Shortness, Visit
from goround.apps.organisations.walled import OrganisationOf

# A device that was away for long may still bring its marks; its list is gone by then.
LATE = timedelta(days=14)


class Taken(models.Model):
    """One meeting that somebody took along on one device, to work without a signal.

    ``number`` is what the device calls it. ``seats`` leads from the numbers that the device knows
    people by to memberships, or to children: a number means nothing anywhere else. ``key`` opens
    what the device keeps; it is handed out to nobody but whoever took the meeting.
    """

    class Part(models.TextChoices):
        ROLL = "roll"
        CHILDREN = "children"

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="meeting")
    meeting = models.ForeignKey(
        "meetings.Meeting", on_delete=models.CASCADE, related_name="taken_along"
    )
    # An account that goes leaves its marks: the roll is worked out from them.
    by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    number = models.UUIDField(unique=True)
    part = models.CharField(max_length=8, choices=Part, default=Part.ROLL)
    key = models.CharField(max_length=64)
    seats = models.JSONField(default=dict)
    # The record as it was then: what is corrected offline was corrected knowingly.
    seen = models.JSONField(default=dict)
    taken_at = models.DateTimeField()
    # From then on the device keeps no list any more, and soon after nothing is taken from it.
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="taken_ends_after_it_began", condition=Q(until__gt=models.F("taken_at"))
            )
        ]

    def __str__(self) -> str:
        return f"taken #{self.pk} of meeting #{self.meeting_id}"

    def takes_marks(self, *, at: datetime) -> bool:
        return at < self.until + LATE


class Mark(models.Model):
    """One tap on a device that was away: append-only, and counted once however often it comes.

    Who is meant: ``seat``, a membership; or somebody new under ``alias``, who is ``newcomer``
    on the device and ``seat`` once the group has welcomed them. ``settled_at`` says that a person
    has decided, or written the page anew since; it then counts no more.
    """

    class About(models.TextChoices):
        SEAT = "seat"
        NEWCOMER = "newcomer"
        HEADS = "heads"
        HEADS_NEW = "heads-new"
        CHILDREN = "children"
        WITHDRAWN = "withdrawn"

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="taken")
    taken = models.ForeignKey(Taken, on_delete=models.CASCADE, related_name="marks")
    # Made on the device.
    number = models.UUIDField(unique=True)
    # Which tap on its device this was.
    place = models.PositiveIntegerField()
    about = models.CharField(max_length=9, choices=About)
    seat = models.ForeignKey(
        "groups.Membership", on_delete=models.CASCADE, null=True, blank=True, related_name="marks"
    )
    newcomer = models.UUIDField(null=True, blank=True)
    alias = models.CharField(max_length=60, blank=True)
    is_here = models.BooleanField(null=True, blank=True)
    count = models.PositiveSmallIntegerField(null=True, blank=True)
    withdraws = models.UUIDField(null=True, blank=True)
    tapped_at = models.DateTimeField()
    came_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mark_is_about_one_thing",
                condition=Q(about="seat", seat__isnull=False, is_here__isnull=False, count=None)
                | Q(about="newcomer", newcomer__isnull=False, is_here__isnull=False, count=None)
                | Q(about__in=["heads", "heads-new", "children"], seat=None, is_here=None)
                | Q(about="withdrawn", withdraws__isnull=False, seat=None, is_here=None),
            )
        ]
        indexes = [models.Index(fields=["taken", "settled_at"], name="mark_not_settled")]

    def __str__(self) -> str:
        return f"mark #{self.pk} of taken #{self.taken_id}"


class ChildMark(models.Model):
    """One tap about a child on a device that was away: append-only, and done once.

    It is done when it arrives, unless it says something else than what is written down by then:
    ``why`` names what a person must decide. The adult's name is locked as a visit's is, and gone
    once the mark is settled.
    """

    class About(models.TextChoices):
        CAME = "came"
        WENT = "went"
        # A barred adult was there, and the child was kept.
        KEPT = "kept"
        # What is to be known of the child was looked at.
        LOOKED = "looked"

    class Why(models.TextChoices):
        NO_PLACE = "no-place"
        NOT_LISTED = "not-listed"
        BARRED = "barred"
        DIFFERS = "differs"
        NOT_IN = "not-in"
        CLOSED = "closed"
        NOT_BEGUN = "not-begun"
        # Something earlier about the same child waits for a person.
        AFTER = "after"

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="taken")
    taken = models.ForeignKey(Taken, on_delete=models.CASCADE, related_name="child_marks")
    number = models.UUIDField(unique=True)
    place = models.PositiveIntegerField()
    about = models.CharField(max_length=6, choices=About)
    child = models.ForeignKey("children.Child", on_delete=models.CASCADE, related_name="taps")
    locked = models.BinaryField(default=b"")
    parent_agrees = models.BooleanField(default=False)
    # How the leader knew the adult, and what they did about too few adults.
    seen = models.CharField(max_length=6, choices=Visit.Seen, blank=True)
    accepts = models.CharField(max_length=10, choices=Shortness.Done, blank=True)
    adults = models.PositiveSmallIntegerField(default=1)
    tapped_at = models.DateTimeField()
    came_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=10, choices=Why, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="child_mark_waits_or_is_settled",
                condition=(Q(settled_at=None) & ~Q(why="")) | Q(settled_at__isnull=False, why=""),
            )
        ]
        indexes = [models.Index(fields=["taken", "settled_at"], name="child_mark_not_settled")]

    def __str__(self) -> str:
        return f"child mark #{self.pk} of taken #{self.taken_id}"


class Tally(models.Model):
    """A meeting's record as people wrote it by hand, and as marks made it last.

    Where the meeting is recorded otherwise than ``made`` by now, somebody has written on the page
    since: they saw the marks so far, and what they wrote takes their place.
    """

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="meeting")
    meeting = models.OneToOneField(
        "meetings.Meeting", on_delete=models.CASCADE, related_name="tally"
    )
    by_hand = models.JSONField(default=dict)
    made = models.JSONField(default=dict)
    # Memberships that could not be marked at this meeting. Nobody is told why.
    refused = models.JSONField(default=list, blank=True)
    # How many things wait for a person to decide.
    asked = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"tally of meeting #{self.meeting_id}"
