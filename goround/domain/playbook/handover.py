"""How far a group has gone from being led to leading itself, what is next, and what is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from goround.domain.playbook.schema import Playbook, Rhythm, Stage

# A term is talked about so long before it ends.
TERM_ENDS_SOON = timedelta(days=28)


class Next(StrEnum):
    """What comes next, with what a sentence about it may use."""

    CHOOSE_LEADER = "choose-leader"  # session, by_session, title
    CHOOSE_AGAIN = "choose-again"  # on, title
    CHECK_IN = "check-in"  # on
    NEXT_STAGE = "next-stage"  # label, from_session, session


@dataclass(frozen=True, slots=True)
class HandoverFacts:
    """``session`` is the number of the latest meeting, counted from 1; 0 before the first."""

    session: int
    today: date
    leads_since: date | None = None
    last_check_in_on: date | None = None
    term_ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    code: Next
    is_late: bool
    on: date | None = None
    by_session: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Handover:
    """``is_behind`` says that by its number of meetings the group would be further."""

    stage: Stage | None
    is_behind: bool
    session: int
    steps: tuple[Step, ...]

    @property
    def is_late(self) -> bool:
        return any(step.is_late for step in self.steps)


def handover(playbook: Playbook, facts: HandoverFacts) -> Handover:
    """Where the group stands. A playbook without stages still asks for a leader and check-ins."""
    begun = [stage for stage in _in_order(playbook) if stage.from_session <= max(facts.session, 1)]
    reached = _reached(playbook, begun, facts)
    stage = reached[-1] if reached else None
    steps = [
        *_leader(playbook, facts),
        *_check_in(playbook, stage, facts),
        *_next_stage(playbook, stage, facts),
    ]
    return Handover(stage, len(reached) < len(begun), facts.session, tuple(steps))


def _in_order(playbook: Playbook) -> list[Stage]:
    return sorted(playbook.stages, key=lambda stage: stage.from_session)


def _reached(playbook: Playbook, begun: list[Stage], facts: HandoverFacts) -> list[Stage]:
    """The stages up to the first whose condition does not hold yet."""
    reached = []
    for stage in begun:
        if not _may_begin(playbook, stage, facts):
            break
        reached.append(stage)
    return reached


def _may_begin(playbook: Playbook, stage: Stage, facts: HandoverFacts) -> bool:
    """A group runs itself once somebody leads and, where check-ins are asked for, had one."""
    needs_leader = stage.needs_parent_leader or stage.runs_itself
    if needs_leader and facts.leads_since is None:
        return False
    asks_check_in = stage.runs_itself and playbook.leaders.check_in is not None
    return not asks_check_in or facts.last_check_in_on is not None


def _leader(playbook: Playbook, facts: HandoverFacts) -> list[Step]:
    leaders = playbook.leaders
    if facts.leads_since is None:
        if not leaders.parent_leader:
            return []
        by_session = leaders.parent_leader_by_session or 1
        late = facts.session >= by_session
        label = leaders.parent_leader_title
        return [Step(Next.CHOOSE_LEADER, late, by_session=by_session, label=label)]
    ends = facts.term_ends_on
    if ends is None or facts.today < ends - TERM_ENDS_SOON:
        return []
    label = leaders.parent_leader_title
    return [Step(Next.CHOOSE_AGAIN, facts.today > ends, on=ends, label=label)]


def _check_in(playbook: Playbook, stage: Stage | None, facts: HandoverFacts) -> list[Step]:
    rhythm, since = playbook.leaders.check_in, facts.leads_since
    if rhythm is None or since is None or (stage and stage.runs_itself):
        return []
    due = max(since, facts.last_check_in_on or since) + timedelta(days=_DAYS[rhythm])
    return [Step(Next.CHECK_IN, facts.today > due, on=due)]


def _next_stage(playbook: Playbook, stage: Stage | None, facts: HandoverFacts) -> list[Step]:
    here = stage.from_session if stage else 0
    coming = next((one for one in _in_order(playbook) if one.from_session > here), None)
    if coming is None:
        return []
    step = Step(Next.NEXT_STAGE, False, by_session=coming.from_session, label=coming.label)
    return [step]


_DAYS = {
    Rhythm.WEEKLY: 7,
    Rhythm.EVERY_TWO_WEEKS: 14,
    Rhythm.EVERY_THREE_WEEKS: 21,
    Rhythm.MONTHLY: 31,
}
