"""What the group talks about next time."""

from __future__ import annotations

from typing import Any

from goround.apps.agenda.selectors import chosen_next, how_many_wished
from goround.web.room.cards.visit import Visit


def room_card(visit: Visit) -> dict[str, Any]:
    """What was chosen; for a member how much more is on the list, for others None."""
    return {
        "chosen": chosen_next(visit.viewer, visit.group, at=visit.at),
        "wished": how_many_wished(visit.viewer, visit.group) if visit.membership else None,
    }
