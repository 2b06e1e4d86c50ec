"""Somebody new has somebody to ask: a member who said they would be glad to be asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.audit.services import Actor
from goround.apps.groups.comings import when_somebody_joins, when_somebody_leaves
from goround.apps.groups.models import Group, Membership
from goround.apps.groups.one_writer import hold
from goround.apps.joining.models import Buddy, Welcome
from goround.apps.joining.notices import tell_buddy, tell_newcomer

# How long somebody counts as new.
NEW_FOR = timedelta(days=60)


@transaction.atomic
def be_buddy(*, membership: Membership, by: User, at: datetime) -> None:
    """Be glad to be asked from now on; who is new and has nobody has you. Twice is once."""
    group = hold(membership.group)
    buddy, new = Buddy.objects.get_or_create(membership=membership)
    if new:
        _give_everybody_one(group, by=by, at=at)
        _record("buddy.volunteered", buddy, group, by=by, at=at)


@transaction.atomic
def be_buddy_no_more(*, membership: Membership, by: User, at: datetime) -> None:
    """Whoever had you as a buddy has another, if there is one."""
    group = hold(membership.group)
    buddy = Buddy.objects.filter(membership=membership).first()
    if buddy:
        _record("buddy.stopped", buddy, group, by=by, at=at)
        _let_go(buddy, group, by=by, at=at)


@when_somebody_joins
def welcome_newcomer(membership: Membership, by: Actor | None, at: datetime) -> None:
    """Those with whom a group begins are not new to it: they all are."""
    if _is_new(membership, at=at):
        _give_everybody_one(membership.group, by=by, at=at)


@when_somebody_leaves
def find_another(membership: Membership, by: Actor | None, at: datetime) -> None:
    Welcome.objects.filter(membership=membership).delete()
    buddy = Buddy.objects.filter(membership=membership).first()
    if buddy:
        _let_go(buddy, membership.group, by=by, at=at)


def _let_go(buddy: Buddy, group: Group, *, by: Actor | None, at: datetime) -> None:
    Welcome.objects.filter(buddy=buddy.membership_id).update(buddy=None)
    buddy.delete()
    _give_everybody_one(group, by=by, at=at)


def _give_everybody_one(group: Group, *, by: Actor | None, at: datetime) -> None:
    """A buddy for each who is new and has none: whoever has the fewest, the longest here first."""
    members = Membership.objects.filter(group=group, left_on=None)
    without = members.filter(welcome__buddy=None).order_by("joined_on", "pk")
    for newcomer in [one for one in without if _is_new(one, at=at)]:
        buddy = (
            members.filter(buddy__isnull=False)
            .exclude(pk=newcomer.pk)
            .annotate(has=Count("welcomes", filter=Q(welcomes__membership__left_on=None)))
            .order_by("has", "joined_on", "pk")
            .first()
        )
        if buddy:
            welcome, _ = Welcome.objects.update_or_create(
                membership=newcomer, defaults={"buddy": buddy}
            )
            tell_buddy(welcome, group, by=by, at=at)
            tell_newcomer(welcome, group, by=by, at=at)


def _is_new(membership: Membership, *, at: datetime) -> bool:
    """Came to a group that met before, and not long ago."""
    group, day = membership.group, membership.joined_on
    began = group.first_at.astimezone(group.zone).date()
    return day > began and group.today(at=at) - day <= NEW_FOR


def _record(kind: str, buddy: Buddy, group: Group, *, by: User, at: datetime) -> None:
    audit.record(kind, buddy, by=by, at=at, organisation_id=group.organisation_id, group=group.pk)
