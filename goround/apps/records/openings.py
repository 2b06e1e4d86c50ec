"""Who opened a parent's record: noted when it is opened, and told to the parent.

One line for each person, reason and day (by the organisation's clock): reading the same page
twice on a day tells the parent nothing more. Only these are told; what is read
for somebody's safety is never among it, so its absence says nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.audit.models import Event
from goround.apps.organisations.models import Organisation, RoleAssignment
from goround.apps.organisations.roles import Role
from goround.apps.people.models import Parent

OPENED = "parent.record_opened"


class Why(models.TextChoices):
    """What somebody was doing when they opened a record."""

    WAITING = "waiting", _("to look at your place on the waiting list")
    PLACING = "placing", _("to find you a place in a group")
    FORMING = "forming", _("to put groups together")
    RECORD = "record", _("to look something up in your record")
    CHILDREN = "children", _("to look after your child while you met")
    COPYING = "copying", _("to make a copy of all that is kept about you")


@dataclass(frozen=True, slots=True)
class Opening:
    """One line of the parent's page: on which day, who, as what, and why."""

    on: date
    # Empty: somebody whose account is gone.
    who: str
    roles: tuple[str, ...]
    why: str


@transaction.atomic
def note_opened(
    *, organisation: Organisation, parent_ids: Collection[int], why: Why, by: User, at: datetime
) -> None:
    """Write down that somebody opens parents' records, before they are shown them.

    Their own opening it is theirs, and not noted.
    """
    there = Parent.objects.filter(organisation=organisation, pk__in=parent_ids)
    seen = _noted_today(organisation, parent_ids, why, by, at)
    new = [each for each in there.only("user_id").order_by("pk") if each.pk not in seen]
    new = [each for each in new if each.user_id != by.pk]
    if not new:
        return
    held = RoleAssignment.objects.filter(user=by, organisation=organisation)
    audit.record_each(
        kind=OPENED,
        subjects=new,
        organisation_id=organisation.pk,
        by=by,
        at=at,
        why=str(why),
        roles=sorted(held.values_list("role", flat=True)),
    )


def _noted_today(
    here: Organisation, parent_ids: Collection[int], why: Why, by: User, at: datetime
) -> set[int | None]:
    midnight = datetime.combine(here.local(at).date(), time(), here.zone)
    noted = Event.objects.filter(
        subject="parent",
        subject_id__in=parent_ids,
        kind=OPENED,
        by_id=by.pk,
        at__range=(midnight, at),
        facts__why=str(why),
    )
    return set(noted.values_list("subject_id", flat=True))


def openings(parent: Parent) -> list[Opening]:
    """Every line, the newest first. Two queries, however many."""
    events = Event.objects.filter(subject="parent", subject_id=parent.pk, kind=OPENED)
    rows = list(events.order_by("-at", "-number"))
    people = User.objects.in_bulk({row.by_id for row in rows if row.by_id})
    return [_opening(parent, row, people.get(row.by_id or 0)) for row in rows]


def _opening(parent: Parent, event: Event, who: User | None) -> Opening:
    return Opening(
        on=parent.organisation.local(event.at).date(),
        who=who.shown_as if who else "",
        roles=_labels(event.facts["roles"]),
        why=str(Why(event.facts["why"]).label),
    )


def _labels(roles: Sequence[str]) -> tuple[str, ...]:
    known = [Role(role) for role in roles if role in Role.values]
    return tuple(str(role.label) for role in known)
