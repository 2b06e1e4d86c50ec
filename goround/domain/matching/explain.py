"""Why these people sit together, and why somebody does not sit anywhere yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from goround.domain.matching.answer import Change, FormedGroup, Unplaced
from goround.domain.matching.cost import Ages, age_window, by_id
from goround.domain.matching.fits import can_attend, in_reach, km_to, meets_needs
from goround.domain.matching.layout import Layout
from goround.domain.matching.people import shared_languages, stranded
from goround.domain.matching.problem import Parent, Problem


@dataclass(frozen=True, slots=True)
class MemberWhy:
    """What one member brings: own way there, children in the window, wishes and tags.

    ``wishes_met`` pairs a wish with the ids of the others who carry that tag.
    """

    parent: str
    km: float
    languages: tuple[str, ...]
    children: tuple[float, ...]
    wishes_met: tuple[tuple[str, tuple[str, ...]], ...]
    wishes_unmet: tuple[str, ...]
    shared_tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhyTogether:
    """``ages`` is None when no member listed a child."""

    members: tuple[MemberWhy, ...]
    ages: Ages | None
    furthest_km: float
    languages: tuple[str, ...]


def why_together(problem: Problem, group: FormedGroup) -> WhyTogether:
    parents, venues = by_id(problem)
    members = [parents[name] for name in group.members]
    ages = age_window(member.children for member in members)
    shared = shared_languages(members)
    rows = tuple(
        _member_why(member, members, km_to(member, venues[group.venue]), ages, shared)
        for member in members
    )
    return WhyTogether(
        members=rows,
        ages=ages,
        furthest_km=max((row.km for row in rows), default=0.0),
        languages=tuple(sorted(shared)),
    )


def _member_why(
    member: Parent,
    members: Sequence[Parent],
    km: float,
    ages: Ages | None,
    shared: frozenset[str],
) -> MemberWhy:
    others = [other for other in members if other.id != member.id]
    met = [
        (wish, tuple(other.id for other in others if wish in other.tags))
        for wish in sorted(member.wishes)
    ]
    return MemberWhy(
        parent=member.id,
        km=km,
        languages=tuple(sorted(member.languages & shared)),
        children=tuple(
            age for age in member.children if ages is not None and ages.low <= age <= ages.high
        ),
        wishes_met=tuple((wish, by) for wish, by in met if by),
        wishes_unmet=tuple(wish for wish, by in met if not by),
        shared_tags=tuple(
            sorted(tag for tag in member.tags if any(tag in other.tags for other in others))
        ),
    )


def reason_unplaced(problem: Problem, groups: Iterable[FormedGroup], parent_id: str) -> Unplaced:
    """Why this parent has no group, given the groups there are."""
    return reasons_unplaced(problem, groups, [parent_id])[0]


def reasons_unplaced(
    problem: Problem,
    groups: Iterable[FormedGroup],
    parent_ids: Sequence[str],
    *,
    layout: Layout | None = None,
) -> list[Unplaced]:
    lost = stranded(problem)
    parents = by_id(problem)[0]
    return [_reason(problem, parents[name], name in lost) for name in parent_ids]


def _reason(problem: Problem, parent: Parent, is_stranded: bool) -> Unplaced:
    reach = [venue for venue in problem.venues if in_reach(parent, venue)]
    fitting = [venue for venue in reach if meets_needs(parent, venue)]
    hour = any(can_attend(parent, venue, slot) for venue in fitting for slot in venue.slots)
    if not reach:
        reason = "no-venue-in-reach"
    elif not fitting:
        reason = "no-venue-meets-needs"
    elif not hour:
        reason = "no-shared-hour"
    else:
        reason = "partner-cannot" if is_stranded else "no-room-left"
    return Unplaced(parent.id, reason, "", Change("none"))
