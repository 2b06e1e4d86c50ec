"""What a group keeps in its room: how to come, what it shares, who takes whom along."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goround.apps.keys.content import lock_text, unlock_text
from goround.apps.organisations.walled import OrganisationOf

LONGEST_NOTE = 600
LONGEST_WAY = LONGEST_REACH = 300
MOST_SEATS = 8


class Board(models.Model):
    """What a group tells those who come: one for each group, written by the group itself."""

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="group")
    group = models.OneToOneField("groups.Group", models.CASCADE, related_name="board")
    bring = models.CharField(max_length=200, blank=True)
    # Which door, which bus: what an address does not say.
    getting_there = models.CharField(max_length=LONGEST_WAY, blank=True)
    # When and how those who lead answer between meetings; it may hold a telephone number.
    locked_reach = models.BinaryField(null=True)
    # Where the group meets by video, if it does.
    video_url = models.CharField(max_length=300, blank=True)
    # To somebody who is new.
    welcome = models.CharField(max_length=600, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="board_video_is_a_web_address",
                condition=Q(video_url="") | Q(video_url__startswith="https://"),
            )
        ]

    def __str__(self) -> str:
        return f"board #{self.pk} of group #{self.group_id}"

    @property
    def reach(self) -> str:
        if not self.locked_reach:
            return ""
        return unlock_text(
            self.locked_reach,
            organisation_id=self.organisation_id,
            table="rooms_board",
            column="locked_reach",
            row=self.pk,
        )

    def tell_reach(self, text: str) -> None:
        """Lock the words into a row that has its number and will be saved again."""
        if not text:
            self.locked_reach = None
            return
        self.locked_reach = lock_text(
            text,
            organisation_id=self.organisation_id,
            table="rooms_board",
            column="locked_reach",
            row=self.pk,
        )


class Resource(models.Model):
    """A link or a few lines that the group wants at hand. Nobody's in particular."""

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="group")
    group = models.ForeignKey("groups.Group", models.CASCADE, related_name="resources")
    title = models.CharField(max_length=80)
    url = models.CharField(max_length=300, blank=True)
    text = models.CharField(max_length=600, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="resource_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="resource_is_a_link_or_words", condition=~Q(url="", text="")
            ),
            models.CheckConstraint(
                name="resource_link_is_a_web_address",
                condition=Q(url="") | Q(url__startswith="https://") | Q(url__startswith="http://"),
            ),
        ]

    def __str__(self) -> str:
        return f"resource #{self.pk} of group #{self.group_id}"


class Offer(models.Model):
    """What a member brings to one meeting, or whom they take along."""

    class Kind(models.TextChoices):
        RIDE = "ride", _("a ride")
        REFRESHMENTS = "refreshments", _("something to eat or drink")
        OTHER = "other", _("something else")

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="meeting")
    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="offers")
    membership = models.ForeignKey("groups.Membership", models.CASCADE, related_name="offers")
    kind = models.CharField(max_length=12, choices=Kind)
    words = models.CharField(max_length=120, blank=True)
    # How many a ride has room for; nothing else is taken by anybody.
    seats = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "membership", "kind"], name="offer_once_of_each_kind"
            ),
            models.CheckConstraint(
                name="offer_of_a_ride_has_seats",
                condition=Q(kind="ride", seats__gte=1, seats__lte=MOST_SEATS)
                | (~Q(kind="ride") & Q(seats=0)),
            ),
            models.CheckConstraint(
                name="offer_of_things_says_what", condition=Q(kind="ride") | ~Q(words="")
            ),
        ]

    def __str__(self) -> str:
        return f"offer #{self.pk} for meeting #{self.meeting_id}"


class Rider(models.Model):
    """A member who takes a seat that another offers."""

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="offer")
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="riders")
    membership = models.ForeignKey("groups.Membership", models.CASCADE, related_name="rides")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "membership"], name="rider_once_in_a_ride")
        ]

    def __str__(self) -> str:
        return f"rider #{self.pk} of offer #{self.offer_id}"


class Note(models.Model):
    """A member's few words to those who lead the group, and what they answered.

    Both are locked with the organisation's key: write the row first, then say the words.
    """

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="membership")
    membership = models.ForeignKey("groups.Membership", models.CASCADE, related_name="notes")
    # Not for a parent who leads: for the facilitators alone.
    to_facilitators = models.BooleanField(default=False)
    locked = models.BinaryField(null=True)
    locked_answer = models.BinaryField(null=True)
    written_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="note_answered_has_a_time_and_somebody",
                condition=Q(answered_at=None, locked_answer=None, answered_by="")
                | (Q(answered_at__isnull=False, locked_answer__isnull=False) & ~Q(answered_by="")),
            )
        ]

    def __str__(self) -> str:
        return f"note #{self.pk} of membership #{self.membership_id}"

    @property
    def text(self) -> str:
        return self._unlocked("locked")

    @property
    def answer(self) -> str:
        return self._unlocked("locked_answer")

    def say(self, text: str) -> None:
        self.locked = self._locked("locked", text)

    def answer_with(self, text: str, *, called: str, at: datetime) -> None:
        self.locked_answer = self._locked("locked_answer", text)
        self.answered_by, self.answered_at = called, at

    def _locked(self, column: str, text: str) -> bytes:
        return lock_text(
            text,
            organisation_id=self.organisation_id,
            table="rooms_note",
            column=column,
            row=self.pk,
        )

    def _unlocked(self, column: str) -> str:
        kept = getattr(self, column)
        if not kept:
            return ""
        return unlock_text(
            kept,
            organisation_id=self.organisation_id,
            table="rooms_note",
            column=column,
            row=self.pk,
        )
