"""What a member said they would try, and their goals."""

from __future__ import annotations

from typing import Any

from goround.apps.agenda.selectors import goals_of, own_promises
from goround.apps.groups.models import Group
from goround.apps.groups.selectors import own_membership
from goround.apps.organisations.selectors import Viewer


def room_card(viewer: Viewer, group: Group) -> dict[str, Any] | None:
    """For a member alone: goals are nobody else's business."""
    mine = own_membership(viewer, group)
    if mine is None:
        return None
    return {
        "promises": own_promises(viewer, mine),
        "open": [seen for seen in goals_of(viewer, mine) if not seen.goal.done_on],
    }
