"""How far the group has gone towards leading itself, for all whose room it is."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from goround.apps.decisions.selectors.elections import own_leadership, waits_for_my_answer
from goround.apps.decisions.selectors.handover import handover_of
from goround.apps.groups.models import Group
from goround.apps.organisations.selectors import Viewer
from goround.domain.playbook.handover import Next
from goround.web.handover_words import shown


def room_card(viewer: Viewer, group: Group) -> dict[str, Any] | None:
    found = handover_of(viewer, group, at=timezone.now())
    told = shown(found)
    asked = waits_for_my_answer(viewer, group.pk)
    if told is None and asked is None:
        return None
    return {
        "handover": told,
        "asked": asked,
        "leading": own_leadership(viewer, group.pk),
        "is_time_to_choose": bool(found.step(Next.CHOOSE_LEADER) or found.step(Next.CHOOSE_AGAIN)),
    }
