"""A group's first people, all at once: a round makes dozens of groups in one act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.apart import asking
from goround.apps.audit import services as audit
from goround.apps.groups.company import may_join
from goround.apps.groups.models import Group, Invitation, Leadership, Membership
from goround.apps.groups.names import LONGEST_ALIAS, first_free
from goround.apps.groups.services import NoPlace, NotOfThisGroup
from goround.apps.groups.words import invitation_for
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.people.models import Facilitator, Parent, Referral


@transaction.atomic
def found_group(
    *,
    group: Group,
    parents: Sequence[Parent],
    leaders: Sequence[Facilitator],
    on: date,
    by: User,
    at: datetime,
) -> list[Membership]:
    """Give a group that nobody belongs to yet its members, facilitators and draft invitations.

    Does what ``add_member``, ``give_lead`` and ``draft_invitation`` do one by one, in a number
    of statements that does not grow with the people. Raises ``NoPlace`` like ``add_member``,
    and then nobody has joined.
    """
    asking.hold(group.organisation_id)
    _check(group, parents, leaders, on=on, at=at)
    members = _members(group, parents, on)
    led = [
        Leadership(group=group, facilitator=leader, part=Leadership.Part.FACILITATOR, from_on=on)
        for leader in leaders
    ]
    invitations = [
        Invitation(membership=each, text=invitation_for(each, group=group), drafted_at=at)
        for each in members
    ]
    placed = _wait_no_more(group, parents, at)
    for kind, rows in (
        ("membership.begun", members),
        ("lead.given", Leadership.objects.bulk_create(led)),
        ("invitation.drafted", Invitation.objects.bulk_create(invitations)),
        ("referral.placed", placed),
    ):
        here = group.organisation_id
        audit.record_each(
            kind=kind, subjects=rows, organisation_id=here, by=by, at=at, group=group.pk
        )
    return members


def _check(
    group: Group,
    parents: Sequence[Parent],
    leaders: Sequence[Facilitator],
    *,
    on: date,
    at: datetime,
) -> None:
    homes = {parent.organisation_id for parent in parents}
    homes |= {leader.organisation_id for leader in leaders}
    if homes - {group.organisation_id}:
        raise NotOfThisGroup(f"everybody must be of organisation #{group.organisation_id}")
    accounts = [leader.user_id for leader in leaders if leader.user_id]
    leading = Parent.objects.filter(organisation=group.organisation_id, user__in=accounts)
    comers = {parent.pk for parent in parents} | set(leading.values_list("pk", flat=True))
    refusals = [
        len(parents) > playbook_of(group.programme).sizes.max,
        not may_join(group, comers, on=on, at=at),
    ]
    if any(refusals):
        raise NoPlace(f"{group} has no place for everybody")


def _members(group: Group, parents: Sequence[Parent], on: date) -> list[Membership]:
    """Each under the own alias, numbered where two are called the same."""
    taken: set[str] = set()
    members = []
    for parent in parents:
        alias = first_free(parent.alias, taken, longest=LONGEST_ALIAS)
        taken.add(alias.casefold())
        members.append(Membership(group=group, parent=parent, alias=alias, joined_on=on))
    return Membership.objects.bulk_create(members)


def _wait_no_more(group: Group, parents: Sequence[Parent], at: datetime) -> list[Referral]:
    waiting = Referral.objects.select_for_update(of=("self",), no_key=True).filter(
        parent__in=parents, programme=group.programme_id, status=Referral.Status.WAITING
    )
    placed = list(waiting.order_by("pk"))
    ids = [referral.pk for referral in placed]
    Referral.objects.filter(pk__in=ids).update(status=Referral.Status.PLACED, ended_at=at)
    return placed
