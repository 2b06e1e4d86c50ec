from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goround.apps.organisations.walled import OrganisationOf
from goround.domain.calendar.recurrence import Recurrence
from goround.domain.calendar.rrule import from_rrule

# A page shows the same few hundred series again and again.
_read = lru_cache(maxsize=2048)(from_rrule)


class Group(models.Model):
    """Parents who meet, with one recurrence that is the truth about when.

    ``rrule``, ``first_on`` and ``starts`` are local wall time in ``time_zone``, so 18:00
    stays 18:00 when the clocks change.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("group", "meeting")
        ENDED = "ended", _("ended")

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT)
    programme = models.ForeignKey("organisations.Programme", on_delete=models.PROTECT)
    name = models.CharField(max_length=120)
    # A key of the playbook's types, or "any".
    type = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=35, blank=True)
    venue = models.ForeignKey(
        "organisations.Venue", on_delete=models.PROTECT, null=True, blank=True
    )
    status = models.CharField(max_length=6, choices=Status, default=Status.ACTIVE)
    rrule = models.CharField(max_length=200)
    first_at = models.DateTimeField(help_text=_("The first meeting's start, an instant."))
    time_zone = models.CharField(max_length=60)
    minutes = models.PositiveSmallIntegerField()
    # Days without a meeting, ISO dates.
    skipped_days = models.JSONField(default=list, blank=True)
    # Anybody may come, and heads are counted.
    is_open = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="group_unique_name"),
            models.CheckConstraint(name="group_takes_time", condition=Q(minutes__gte=1)),
            models.CheckConstraint(name="group_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="group_ended_has_a_day",
                condition=Q(status="active", ended_on=None)
                | Q(status="ended", ended_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"group #{self.pk} at organisation #{self.organisation_id}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def first_local(self) -> datetime:
        """The first start as wall time, without a zone: what a recurrence is written in."""
        return self.first_at.astimezone(self.zone).replace(tzinfo=None)

    def recurrence(self) -> Recurrence:
        """When the group meets, without what was moved, cancelled or skipped."""
        return _read(self.rrule, self.first_local, self.time_zone, self.minutes)

    def days_skipped(self) -> frozenset[date]:
        return frozenset(date.fromisoformat(day) for day in self.skipped_days)

    def today(self, *, at: datetime) -> date:
        """The day it is where the group meets."""
        return at.astimezone(self.zone).date()


class Membership(models.Model):
    """One parent belonging to one group, under the alias they use there."""

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="group")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    parent = models.ForeignKey(
        "people.Parent", on_delete=models.CASCADE, related_name="memberships"
    )
    alias = models.CharField(max_length=60)
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "parent"],
                condition=Q(left_on=None),
                name="membership_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["group", "alias"],
                condition=Q(left_on=None),
                name="membership_alias_is_one_person",
            ),
            models.CheckConstraint(
                name="membership_leaves_after_joining",
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
            ),
            models.CheckConstraint(name="membership_has_an_alias", condition=~Q(alias="")),
        ]

    def __str__(self) -> str:
        return f"membership #{self.pk} in group #{self.group_id}"


class Leadership(models.Model):
    """Somebody leading a group: a facilitator, a parent leader or a children's leader."""

    class Part(models.TextChoices):
        FACILITATOR = "facilitator", _("facilitator")
        PARENT_LEADER = "parent-leader", _("parent leader")
        CHILDRENS_LEADER = "childrens-leader", _("children's leader")

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="group")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="leaderships")
    facilitator = models.ForeignKey(
        "people.Facilitator",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="leaderships",
    )
    # A parent leader is a member.
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, null=True, blank=True, related_name="leaderships"
    )
    part = models.CharField(max_length=16, choices=Part)
    # Elected: only the group itself ends it, by another election.
    chosen_by_group = models.BooleanField(default=False)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="leadership_by_facilitator_or_member",
                condition=Q(facilitator__isnull=False, membership=None)
                | Q(facilitator=None, membership__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["group", "facilitator", "part"],
                condition=Q(to_on=None, facilitator__isnull=False),
                name="leadership_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["group", "membership", "part"],
                condition=Q(to_on=None, membership__isnull=False),
                name="leadership_by_member_once_at_a_time",
            ),
            models.CheckConstraint(
                name="leadership_ends_after_it_begins",
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"leadership #{self.pk} of group #{self.group_id}"

    @property
    def shown_as(self) -> str:
        """The leader as the group knows them; loads them unless a selector did."""
        if self.facilitator:
            return self.facilitator.shown_as
        return self.membership.alias if self.membership else ""


class Invitation(models.Model):
    """The words that invite one parent to their new group, drafted for a person to send."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        TOLD = "told", _("the parent was told")

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="membership")
    membership = models.OneToOneField(Membership, on_delete=models.CASCADE)
    text = models.TextField()
    status = models.CharField(max_length=5, choices=Status, default=Status.DRAFT)
    drafted_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="invitation_told_has_a_time",
                condition=Q(status="draft", told_at=None) | Q(status="told", told_at__isnull=False),
            ),
            models.CheckConstraint(name="invitation_has_words", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"invitation #{self.pk} for membership #{self.membership_id}"
