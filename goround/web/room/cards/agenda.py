"""What the group talks about next time."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from goround.apps.agenda.selectors import chosen_next, how_many_wished
from goround.apps.groups.models import Group
from goround.apps.organisations.selectors import Viewer


def room_card(viewer: Viewer, group: Group) -> dict[str, Any]:
    """What was chosen; for a member how much more is on the list, for others None."""
    return {
        "chosen": chosen_next(viewer, group, at=timezone.now()),
        "wished": how_many_wished(viewer, group),
    }
