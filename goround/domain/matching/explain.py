"""Why these people sit together, and why somebody does not sit anywhere yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.cost import Ages, age_window, by_id
from goround.domain.matching.fits import km_to
from goround.domain.matching.people import shared_languages
from goround.domain.matching.problem import Parent, Problem
from goround.domain.matching.reasons import reason_unplaced, reasons_unplaced

__all__ = ["MemberWhy", "WhyTogether", "reason_unplaced", "reasons_unplaced", "why_together"]


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
