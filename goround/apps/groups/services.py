"""What happens to a group: it begins, changes its hours, ends; who leads it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from django.db import models, transaction

from goround.apps.accounts.models import User
from goround.apps.apart import asking
from goround.apps.audit import services as audit
from goround.apps.audit.services import Actor
from goround.apps.groups import comings
from goround.apps.groups.company import is_full, may_join, only_if_place_is_free
from goround.apps.groups.invited import tell_place
from goround.apps.groups.models import Group, Invitation, Leadership, Membership
from goround.apps.groups.names import LONGEST_ALIAS, first_free, tidy_alias
from goround.apps.groups.one_writer import hold, members_on
from goround.apps.groups.words import invitation_for
from goround.apps.organisations.models import Organisation, Programme, Venue
from goround.apps.people.models import Facilitator, Parent, Referral
from goround.domain.calendar.recurrence import Recurrence, at_local
from goround.domain.calendar.rrule import to_rrule


class NameTaken(Exception):
    """Another group of the organisation has this name."""


class SeriesBeginsTooEarly(Exception):
    """Another rhythm or hour was to begin in the past."""


class NoPlace(Exception):
    """The group has no place for this parent. Nobody learns more: there may be a reason."""


class CannotLead(Exception):
    """The group cannot have this facilitator. Nobody learns more: there may be a reason."""


class ChosenByGroup(Exception):
    """The group elected this leader, and only the group can choose another."""


class NotOfThisGroup(ValueError):
    """Two rows that do not belong together were named in one act."""


@transaction.atomic
def create_group(
    *,
    organisation: Organisation,
    programme: Programme,
    name: str,
    recurrence: Recurrence,
    by: User,
    at: datetime,
    type: str = "",
    language: str = "",
    venue: Venue | None = None,
    is_open: bool = False,
    skipped_days: Collection[date] = (),
) -> Group:
    """A group that meets from the recurrence's first time on, in the recurrence's zone.

    Its meetings are planned apart, by ``meetings.services.plan_meetings``. Raises ``NameTaken``;
    ``free_name`` finds another.
    """
    _belongs(organisation, programme, venue)
    if Group.objects.filter(organisation=organisation, name__iexact=name).exists():
        raise NameTaken(f"organisation #{organisation.pk} has a group of this name")
    group = Group(
        organisation=organisation,
        programme=programme,
        name=name,
        type=type,
        language=language,
        venue=venue,
        is_open=is_open,
        created_at=at,
    )
    _set_series(group, recurrence, skipped_days)
    group.save()
    audit.record("group.created", group, by=by, at=at, programme=programme.pk, rrule=group.rrule)
    return group


@transaction.atomic
def change_series(
    *,
    group: Group,
    recurrence: Recurrence,
    skipped_days: Collection[date],
    by: User,
    at: datetime,
) -> bool:
    """Let the group meet by another recurrence from its first time on; False when it is the same.

    Meetings already planned are put right by ``meetings.services.plan_meetings``, which leaves
    those before the new start as they are. Another rhythm or hour can only begin from now on,
    or meetings would appear that nobody held: else raises ``SeriesBeginsTooEarly``. Raises
    ``PlaceTaken`` where the group cannot have its place then.
    """
    group = hold(group)
    asking.hold(group.organisation_id)
    before, first_before = _series(group), group.recurrence()
    _set_series(group, recurrence, skipped_days)
    if _series(group) == before:
        return False
    same_hours = replace(first_before, until=None, count=None) == replace(
        recurrence, until=None, count=None
    )
    if not same_hours and group.first_at < at:
        raise SeriesBeginsTooEarly(f"{group} cannot change its hours from {group.first_at}")
    if not same_hours:
        only_if_place_is_free(group, at=at)
    group.save(update_fields=["rrule", "first_at", "time_zone", "minutes", "skipped_days"])
    audit.record("group.series_changed", group, by=by, at=at, rrule=group.rrule)
    return True


@transaction.atomic
def change_group(*, group: Group, by: User, at: datetime, name: str, venue: Venue | None) -> None:
    """Give the group another name or place. Raises ``NameTaken``, ``PlaceTaken``."""
    group = hold(group)
    asking.hold(group.organisation_id)
    _belongs(group.organisation, group.programme, venue)
    others = Group.objects.filter(organisation=group.organisation_id, name__iexact=name)
    if others.exclude(pk=group.pk).exists():
        raise NameTaken(f"organisation #{group.organisation_id} has a group of this name")
    if (group.name, group.venue_id) == (name, venue.pk if venue else None):
        return
    moves = group.venue_id != (venue.pk if venue else None)
    group.name, group.venue = name, venue
    if moves:
        only_if_place_is_free(group, at=at)
    group.save(update_fields=["name", "venue"])
    audit.record("group.changed", group, by=by, at=at, venue=group.venue_id)


@transaction.atomic
def end_group(*, group: Group, on: date, by: User, at: datetime) -> None:
    """The group met for the last time by ``on``. Its members and leaders end with it.

    What was held is kept. Planned meetings after that day are taken away by
    ``meetings.services.plan_meetings``.
    """
    group = hold(group, ended_too=True)
    if group.status == Group.Status.ENDED:
        return
    group.status, group.ended_on = Group.Status.ENDED, on
    group.save(update_fields=["status", "ended_on"])
    for leadership in Leadership.objects.filter(group=group, to_on=None):
        _end_lead(leadership, on)
    for membership in Membership.objects.filter(group=group, left_on=None):
        membership.left_on = max(on, membership.joined_on)
        membership.save(update_fields=["left_on"])
    audit.record("group.ended", group, by=by, at=at, on=on.isoformat())


@transaction.atomic
def give_lead(
    *,
    group: Group,
    leader: Facilitator | Membership,
    part: Leadership.Part,
    from_on: date,
    by: User,
    at: datetime,
    chosen_by_group: bool = False,
) -> Leadership:
    """Let a facilitator or a member lead; somebody who holds the part already keeps it.

    Whom the group chose can only be ended by the group, also if they led before. Raises
    ``CannotLead`` for a facilitator who leads no longer and, in the same words, for one who must
    never meet somebody of the group.
    """
    group = hold(group)
    asking.hold(group.organisation_id)
    who = _leader(group, leader)
    if isinstance(leader, Facilitator):
        _only_if_they_may_lead(group, leader, from_on, at)
    leadership, new = Leadership.objects.get_or_create(
        group=group, part=part, to_on=None, **who, defaults={"from_on": from_on}
    )
    if chosen_by_group and not leadership.chosen_by_group:
        leadership.chosen_by_group = True
        leadership.save(update_fields=["chosen_by_group"])
    if new:
        _record("lead.given", leadership, group, by=by, at=at, part=part.value)
    return leadership


@transaction.atomic
def end_lead(
    *, leadership: Leadership, on: date, by: User | None, at: datetime, by_group: bool = False
) -> None:
    """Take the part away. From this moment on the leader no longer sees the group.

    Raises ``ChosenByGroup`` unless it is the group that ends what it gave.
    """
    group = hold(leadership.group, ended_too=True)
    leadership = Leadership.objects.get(pk=leadership.pk)
    if leadership.to_on is not None:
        return
    if leadership.chosen_by_group and not by_group:
        raise ChosenByGroup(f"{leadership} was given by the group")
    _end_lead(leadership, on)
    _record("lead.ended", leadership, group, by=by, at=at)


@transaction.atomic
def add_member(
    *,
    group: Group,
    parent: Parent,
    joined_on: date,
    by: Actor | None,
    at: datetime,
    alias: str = "",
) -> Membership:
    """Let a parent belong to the group; one who does already stays as they are.

    The alias is the parent's own unless another is given, numbered where it is in use here.
    Whoever waited for the group's programme waits no more.
    Raises ``NoPlace`` when the group is full and, with nothing to tell the two apart, when the
    parent and a member must never meet.
    """
    group = hold(group)
    asking.hold(group.organisation_id)
    if parent.organisation_id != group.organisation_id:
        raise NotOfThisGroup(f"{parent} is not of organisation #{group.organisation_id}")
    members = list(Membership.objects.filter(group=group, left_on=None))
    for member in members:
        if member.parent_id == parent.pk:
            return member
    refusals = [
        is_full(group, len(members)),
        not may_join(group, [parent.pk], on=joined_on, at=at),
    ]
    if any(refusals):
        raise NoPlace(f"{group} has no place")
    _wait_no_more(parent, group, by=by, at=at)
    return _join(group, members, parent, alias=alias, on=joined_on, by=by, at=at)


@transaction.atomic
def welcome(*, group: Group, alias: str, on: date, by: User, at: datetime) -> Membership:
    """Somebody who just came in and says only what to be called: no intake, no account.

    An alias is one person in a group, so welcoming the same one twice finds the member of the
    first time. A full group turns nobody away at the door, and a group that ended can still
    write down who came before. Somebody unknown cannot be compared with keep-apart records.
    """
    group = hold(group, ended_too=True)
    called = tidy_alias(alias)
    members = list(members_on(group, on))
    for member in members:
        if member.alias.casefold() == called.casefold():
            return _known_since(member, on)
    parent = Parent.objects.create(organisation=group.organisation, alias=called, created_at=at)
    audit.record("parent.came_in", parent, by=by, at=at, group=group.pk)
    return _join(group, members, parent, alias=called, on=on, by=by, at=at)


@transaction.atomic
def leave(*, membership: Membership, on: date, by: User, at: datetime) -> None:
    """End a membership and the parts it leads; what was attended is kept."""
    group = hold(membership.group, ended_too=True)
    membership = Membership.objects.get(pk=membership.pk)
    if membership.left_on is not None:
        return
    membership.left_on = max(on, membership.joined_on)
    membership.save(update_fields=["left_on"])
    for leadership in Leadership.objects.filter(membership=membership, to_on=None):
        _end_lead(leadership, on)
    comings.left(membership, by=by, at=at)
    _record("membership.ended", membership, group, by=by, at=at)


@transaction.atomic
def draft_invitation(
    *, membership: Membership, by: Actor | None, at: datetime, text: str = ""
) -> Invitation:
    """Words a person can read out or send; one already told to the parent is left as it was.

    Without ``text`` they are written from the group's place and hours.
    """
    group = hold(membership.group)
    invitation = Invitation.objects.filter(membership=membership).first()
    if invitation and invitation.status == Invitation.Status.TOLD:
        return invitation
    words = text.strip() or invitation_for(membership, group=group)
    if invitation and invitation.text == words:
        return invitation
    invitation = invitation or Invitation(membership=membership)
    invitation.text, invitation.drafted_at = words, at
    invitation.save()
    _record("invitation.drafted", invitation, group, by=by, at=at)
    return invitation


@transaction.atomic
def mark_told(*, invitation: Invitation, by: User, at: datetime) -> None:
    """Somebody told the parent. Telling twice keeps the first time."""
    told = Invitation.objects.filter(pk=invitation.pk, status=Invitation.Status.DRAFT).update(
        status=Invitation.Status.TOLD, told_at=at
    )
    if told:
        group = invitation.membership.group
        _record("invitation.told", invitation, group, by=by, at=at)
        tell_place(invitation.membership, group, by=by, at=at)


def _belongs(organisation: Organisation, programme: Programme, venue: Venue | None) -> None:
    here = {programme.organisation_id, venue.organisation_id if venue else organisation.pk}
    if here != {organisation.pk}:
        raise NotOfThisGroup(f"programme and venue must be of {organisation}")


def _only_if_they_may_lead(group: Group, leader: Facilitator, on: date, at: datetime) -> None:
    """Facilitators who are parents here too have one account for both."""
    parents = Parent.objects.filter(
        organisation=group.organisation_id, user__isnull=False, user=leader.user_id
    )
    themselves = list(parents.values_list("pk", flat=True))
    refusals = [
        not leader.in_service,
        not may_join(group, themselves, on=on, at=at),
    ]
    if any(refusals):
        raise CannotLead(f"{leader} cannot lead {group}")


def _join(
    group: Group,
    members: Collection[Membership],
    parent: Parent,
    *,
    alias: str,
    on: date,
    by: Actor | None,
    at: datetime,
) -> Membership:
    taken = {member.alias.casefold() for member in members}
    membership = Membership.objects.create(
        group=group,
        parent=parent,
        alias=first_free(alias or parent.alias, taken, longest=LONGEST_ALIAS),
        joined_on=on,
        left_on=group.ended_on and max(group.ended_on, on),
    )
    if membership.left_on is None:
        comings.joined(membership, by=by, at=at)
    _record("membership.begun", membership, group, by=by, at=at)
    return membership


def _wait_no_more(parent: Parent, group: Group, *, by: Actor | None, at: datetime) -> None:
    waiting = Referral.objects.filter(
        parent=parent, programme=group.programme_id, status=Referral.Status.WAITING
    )
    for referral in waiting:
        referral.status, referral.ended_at = Referral.Status.PLACED, at
        referral.save(update_fields=["status", "ended_at"])
        audit.record("referral.placed", referral, by=by, at=at, group=group.pk)


def _known_since(membership: Membership, on: date) -> Membership:
    if membership.joined_on > on:
        membership.joined_on = on
        membership.save(update_fields=["joined_on"])
    return membership


def _leader(group: Group, leader: Facilitator | Membership) -> dict[str, Any]:
    """The two columns of a leadership, of which one is always empty."""
    columns: dict[str, Any]
    if isinstance(leader, Membership):
        belongs, columns = leader.group_id == group.pk, {"membership": leader, "facilitator": None}
    else:
        belongs = leader.organisation_id == group.organisation_id
        columns = {"facilitator": leader, "membership": None}
    if not belongs:
        raise NotOfThisGroup(f"{leader} does not belong to {group}")
    return columns


def _record(
    kind: str,
    subject: models.Model,
    group: Group,
    *,
    by: Actor | None,
    at: datetime,
    **facts: object,
) -> None:
    """Write the trail for a row whose organisation is its group's."""
    organisation_id = group.organisation_id
    audit.record(
        kind, subject, by=by, at=at, organisation_id=organisation_id, group=group.pk, **facts
    )


def _end_lead(leadership: Leadership, on: date) -> None:
    leadership.to_on = max(on, leadership.from_on)
    leadership.save(update_fields=["to_on"])


def _set_series(group: Group, recurrence: Recurrence, skipped_days: Collection[date]) -> None:
    group.rrule = to_rrule(recurrence)
    group.first_at = at_local(recurrence, recurrence.first).astimezone(UTC)
    group.time_zone = recurrence.timezone
    group.minutes = recurrence.minutes
    group.skipped_days = sorted({day.isoformat() for day in skipped_days})


def _series(group: Group) -> tuple[object, ...]:
    times = group.rrule, group.first_at, group.time_zone, group.minutes
    return *times, tuple(group.skipped_days)
