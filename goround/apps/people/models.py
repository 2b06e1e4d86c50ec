from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from goround.apps.keys.content import locker, unlock_text
from goround.apps.organisations.fields import SeveralField
from goround.apps.organisations.walled import OrganisationOf
from goround.apps.people.details import HasDetails
from goround.domain.matching.files import RowProblem
from goround.domain.privacy.envelope import Spot


class Parent(HasDetails, models.Model):
    """A parent as one organisation knows them: an alias, and whatever more they chose to give.

    Everything but the alias may be empty, and empty means "nothing said", never "none".
    Children have ages, no names and no birth dates; the home is a coarse cell. These and the
    ways to reach a parent are locked: see ``details``.
    """

    class Gender(models.TextChoices):
        UNKNOWN = "", _("not said")
        FEMALE = "female", _("woman")
        MALE = "male", _("man")
        OTHER = "other", _("another answer")

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT)
    # The id in the organisation's own lists; none for those who came through another door.
    reference = models.CharField(max_length=64, null=True, blank=True)
    alias = models.CharField(max_length=60)
    user = models.OneToOneField(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="parent"
    )
    gender = models.CharField(max_length=6, choices=Gender, blank=True, default=Gender.UNKNOWN)
    languages = SeveralField()
    available = SeveralField()
    interests = SeveralField()
    modes = SeveralField()
    max_km = models.FloatField(null=True, blank=True)
    needs = SeveralField()
    tags = SeveralField()
    wishes = SeveralField()
    together = models.ManyToManyField("self", symmetrical=True, blank=True)
    created_at = models.DateTimeField()
    # Erased: the row stays for the sums, with nothing in it.
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "reference"], name="parent_unique_reference"
            ),
            models.CheckConstraint(name="parent_has_an_alias", condition=~Q(alias="")),
            models.CheckConstraint(
                name="parent_erased_is_nobody",
                condition=Q(erased_at=None) | Q(user=None, reference=None),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "alias"], name="parent_alias")]

    def __str__(self) -> str:
        return f"parent #{self.pk} at organisation #{self.organisation_id}"


class ParentDetails(models.Model):
    """A parent's details, locked with the parent's own key; see ``opening``.

    The key lies in another table, which is backed up apart, and may be gone: the parent was
    erased. So the database does not insist on it.
    """

    parent = models.OneToOneField(
        Parent, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    data_key = models.ForeignKey(
        "keys.DataKey",
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
    )
    locked = models.BinaryField()

    def __str__(self) -> str:
        return f"details of parent #{self.pk}"


class Referral(models.Model):
    """One parent's way to a group of one programme, from the door they came in by.

    Open referrals are the waiting list. What became of one is kept: placed, or withdrawn.
    """

    class Door(models.TextChoices):
        LIST = "list", _("imported list")
        SELF = "self", _("asked themselves")
        AGENCY = "agency", _("referred by an agency")

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        PLACED = "placed", _("placed in a group")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Because(models.TextChoices):
        """Why somebody left the list; empty: not said."""

        CHANGED_MIND = "changed-mind", _("no longer wants a group")
        HAS_A_GROUP = "has-a-group", _("found a group elsewhere")
        MOVED = "moved-away", _("moved away")
        NO_ANSWER = "no-answer", _("could not be reached")
        MISTAKE = "mistake", _("was added by mistake")

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT)
    programme = models.ForeignKey("organisations.Programme", on_delete=models.PROTECT)
    parent = models.ForeignKey(Parent, on_delete=models.CASCADE, related_name="referrals")
    door = models.CharField(max_length=6, choices=Door)
    # A key of the playbook's referral sources; empty: unknown.
    source = models.CharField(max_length=60, blank=True)
    # Who referred, as an agency and never a person.
    agency = models.CharField(max_length=120, blank=True)
    # When the parent agreed to being referred; an agency referral cannot be without it.
    agreed_on = models.DateField(null=True, blank=True)
    priority = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=9, choices=Status, default=Status.WAITING)
    waiting_since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=12, choices=Because, blank=True)
    # Of the words the parent was shown once; see ``receipts``. Imported parents have none.
    receipt_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "parent"],
                condition=Q(status="waiting"),
                name="referral_one_open_per_programme",
            ),
            models.CheckConstraint(
                name="referral_reason_only_when_withdrawn",
                condition=Q(status="withdrawn") | Q(withdrawn_because=""),
            ),
            models.CheckConstraint(
                name="referral_by_agency_was_agreed",
                condition=~Q(door="agency") | Q(agreed_on__isnull=False),
            ),
            models.CheckConstraint(name="referral_priority", condition=Q(priority__gte=1)),
            models.CheckConstraint(
                name="referral_ended_when_not_waiting",
                condition=Q(status="waiting", ended_at=None)
                | (~Q(status="waiting") & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "programme", "status", "waiting_since"],
                name="referral_waiting_list",
            ),
            # In the list's own order, and enough to look at the parents without the row.
            models.Index(
                fields=["organisation", "status", "waiting_since", "parent"],
                name="referral_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"referral #{self.pk} of parent #{self.parent_id}"


class Facilitator(models.Model):
    """Somebody who leads groups, paid or a parent, with the hours they offer."""

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT)
    reference = models.CharField(max_length=64)
    shown_as = models.CharField(max_length=80)
    user = models.OneToOneField(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="facilitator",
    )
    is_parent = models.BooleanField(default=False)
    languages = SeveralField()
    available = SeveralField()
    home_cell = models.CharField(max_length=16, blank=True)
    max_km = models.FloatField(null=True, blank=True)
    # Group types trained for; empty: any.
    interests = SeveralField()
    groups_at_most = models.PositiveSmallIntegerField(default=1)
    background_check_until = models.DateField(null=True, blank=True)
    in_service = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "reference"], name="facilitator_unique_reference"
            ),
        ]

    def __str__(self) -> str:
        return f"facilitator #{self.pk} at organisation #{self.organisation_id}"


class Training(models.Model):
    """A kind of training that a facilitator completed."""

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="facilitator")
    facilitator = models.ForeignKey(Facilitator, on_delete=models.CASCADE, related_name="trainings")
    kind = models.CharField(max_length=60)
    completed_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facilitator", "kind", "completed_on"], name="training_once"
            )
        ]

    def __str__(self) -> str:
        return f"training #{self.pk} of facilitator #{self.facilitator_id}"


class ListImport(models.Model):
    """An uploaded list on its way in: read, shown, and only then saved.

    The file's text is kept until it was saved, refused or put aside, and no longer.
    """

    class Kind(models.TextChoices):
        PARENTS = "parents", _("waiting parents")
        VENUES = "venues", _("venues")
        FACILITATORS = "facilitators", _("facilitators")
        POSTCODES = "postcodes", _("postcodes")

    class Status(models.TextChoices):
        READING = "reading", _("being read")
        READ = "read", _("read, not saved yet")
        SAVING = "saving", _("being saved")
        SAVED = "saved", _("saved")
        REFUSED = "refused", _("refused")
        PUT_ASIDE = "put-aside", _("put aside")

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.CASCADE)
    # Whose waiting list the parents join; the other lists belong to no programme.
    programme = models.ForeignKey(
        "organisations.Programme", on_delete=models.CASCADE, null=True, blank=True
    )
    kind = models.CharField(max_length=12, choices=Kind)
    status = models.CharField(max_length=9, choices=Status, default=Status.READING)
    # All or nothing: one bad row refuses the whole list.
    strict = models.BooleanField(default=False)
    uploaded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT)
    uploaded_at = models.DateTimeField()
    # The file's text, locked with the organisation's key.
    locked_text = models.BinaryField(null=True)
    good_rows = models.PositiveIntegerField(default=0)
    new_rows = models.PositiveIntegerField(default=0)
    changed_rows = models.PositiveIntegerField(default=0)
    same_rows = models.PositiveIntegerField(default=0)
    bad_rows = models.PositiveIntegerField(default=0)
    # Parents who once withdrew: their facts are kept up to date, they are not put back.
    withdrawn_rows = models.PositiveIntegerField(default=0)
    # Ids in ``together`` and ``apart`` that nobody has: how many, and the first of them.
    unknown_ids = models.JSONField(default=list, blank=True)
    # Good rows gone through so far, written with the rows themselves.
    saved_rows = models.PositiveIntegerField(default=0)
    # Why the whole list was refused, in words.
    refusal = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="list_import_of_parents_has_a_programme",
                condition=~Q(kind="parents") | Q(programme__isnull=False),
            ),
            models.CheckConstraint(
                name="list_import_text_goes_at_the_end",
                condition=Q(status__in=["reading", "read", "saving"]) | Q(locked_text=None),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "status"], name="list_import_open"),
        ]

    def __str__(self) -> str:
        return f"import #{self.pk} of {self.kind} at organisation #{self.organisation_id}"

    @property
    def is_open(self) -> bool:
        return self.status in {self.Status.READING, self.Status.READ, self.Status.SAVING}

    @property
    def text(self) -> str:
        """The file's text; empty once it was let go."""
        return _unlocked(self.locked_text, self.organisation_id, "text", self.pk)

    def lock(self, text: str) -> None:
        """Set the text on the row, which must have been written once and be saved again."""
        spot = Spot("people_listimport", "text", self.pk, self.organisation_id)
        self.locked_text = locker(self.organisation_id)(text, spot)


class RejectedRow(models.Model):
    """A row of an uploaded list that was left out, and why. Goes when the list is put aside."""

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="list_import")
    list_import = models.ForeignKey(ListImport, on_delete=models.CASCADE, related_name="rejected")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=60, blank=True)
    # The row's id and what is wrong, which may repeat what somebody told; locked together.
    locked = models.BinaryField()

    def __str__(self) -> str:
        return f"rejected row #{self.pk}, line {self.line} of import #{self.list_import_id}"

    @property
    def row_id(self) -> str:
        return self._said[0]

    @property
    def reason(self) -> str:
        return self._said[1]

    @cached_property
    def _said(self) -> list[str]:
        place = f"line {self.line}"
        said = _unlocked(self.locked, self.organisation_id, place, self.list_import_id)
        return [str(part) for part in json.loads(said)]

    @classmethod
    def all_of(
        cls, list_import: ListImport, problems: Iterable[RowProblem]
    ) -> Iterator[RejectedRow]:
        """Unsaved rows for all that is wrong with a list."""
        lock = locker(list_import.organisation_id)
        for wrong in problems:
            row = cls(list_import=list_import, line=wrong.line, column=wrong.column[:60])
            place, organisation_id = f"line {wrong.line}", list_import.organisation_id
            spot = Spot("people_listimport", place, list_import.pk, organisation_id)
            row.locked = lock(json.dumps([wrong.id[:64], wrong.reason[:300]]), spot)
            yield row


def _unlocked(
    locked: bytes | memoryview | None, organisation_id: int, column: str, row: int
) -> str:
    if not locked:
        return ""
    return unlock_text(
        locked, organisation_id=organisation_id, table="people_listimport", column=column, row=row
    )


class Postcode(models.Model):
    """One line of a network's imported postcode table."""

    network = models.ForeignKey("organisations.Network", on_delete=models.CASCADE)
    code = models.CharField(max_length=12)
    cell = models.CharField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "code"], name="postcode_once_per_network")
        ]

    def __str__(self) -> str:
        return f"postcode #{self.pk}"


from goround.apps.people.consents.models import Consent  # noqa: E402, F401 -- registered here
