"""Taking up again, the same day, a membership that was ended by mistake."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.apart import asking
from goround.apps.audit import services as audit
from goround.apps.groups import comings
from goround.apps.groups.company import has_a_place
from goround.apps.groups.models import Membership
from goround.apps.groups.names import LONGEST_ALIAS, first_free
from goround.apps.groups.one_writer import hold
from goround.apps.groups.services import NoPlace


class NoLongerToday(Exception):
    """The membership ended on another day; joining again is asking again."""


@transaction.atomic
def come_back(*, membership: Membership, by: User, at: datetime) -> Membership:
    """Belong to the group again as before; parts that were led stay ended.

    Raises ``NoPlace`` as joining does, ``NoLongerToday`` and ``GroupEnded``.
    """
    group = hold(membership.group)
    asking.hold(group.organisation_id)
    membership = Membership.objects.get(pk=membership.pk)
    here = list(Membership.objects.filter(group=group, left_on=None))
    if membership.left_on is None:
        return membership
    if membership.left_on != max(group.today(at=at), membership.joined_on):
        raise NoLongerToday(f"{membership} ended on {membership.left_on}")
    is_here = any(member.parent_id == membership.parent_id for member in here)
    if any([is_here, not has_a_place(group, membership.parent_id, at=at)]):
        raise NoPlace(f"{group} has no place")
    taken = {member.alias.casefold() for member in here}
    membership.alias = first_free(membership.alias, taken, longest=LONGEST_ALIAS)
    membership.left_on = None
    membership.save(update_fields=["left_on", "alias"])
    comings.joined(membership, by=by, at=at)
    organisation_id = group.organisation_id
    audit.record(
        "membership.taken_up",
        membership,
        by=by,
        at=at,
        organisation_id=organisation_id,
        group=group.pk,
    )
    return membership
