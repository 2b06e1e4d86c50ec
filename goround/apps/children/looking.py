"""Looking at what is to be known of a child: allowed to few, for a short time, and written down."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.children.locking import Needs, needs_of
from goround.apps.children.models import Child, ChildrensSession
from goround.apps.children.selectors import groups_of_children


class NotToBeKnown(Exception):
    """Only the children's leader looks, and only while the child is with them."""


@transaction.atomic
def look_at_needs(*, child: Child, session: ChildrensSession, by: User, at: datetime) -> Needs:
    """What is to be known of a child who is here, for whoever leads the children there.

    That it was looked at is in the trail before it is shown. Raises ``NotToBeKnown``.
    """
    leads = groups_of_children(by, child.group.organisation).filter(pk=session.meeting.group_id)
    is_here = session.visits.filter(child=child, out_at=None).exists()
    if not leads.exists() or not is_here or not session.shows_needs(at=at):
        raise NotToBeKnown(f"{child} at {session}")
    needs = needs_of(child)
    if needs:
        audit.record("child.needs_seen", child, by=by, at=at, session=session.pk)
    return needs


def own_needs(*, child: Child, by: User, at: datetime) -> Needs:
    """What a parent told of their own child. Raises ``NotToBeKnown`` for anybody else."""
    if child.parent is None or child.parent.user_id != by.pk:
        raise NotToBeKnown(f"{child} is not user #{by.pk}'s")
    return needs_of(child)
