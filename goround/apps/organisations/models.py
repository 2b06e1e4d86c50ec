from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goround.apps.organisations.fields import SeveralField
from goround.apps.organisations.roles import Role


def known_time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(
            _("%(value)s is no time zone Goround knows; an example is America/Los_Angeles."),
            params={"value": value},
        )


class Network(models.Model):
    """The organisations that work to one plan, with an office that trains and supervises.

    The office is a third party to every parent: it gets sums, never a record.
    """

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    target_groups = models.PositiveIntegerField(null=True, blank=True)
    target_by = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"network #{self.pk} {self.slug}"


class Organisation(models.Model):
    """A host agency. The wall: no personal data crosses from one to another."""

    network = models.ForeignKey(Network, on_delete=models.PROTECT)
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    time_zone = models.CharField(max_length=60, default="UTC", validators=[known_time_zone])

    def __str__(self) -> str:
        return f"organisation #{self.pk} {self.slug}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)


class Programme(models.Model):
    """A playbook in force at an organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    playbook_key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    # The network's own copy of the playbook, TOML; empty: the one shipped under this key.
    own_rules = models.TextField(blank=True)
    # The last part of the address parents find on posters: /join/<door>/
    door = models.SlugField(max_length=60, unique=True)
    takes_self_referrals = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "playbook_key"], name="programme_unique_playbook"
            )
        ]

    def __str__(self) -> str:
        return f"programme #{self.pk} {self.playbook_key} at {self.organisation_id}"


class RoleAssignment(models.Model):
    """One person holding one role at one organisation, or at a network's office."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=20, choices=Role)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, blank=True)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="role_at_organisation_or_network",
                condition=Q(role="network-officer", network__isnull=False, organisation=None)
                | (~Q(role="network-officer") & Q(network=None, organisation__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "organisation"],
                condition=Q(organisation__isnull=False),
                name="role_once_per_organisation",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "network"],
                condition=Q(network__isnull=False),
                name="role_once_per_network",
            ),
        ]

    def __str__(self) -> str:
        return f"role #{self.pk} {self.role} of user #{self.user_id}"


class Venue(models.Model):
    """A place, or a video room, where groups can meet at known hours."""

    class Mode(models.TextChoices):
        IN_PERSON = "in-person", _("in person")
        ONLINE = "online", _("online")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    # The id it carries in imported lists.
    reference = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    mode = models.CharField(max_length=9, choices=Mode, default=Mode.IN_PERSON)
    address = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    # Possible weekly meetings, each as in "mon 18:00-20:00".
    slots = SeveralField()
    rooms = models.PositiveSmallIntegerField(default=1)
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    features = SeveralField()
    in_use = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "reference"], name="venue_unique_reference"
            ),
            models.CheckConstraint(
                name="venue_in_person_has_a_place",
                condition=Q(mode="online") | Q(lat__isnull=False, lon__isnull=False),
            ),
            models.CheckConstraint(name="venue_has_a_room", condition=Q(rooms__gte=1)),
        ]

    def __str__(self) -> str:
        return f"venue #{self.pk} at organisation #{self.organisation_id}"
