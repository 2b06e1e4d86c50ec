from datetime import date, datetime, timedelta
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from goround.apps.organisations.walled import OrganisationOf

# What is to be known of a child closes then, also where nobody has closed the session.
KNOWN_UNTIL_AFTER = timedelta(hours=2)


class Child(models.Model):
    """A child who comes to a group's children's programme, by whatever name they like.

    An age band, no birth date. What is to be known of the child is locked, with the parent's own
    key where the child belongs to one: see ``locking``. Without a parent it is somebody who came
    in at the door, with an adult on site.
    """

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="group")
    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="children")
    parent = models.ForeignKey(
        "people.Parent",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
    )
    # Made by the device that wrote the child down, so that a second sending is the same child.
    mark = models.UUIDField(default=uuid4, unique=True, editable=False)
    alias = models.CharField(max_length=60)
    # A key of the programme's bands.
    band = models.CharField(max_length=12)
    locked = models.BinaryField(default=b"")
    # Whether there is something to know, without saying what.
    has_needs = models.BooleanField(default=False)
    # Counted up when a slip fell into other hands: every code before it opens nothing.
    code_number = models.PositiveSmallIntegerField(default=1)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="child_has_an_alias", condition=~Q(alias=""))]
        indexes = [models.Index(fields=["group", "ended_at"], name="child_of_group")]

    def __str__(self) -> str:
        return f"child #{self.pk} of group #{self.group_id}"

    @property
    def family(self) -> str:
        """Brothers and sisters have one code between them."""
        return f"parent {self.parent_id}" if self.parent_id else f"child {self.pk}"


class Adult(models.Model):
    """Somebody who may bring and collect one child: always, or on some days only."""

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="child")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="adults")
    # The name, locked as what is to be known of the child is.
    locked = models.BinaryField(default=b"")
    since_on = models.DateField()
    # The last good day; None: until somebody ends it.
    until_on = models.DateField(null=True, blank=True)
    added_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="adult_ends_after_it_begins",
                condition=Q(until_on=None) | Q(until_on__gte=F("since_on")),
            )
        ]

    def __str__(self) -> str:
        return f"adult #{self.pk} of child #{self.child_id}"

    @property
    def is_standing(self) -> bool:
        return self.until_on is None

    def is_good(self, *, on: date) -> bool:
        in_time = self.since_on <= on and (self.until_on is None or on <= self.until_on)
        return in_time and self.ended_at is None


class BarredAdult(models.Model):
    """Somebody who may never collect a child, whoever else says so.

    The name is locked with the organisation's key, because the children's leader must see it
    with no lead present. Why is sealed to the leads.
    """

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="child")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="barred")
    locked = models.BinaryField(default=b"")
    told = models.OneToOneField(
        "keys.SealedText", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    barred_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    barred_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="barred_adult_ended_by_somebody",
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"barred adult #{self.pk} of child #{self.child_id}"


class ChildrensSession(models.Model):
    """What the children do beside one meeting, from when its leader begins it until all are gone.

    ``adults`` are those with the children now; ``places`` is how many children the room takes.
    """

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="meeting")
    meeting = models.OneToOneField(
        "meetings.Meeting", on_delete=models.CASCADE, related_name="childrens_session"
    )
    adults = models.PositiveSmallIntegerField()
    places = models.PositiveSmallIntegerField(null=True, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="childrens_session_closes_after_it_opens",
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")),
            )
        ]

    def __str__(self) -> str:
        return f"children's session #{self.pk} of meeting #{self.meeting_id}"

    def is_open(self) -> bool:
        return self.closed_at is None

    def shows_needs(self, *, at: datetime) -> bool:
        """Whether what is to be known of a child may be looked at now."""
        return self.is_open() and at < self.meeting.ends_at + KNOWN_UNTIL_AFTER


class Visit(models.Model):
    """One child at one session: who brought them, who collected them, who handed them over.

    ``mark_in`` and ``mark_out`` were made by the device, so that a mark sent twice is one.
    """

    class Seen(models.TextChoices):
        """How the leader knew that the adult is who they say."""

        CODE = "code", _("the code was right")
        KNOWN = "known", _("I know them, or saw a card with their name")
        PARENT = "parent", _("the parent stood beside them and said yes")

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="session")
    session = models.ForeignKey(ChildrensSession, on_delete=models.CASCADE, related_name="visits")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="visits")
    mark_in = models.UUIDField(unique=True)
    in_at = models.DateTimeField()
    in_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # Who brought and who collected them, locked as the adults' names are.
    brought = models.BinaryField(default=b"")
    mark_out = models.UUIDField(unique=True, null=True, blank=True)
    out_at = models.DateTimeField(null=True, blank=True)
    out_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    collected = models.BinaryField(default=b"")
    seen = models.CharField(max_length=6, choices=Seen, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "child"], condition=Q(out_at=None), name="visit_once_at_a_time"
            ),
            models.CheckConstraint(
                name="visit_ends_whole",
                condition=Q(out_at=None, mark_out=None, seen="")
                | (Q(out_at__isnull=False, mark_out__isnull=False) & ~Q(seen="")),
            ),
        ]

    def __str__(self) -> str:
        return f"visit #{self.pk} of child #{self.child_id}"


class Refusal(models.Model):
    """A barred adult came for a child, and the child was kept. The leads are told at once."""

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="session")
    session = models.ForeignKey(ChildrensSession, on_delete=models.CASCADE, related_name="refusals")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="refusals")
    mark = models.UUIDField(unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"refusal #{self.pk} for child #{self.child_id}"


class Shortness(models.Model):
    """There were too few adults, and the leader said what is done about it."""

    class Done(models.TextChoices):
        HELP_COMES = "help-comes", _("somebody comes to help now")
        NO_MORE = "no-more", _("no more children until somebody comes")
        PARENTS = "parents", _("a parent stays with their child")
        TOGETHER = "together", _("parents and children stay in one room")
        END = "end", _("we end, and the children go back to their parents")

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="session")
    session = models.ForeignKey(
        ChildrensSession, on_delete=models.CASCADE, related_name="shortnesses"
    )
    mark = models.UUIDField(unique=True)
    children = models.PositiveSmallIntegerField()
    adults = models.PositiveSmallIntegerField()
    needed = models.PositiveSmallIntegerField()
    done = models.CharField(max_length=10, choices=Done)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="shortness_is_short", condition=Q(needed__gt=F("adults")))
        ]

    def __str__(self) -> str:
        return f"shortness #{self.pk} of children's session #{self.session_id}"

    @property
    def short(self) -> int:
        return self.needed - self.adults
