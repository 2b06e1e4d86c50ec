"""Where undo and redo lead, from the line of versions alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from goround.apps.formation.models import Proposal


@dataclass(frozen=True, slots=True)
class Step:
    version: int
    change: str
    based_on: int


@dataclass(frozen=True, slots=True)
class Steps:
    """The version whose state stands, and those that undo and redo would bring back, if any."""

    stands: int | None
    undo: int | None
    redo: int | None


def steps_of(history: Iterable[Step]) -> Steps:
    """Undo goes back one change at a time, redo takes that back, a new change ends redoing.

    The standing state is always that of one version that was no undo.

    >>> steps_of([Step(1, "searched", 0), Step(2, "moved", 1), Step(3, "undone", 1)])
    Steps(stands=1, undo=None, redo=2)
    """
    before: list[int] = []
    undone: list[int] = []
    stands: int | None = None
    for step in history:
        if step.change == Proposal.Change.UNDONE and stands is not None:
            undone.append(stands)
            stands = before.pop()
        elif step.change == Proposal.Change.REDONE and stands is not None:
            before.append(stands)
            stands = undone.pop()
        else:
            if stands is not None:
                before.append(stands)
            stands, undone = step.version, []
    return Steps(stands, before[-1] if before else None, undone[-1] if undone else None)
