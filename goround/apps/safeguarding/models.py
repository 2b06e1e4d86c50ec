from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from goround.apps.organisations.walled import OrganisationOf
from goround.domain.safeguarding.concern import Act, Stage, Way


class Plan(models.Model):
    """Which law's dates hold at an organisation, or what its lawyer wrote instead."""

    organisation = models.OneToOneField(
        "organisations.Organisation", on_delete=models.CASCADE, related_name="+"
    )
    duties_key = models.SlugField(max_length=60, default="none")
    # The organisation's own duties, TOML; empty: those shipped under this key.
    own_duties = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"safeguarding plan of organisation #{self.organisation_id}"


class Concern(models.Model):
    """A worry about somebody's safety. What, about whom and from whom is sealed.

    The row says only how far it has come: not who raised it, which the audit trail leaves
    out as well, and no group and no parent.
    """

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT)
    stage = models.CharField(
        max_length=12, choices=[(stage.value, stage.value) for stage in Stage], default=Stage.RAISED
    )
    in_danger_now = models.BooleanField(default=False)
    raised_at = models.DateTimeField()
    # None until a lead has decided; False: the law's dates do not hold for this one.
    is_to_be_reported = models.BooleanField(null=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    told = models.OneToOneField(
        "keys.SealedText", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="concern_closed_has_a_time",
                condition=Q(stage="closed", closed_at__isnull=False)
                | (~Q(stage="closed") & Q(closed_at=None)),
            ),
            models.CheckConstraint(
                name="concern_reported_has_a_time",
                condition=~Q(stage="reported") | Q(reported_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "stage"], name="concern_open")]

    def __str__(self) -> str:
        return f"concern #{self.pk} at organisation #{self.organisation_id}"


class Step(models.Model):
    """One thing done about a concern, by a lead, with their words sealed. Never changed."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="steps")
    organisation = OrganisationOf("organisations.Organisation", models.PROTECT, of="concern")
    act = models.CharField(max_length=12, choices=[(act.value, act.value) for act in Act])
    way = models.CharField(
        max_length=8, choices=[(way.value, way.value) for way in Way], blank=True
    )
    # The duty that this does, by its name; empty: none of the law's.
    duty = models.CharField(max_length=60, blank=True)
    # None where whoever raised the concern had reported already.
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    told = models.OneToOneField(
        "keys.SealedText", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="step_says_how_it_was_reported",
                condition=Q(act="report") & ~Q(way="") | ~Q(act="report") & Q(way=""),
            )
        ]

    def __str__(self) -> str:
        return f"step #{self.pk} {self.act} of concern #{self.concern_id}"


class FollowUp(models.Model):
    """Something still to be done about a concern by a day, sealed like everything about it."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="follow_ups")
    organisation = OrganisationOf("organisations.Organisation", models.PROTECT, of="concern")
    due_on = models.DateField()
    told = models.OneToOneField(
        "keys.SealedText", on_delete=models.PROTECT, null=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="follow_up_done_by_somebody",
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"follow-up #{self.pk} of concern #{self.concern_id}"


class Reader(models.Model):
    """Somebody who is no lead, and reads what a lead wrote for them about one concern.

    They open it with six words that the lead told them. Ended, by a lead or because the concern
    was closed, their key is gone; that they could read, and how often they did, stays.
    """

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="readers")
    organisation = OrganisationOf("organisations.Organisation", models.PROTECT, of="concern")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    told = models.OneToOneField(
        "keys.SealedText", on_delete=models.PROTECT, null=True, related_name="+"
    )
    named_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    times_read = models.PositiveIntegerField(default=0)
    last_read_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "user"],
                condition=Q(ended_at=None),
                name="reader_once_per_concern",
            ),
            models.CheckConstraint(
                name="reader_read_has_a_time",
                condition=Q(times_read=0, last_read_at=None)
                | Q(times_read__gt=0, last_read_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"reader #{self.pk} of concern #{self.concern_id}"


class Opening(models.Model):
    """The glass that somebody broke: one parent's facts, for a reason, for an hour at most.

    The reason and the review are locked with the organisation's key.
    """

    class Scope(models.TextChoices):
        CONTACT = "contact", _("how to reach them")
        HOME = "home", _("about where they live")
        CHILDREN = "children", _("how old their children are")

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT)
    # An id without a foreign key: whoever is erased leaves the record that they were looked at.
    parent_id = models.BigIntegerField()
    scope = models.CharField(max_length=8, choices=Scope)
    reason = models.BinaryField(default=b"")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    alerted = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    was_right = models.BooleanField(null=True)
    review = models.BinaryField(default=b"")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="opening_lasts_an_hour_at_most", condition=Q(minutes__gte=1, minutes__lte=60)
            ),
            models.CheckConstraint(
                name="opening_alerts_a_second_person", condition=~Q(alerted=F("by"))
            ),
            models.CheckConstraint(
                name="opening_is_reviewed_by_another",
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("by")),
            ),
            models.CheckConstraint(
                name="opening_review_is_whole",
                condition=Q(reviewed_at=None, reviewed_by=None, was_right=None)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False, was_right__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "reviewed_at"], name="opening_unreviewed")]

    def __str__(self) -> str:
        return f"opening #{self.pk} of parent #{self.parent_id}"

    @property
    def until(self) -> datetime:
        return self.at + timedelta(minutes=self.minutes)

    def is_open(self, *, at: datetime) -> bool:
        return self.at <= at < self.until
