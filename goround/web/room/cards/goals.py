"""What a member said they would try, and their goals."""

from __future__ import annotations

from typing import Any

from goround.apps.agenda.selectors import goals_of, own_promises
from goround.web.room.cards.visit import Visit


def room_card(visit: Visit) -> dict[str, Any] | None:
    """For a member alone: goals are nobody else's business."""
    if visit.membership is None:
        return None
    return {
        "promises": own_promises(visit.viewer, visit.membership),
        "open": [
            seen for seen in goals_of(visit.viewer, visit.membership) if not seen.goal.done_on
        ],
    }
