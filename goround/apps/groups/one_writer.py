"""The group's row is the lock of everything that happens to it."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from goround.apps.groups.models import Group, Membership


class GroupEnded(Exception):
    """The group has ended; nothing about it changes any more."""


def hold(group: Group, *, ended_too: bool = False) -> Group:
    """The group read afresh and locked to the end of the transaction: one writer at a time.

    Raises ``GroupEnded`` unless ended groups will do.
    """
    # Only what never changes may be joined: after waiting, PostgreSQL gives the newest group
    # beside the other tables' rows as they were, and a venue changed meanwhile would be none.
    held = (
        Group.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation", "programme")
        .get(pk=group.pk)
    )
    if held.status == Group.Status.ENDED and not ended_too:
        raise GroupEnded(f"{held} ended on {held.ended_on}")
    return held


def members_on(group: Group, day: date) -> QuerySet[Membership]:
    """Who belonged to the group at the end of that day, or has joined since."""
    return Membership.objects.filter(Q(left_on=None) | Q(left_on__gte=day), group=group)
