"""Leaving a group: one act, no reason, and the rest of the day to think better of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.groups.models import Membership
from goround.apps.groups.returning import come_back
from goround.apps.groups.services import leave
from goround.apps.joining.models import Leaving


@transaction.atomic
def leave_group(*, membership: Membership, by: User, at: datetime) -> None:
    """End one's own membership now. Leaving twice is once."""
    if membership.left_on is not None:
        return
    today = membership.group.today(at=at)
    leave(membership=membership, on=today, by=by, at=at)
    Leaving.objects.get_or_create(membership=membership)


@transaction.atomic
def return_to_group(*, leaving: Leaving, by: User, at: datetime) -> Membership:
    """Take it up again on the same day. Raises as ``groups.returning.come_back``."""
    membership = come_back(membership=leaving.membership, by=by, at=at)
    Leaving.objects.filter(pk=leaving.pk).delete()
    return membership


@transaction.atomic
def forget_leavings(*, by: User | None, at: datetime) -> int:
    """Nothing tells any more who left by themselves, once the day is over."""
    kept = Leaving.objects.select_related("membership__group").exclude(membership__left_on=None)
    over = [one.pk for one in kept if not is_today(one, at=at)]
    back = Leaving.objects.filter(membership__left_on=None)
    return Leaving.objects.filter(pk__in=over).delete()[0] + back.delete()[0]


def is_today(leaving: Leaving, *, at: datetime) -> bool:
    """Whether it is still the day, where the group meets, on which they left."""
    member = leaving.membership
    return member.left_on == max(member.group.today(at=at), member.joined_on)
