"""The way of a concern, from being raised to being closed.

Reporting is never gated: whoever has a duty to report does so at any moment, and says so in
one step. Nothing here ends anybody's membership.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Stage(StrEnum):
    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    TRIAGED = "triaged"
    DECIDED = "decided"
    REPORTED = "reported"
    FOLLOWED = "followed"
    CLOSED = "closed"


class Act(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    TRIAGE = "triage"
    DECIDE = "decide"
    REPORT = "report"
    SHARE = "share"
    FOLLOW_UP = "follow-up"
    CLOSE = "close"
    REOPEN = "reopen"


class Way(StrEnum):
    """How a report was made: the parent comes first where that is safe."""

    SELF = "self"  # the parent, with somebody beside them if they like
    JOINT = "joint"  # the parent and the group in one call
    GROUP = "group"  # the group or the organisation
    ALREADY = "already"  # whoever raised it, before or while they did


class NotNow(Exception):
    """The concern is not where this act belongs."""


OPEN = frozenset(set(Stage) - {Stage.CLOSED})
ORDER = list(Stage)

# From which stages each act is open, and where it leads; None leaves the stage as it is.
_ACTS: dict[Act, tuple[frozenset[Stage], Stage | None]] = {
    Act.ACKNOWLEDGE: (frozenset({Stage.RAISED}), Stage.ACKNOWLEDGED),
    Act.TRIAGE: (frozenset({Stage.RAISED, Stage.ACKNOWLEDGED}), Stage.TRIAGED),
    Act.DECIDE: (OPEN - {Stage.RAISED, Stage.ACKNOWLEDGED}, Stage.DECIDED),
    # From anywhere: nothing may hold up a report, and one after the end opens it again.
    Act.REPORT: (frozenset(Stage), Stage.REPORTED),
    Act.SHARE: (frozenset(Stage), None),
    Act.FOLLOW_UP: (OPEN - {Stage.RAISED, Stage.ACKNOWLEDGED}, Stage.FOLLOWED),
    Act.CLOSE: (frozenset({Stage.DECIDED, Stage.REPORTED, Stage.FOLLOWED}), Stage.CLOSED),
    Act.REOPEN: (frozenset({Stage.CLOSED}), Stage.ACKNOWLEDGED),
}


def after(stage: Stage, act: Act) -> Stage:
    """Where the concern is once this was done. Raises ``NotNow``.

    Nobody goes back: deciding again once reported leaves it reported.

    >>> after(Stage.RAISED, Act.REPORT)
    <Stage.REPORTED: 'reported'>
    """
    stages, leads_to = _ACTS[act]
    if stage not in stages:
        raise NotNow(f"{act} is not open to a concern that is {stage}")
    if leads_to is None:
        return stage
    forced = act in {Act.REOPEN, Act.REPORT} and stage is Stage.CLOSED
    return leads_to if forced else max(stage, leads_to, key=ORDER.index)


def open_acts(stage: Stage) -> list[Act]:
    """What can be done now, in the order in which it is usually done."""
    return [act for act, (stages, _) in _ACTS.items() if stage in stages]


def next_act(stage: Stage, *, follow_ups_open: int) -> Act | None:
    """The one plain next step; None where only waiting is left, or nothing."""
    match stage:
        case Stage.RAISED:
            return Act.ACKNOWLEDGE
        case Stage.ACKNOWLEDGED:
            return Act.TRIAGE
        case Stage.TRIAGED:
            return Act.DECIDE
        case Stage.REPORTED:
            return None if follow_ups_open else Act.FOLLOW_UP
        case Stage.DECIDED | Stage.FOLLOWED:
            return None if follow_ups_open else Act.CLOSE
    return None


def stage_of(acts: Iterable[Act]) -> Stage:
    """Where these acts, in their order, have led a concern that was raised."""
    stage = Stage.RAISED
    for act in acts:
        stage = after(stage, act)
    return stage
