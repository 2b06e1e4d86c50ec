"""How far the group has gone towards leading itself, for all whose room it is."""

from __future__ import annotations

from typing import Any

from goround.apps.decisions.selectors.elections import own_leadership, waits_for_my_answer
from goround.apps.decisions.selectors.handover import handover_of
from goround.domain.playbook.handover import Next
from goround.web.handover_words import shown
from goround.web.room.cards.visit import Visit


def room_card(visit: Visit) -> dict[str, Any] | None:
    viewer, group = visit.viewer, visit.group
    found = handover_of(viewer, group, at=visit.at)
    told = shown(found)
    asked = waits_for_my_answer(viewer, group.pk) if visit.membership else None
    if told is None and asked is None:
        return None
    return {
        "handover": told,
        "asked": asked,
        "leading": own_leadership(viewer, group.pk) if visit.leads else None,
        "is_time_to_choose": bool(found.step(Next.CHOOSE_LEADER) or found.step(Next.CHOOSE_AGAIN)),
    }
