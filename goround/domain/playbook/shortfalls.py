"""What a group is short of, measured against its playbook.

Only what is known is judged. A fact left ``None`` is unknown: it gives no shortfall and counts as
no pass either; ``unknown_facts`` names it, so a page can ask for it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from goround.domain.playbook.schema import Playbook, Rhythm

Param = int | float | str | date


class Code(StrEnum):
    """One code for each kind of shortfall, with the parameters a sentence about it may use."""

    TOO_FEW_MEMBERS = "too-few-members"  # members, min
    TOO_MANY_MEMBERS = "too-many-members"  # members, max (a stage's, where it has one)
    MEETS_TOO_RARELY = "meets-too-rarely"  # rhythm, at_least: values of Rhythm
    MEETING_TOO_SHORT = "meeting-too-short"  # minutes, min
    MEETING_TOO_LONG = "meeting-too-long"  # minutes, max
    OPEN_DISCUSSION_TOO_SHORT = "open-discussion-too-short"  # share, at_least: 0 to 1
    TOO_FEW_FACILITATORS = "too-few-facilitators"  # facilitators, needed, title
    FACILITATOR_UNTRAINED = "facilitator-untrained"  # facilitator, kind (key), label
    BACKGROUND_CHECK_MISSING = "background-check-missing"  # facilitator
    BACKGROUND_CHECK_EXPIRED = "background-check-expired"  # facilitator, expired_on
    PARENT_LEADER_MISSING = "parent-leader-missing"  # by_session, title; session where known
    CHILDRENS_LEADER_MISSING = "childrens-leader-missing"  # none
    AGREEMENT_MISSING = "agreement-missing"  # none
    RISK_ASSESSMENT_MISSING = "risk-assessment-missing"  # none
    READINESS_POINT_OPEN = "readiness-point-open"  # point (key), label


@dataclass(frozen=True, slots=True)
class FacilitatorFacts:
    """One facilitator, by an id that means nothing here.

    ``checked`` says whether there is a background check; ``check_expires_on`` is the first day it
    no longer counts, or None where the network's checks do not expire.
    """

    id: str
    trained_in: frozenset[str] | None = None
    checked: bool | None = None
    check_expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """What is known of a group. None always means unknown.

    ``session`` is the number of the latest meeting, counted from 1; 0 before the first.
    """

    session: int | None = None
    members: int | None = None
    rhythm: Rhythm | None = None
    minutes: int | None = None
    open_discussion_share: float | None = None
    facilitators: tuple[FacilitatorFacts, ...] | None = None
    has_parent_leader: bool | None = None
    has_childrens_leader: bool | None = None
    has_agreement: bool | None = None
    has_risk_assessment: bool | None = None
    readiness_done: frozenset[str] | None = None
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Shortfall:
    code: Code
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Unknown:
    """A rule could not be judged, for want of this fact."""

    fact: str


_Findings = Iterator[Shortfall | _Unknown]


def shortfalls(playbook: Playbook, facts: GroupFacts) -> list[Shortfall]:
    """Everything the group is known to be short of, in the order of ``Code``."""
    found = [item for item in _judge(playbook, facts) if isinstance(item, Shortfall)]
    order = list(Code)
    return sorted(found, key=lambda shortfall: order.index(shortfall.code))


def unknown_facts(playbook: Playbook, facts: GroupFacts) -> list[str]:
    """The facts that this playbook asks for and nobody gave, as attribute names, each once."""
    found = [item.fact for item in _judge(playbook, facts) if isinstance(item, _Unknown)]
    return list(dict.fromkeys(found))


def _judge(playbook: Playbook, facts: GroupFacts) -> _Findings:
    for rule in (
        _members,
        _rhythm,
        _minutes,
        _open_discussion,
        _facilitators,
        _parent_leader,
        _childrens_leader,
        _papers,
        _readiness,
    ):
        yield from rule(playbook, facts)


def _members(playbook: Playbook, facts: GroupFacts) -> _Findings:
    if facts.members is None:
        yield _Unknown("members")
        return
    most = playbook.sizes.max
    if any(stage.size_max is not None for stage in playbook.stages):
        if facts.session is None:
            yield _Unknown("session")
        else:
            most = playbook.size_max_at(max(facts.session, 1))
    if facts.members < playbook.sizes.min:
        least = playbook.sizes.min
        yield Shortfall(Code.TOO_FEW_MEMBERS, {"members": facts.members, "min": least})
    if facts.members > most:
        yield Shortfall(Code.TOO_MANY_MEMBERS, {"members": facts.members, "max": most})


def _rhythm(playbook: Playbook, facts: GroupFacts) -> _Findings:
    floor = playbook.cadence.floor
    if facts.rhythm is None:
        yield _Unknown("rhythm")
    elif facts.rhythm.rarer_than(floor):
        params = {"rhythm": facts.rhythm.value, "at_least": floor.value}
        yield Shortfall(Code.MEETS_TOO_RARELY, params)


def _minutes(playbook: Playbook, facts: GroupFacts) -> _Findings:
    least, most = playbook.minutes.min, playbook.minutes.max
    if facts.minutes is None:
        yield _Unknown("minutes")
    elif facts.minutes < least:
        yield Shortfall(Code.MEETING_TOO_SHORT, {"minutes": facts.minutes, "min": least})
    elif facts.minutes > most:
        yield Shortfall(Code.MEETING_TOO_LONG, {"minutes": facts.minutes, "max": most})


def _open_discussion(playbook: Playbook, facts: GroupFacts) -> _Findings:
    least = playbook.open_discussion_share
    if least is None:
        return
    if facts.open_discussion_share is None:
        yield _Unknown("open_discussion_share")
    elif facts.open_discussion_share < least:
        params = {"share": facts.open_discussion_share, "at_least": least}
        yield Shortfall(Code.OPEN_DISCUSSION_TOO_SHORT, params)


def _facilitators(playbook: Playbook, facts: GroupFacts) -> _Findings:
    if facts.facilitators is None:
        yield _Unknown("facilitators")
        return
    yield from _enough_facilitators(playbook, facts, len(facts.facilitators))
    for facilitator in facts.facilitators:
        yield from _trained(playbook, facilitator)
        yield from _checked(playbook, facilitator, facts.today)


def _enough_facilitators(playbook: Playbook, facts: GroupFacts, here: int) -> _Findings:
    leaders = playbook.leaders
    if here >= leaders.facilitators:
        return
    if leaders.facilitators_until_session is not None:
        if facts.session is None:
            yield _Unknown("session")
            return
        if facts.session >= leaders.facilitators_until_session:
            return
    params: dict[str, Param] = {
        "facilitators": here,
        "needed": leaders.facilitators,
        "title": leaders.facilitator_title,
    }
    yield Shortfall(Code.TOO_FEW_FACILITATORS, params)


def _trained(playbook: Playbook, facilitator: FacilitatorFacts) -> _Findings:
    for kind in playbook.training.kinds:
        if facilitator.trained_in is None:
            yield _Unknown("facilitators.trained_in")
        elif kind.key not in facilitator.trained_in:
            params = {"facilitator": facilitator.id, "kind": kind.key, "label": kind.label}
            yield Shortfall(Code.FACILITATOR_UNTRAINED, params)


def _checked(playbook: Playbook, facilitator: FacilitatorFacts, today: date | None) -> _Findings:
    if not playbook.training.background_check:
        return
    expires_on = facilitator.check_expires_on
    if facilitator.checked is None:
        yield _Unknown("facilitators.checked")
    elif not facilitator.checked:
        yield Shortfall(Code.BACKGROUND_CHECK_MISSING, {"facilitator": facilitator.id})
    elif expires_on is not None:
        if today is None:
            yield _Unknown("today")
        elif expires_on <= today:
            yield Shortfall(
                Code.BACKGROUND_CHECK_EXPIRED,
                {"facilitator": facilitator.id, "expired_on": expires_on},
            )


def _parent_leader(playbook: Playbook, facts: GroupFacts) -> _Findings:
    leaders = playbook.leaders
    if not leaders.parent_leader or facts.has_parent_leader:
        return
    if facts.has_parent_leader is None:
        yield _Unknown("has_parent_leader")
        return
    by_session = leaders.parent_leader_by_session or 1
    params: dict[str, Param] = {"by_session": by_session, "title": leaders.parent_leader_title}
    if facts.session is not None:
        params["session"] = facts.session
    elif by_session > 1:
        yield _Unknown("session")
        return
    if by_session == 1 or (facts.session or 0) >= by_session:
        yield Shortfall(Code.PARENT_LEADER_MISSING, params)


def _childrens_leader(playbook: Playbook, facts: GroupFacts) -> _Findings:
    if not playbook.leaders.childrens_leader:
        return
    if facts.has_childrens_leader is None:
        yield _Unknown("has_childrens_leader")
    elif not facts.has_childrens_leader:
        yield Shortfall(Code.CHILDRENS_LEADER_MISSING)


def _papers(playbook: Playbook, facts: GroupFacts) -> _Findings:
    for asked, fact, here, code in (
        (playbook.agreement, "has_agreement", facts.has_agreement, Code.AGREEMENT_MISSING),
        (
            playbook.risk_assessment,
            "has_risk_assessment",
            facts.has_risk_assessment,
            Code.RISK_ASSESSMENT_MISSING,
        ),
    ):
        if asked and here is None:
            yield _Unknown(fact)
        elif asked and not here:
            yield Shortfall(code)


def _readiness(playbook: Playbook, facts: GroupFacts) -> _Findings:
    for point in playbook.readiness:
        if facts.readiness_done is None:
            yield _Unknown("readiness_done")
        elif point.key not in facts.readiness_done:
            params = {"point": point.key, "label": point.label}
            yield Shortfall(Code.READINESS_POINT_OPEN, params)
