"""What the group is deciding, for its members; whoever only leads it has no vote."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from goround.apps.decisions.selectors.votes import ballots_for, open_decisions
from goround.apps.groups.models import Group
from goround.apps.groups.selectors import own_membership
from goround.apps.organisations.selectors import Viewer
from goround.web.room.decision_words import question

MOST_SHOWN = 5


def room_card(viewer: Viewer, group: Group) -> dict[str, Any] | None:
    if own_membership(viewer, group) is None:
        return None
    going_on = open_decisions(viewer, group.pk)[:MOST_SHOWN]
    ballots = ballots_for(viewer, going_on, at=timezone.now())
    return {"open": [{"ballot": ballot, "question": question(ballot)} for ballot in ballots]}
