"""Whether the group's agreement waits for this member's yes."""

from __future__ import annotations

from typing import Any

from goround.apps.agreements.selectors import agreement_facts, standing_of
from goround.web.room.cards.visit import Visit


def room_card(visit: Visit) -> dict[str, Any]:
    """For a member where it stands; for those who only lead, that there is one."""
    if visit.membership is None:
        return {"facts": agreement_facts(visit.viewer, [visit.group]).get(visit.group.pk)}
    return {"standing": standing_of(visit.viewer, visit.membership)}
