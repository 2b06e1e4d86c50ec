"""What the group is deciding, for its members; whoever only leads it has no vote."""

from __future__ import annotations

from typing import Any

from goround.apps.decisions.selectors.votes import ballots_for, open_decisions
from goround.web.room.cards.visit import Visit
from goround.web.room.decision_words import question

MOST_SHOWN = 5


def room_card(visit: Visit) -> dict[str, Any] | None:
    if visit.membership is None:
        return None
    going_on = open_decisions(visit.viewer, visit.group.pk)[:MOST_SHOWN]
    ballots = ballots_for(visit.viewer, going_on, at=visit.at)
    return {"open": [{"ballot": ballot, "question": question(ballot)} for ballot in ballots]}
