"""Erasing what parents did in rooms and at doors; called when they are erased."""

from __future__ import annotations

from collections.abc import Sequence

from goround.apps.joining.models import Buddy, JoinRequest, Leaving, Objection, Welcome
from goround.apps.rooms.models import Note, Offer, Rider


def forget_in_rooms(parent_ids: Sequence[int]) -> None:
    """Nothing of these parents is left of what they offered, wrote, asked or minded."""
    JoinRequest.objects.filter(parent__in=parent_ids).delete()
    Objection.objects.filter(user__parent__in=parent_ids).delete()
    for model in (Rider, Offer, Note, Buddy, Welcome, Leaving):
        model._base_manager.filter(membership__parent__in=parent_ids).delete()
    Welcome.objects.filter(buddy__parent__in=parent_ids).update(buddy=None)
