"""Whether the group's agreement waits for this member's yes."""

from __future__ import annotations

from typing import Any

from goround.apps.agreements.selectors import agreement_facts, standing_of
from goround.apps.groups.models import Group
from goround.apps.groups.selectors import own_membership
from goround.apps.organisations.selectors import Viewer


def room_card(viewer: Viewer, group: Group) -> dict[str, Any]:
    """For a member where it stands; for those who only lead, that there is one."""
    mine = own_membership(viewer, group)
    if mine is None:
        return {"facts": agreement_facts(viewer, [group]).get(group.pk)}
    return {"standing": standing_of(viewer, mine)}
