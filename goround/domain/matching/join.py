"""After the round: newcomers join groups with open places, shrunken groups merge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.cost import by_id, cost_of
from goround.domain.matching.fits import can_attend, speaks, wants
from goround.domain.matching.people import (
    Person,
    apart_from,
    best_language,
    best_type,
    block_of,
    most_members,
    pick_facilitators,
    stranded,
)
from goround.domain.matching.problem import Parent, Problem, Venue
from goround.domain.matching.rules import broken_rules


@dataclass(frozen=True, slots=True)
class Option:
    """A group that the newcomer could join, and what the cost would change by."""

    group_id: str
    cost_change: float


@dataclass(frozen=True, slots=True)
class Merge:
    """Two groups as one. ``kept`` is the merged group, with the id of the one that stays."""

    groups: tuple[str, str]
    kept: FormedGroup
    cost_change: float


def open_places(problem: Problem, groups: Iterable[FormedGroup], parent_id: str) -> list[Option]:
    """Groups that could welcome this parent without breaking a rule, the cheapest first.

    The cost change leaves out that one parent fewer waits. Whoever must be placed together
    with the parent joins too; if one of them is in a group already, only that group counts.
    """
    groups = list(groups)
    parents, venues = by_id(problem)
    block = block_of(problem)[parent_id]
    if parent_id in stranded(problem):
        return []
    placed = {member: group.id for group in groups for member in group.members}
    homes = {placed[name] for name in block if name in placed}
    newcomers = [parents[name] for name in block if name not in placed]
    if parent_id in placed or len(homes) > 1:
        return []
    days = _days_kept_apart(problem, groups, block)
    options = []
    for group in groups:
        venue = venues.get(group.venue)
        if venue is None or (homes and group.id not in homes):
            continue
        if (venue.id, group.slot.day) in days or not _has_place(problem, group, newcomers, venue):
            continue
        members = [parents[name] for name in group.members if name in parents]
        before = cost_of(members, venue, problem.policy).total
        after = cost_of([*members, *newcomers], venue, problem.policy).total
        options.append(Option(group.id, after - before))
    return sorted(options, key=lambda option: (option.cost_change, option.group_id))


def _has_place(
    problem: Problem, group: FormedGroup, newcomers: Sequence[Parent], venue: Venue
) -> bool:
    size = len(group.members) + len(newcomers)
    seats = problem.policy.size_max if venue.capacity is None else venue.capacity
    seats -= 0 if venue.capacity is None else len(group.facilitators)
    return size <= min(seats, problem.policy.size_max) and all(
        speaks(parent, group.language)
        and wants(parent, group.type)
        and can_attend(parent, venue, group.slot)
        for parent in newcomers
    )


def _days_kept_apart(
    problem: Problem, groups: Sequence[FormedGroup], block: Iterable[str]
) -> set[tuple[str, int]]:
    apart = apart_from(problem)
    away = {other for name in block for other in apart.get(name, ())}
    return {(group.venue, group.slot.day) for group in groups if away.intersection(group.members)}


def merges(problem: Problem, groups: Iterable[FormedGroup]) -> list[Merge]:
    """Ways to join a group below ``size_min`` with another, breaking nothing; best first.

    The merged group meets where and when one of the two did, and is small enough for it.
    """
    groups = list(groups)
    small = [group for group in groups if len(group.members) < problem.policy.size_min]
    links = _links(problem, small)
    found = []
    for one in small:
        for two in groups:
            if one.id == two.id or (two in small and two.id < one.id):
                continue
            best = _merge(problem, groups, (one, two), links[one.id])
            if best is not None:
                found.append(best)
    return sorted(found, key=lambda merge: (merge.cost_change, merge.groups))


def _links(problem: Problem, groups: Sequence[FormedGroup]) -> dict[str, set[str]]:
    """For each group, whom its members are kept together with or apart from."""
    block, apart = block_of(problem), apart_from(problem)
    return {
        group.id: {
            other
            for name in group.members
            for other in (*block.get(name, ()), *apart.get(name, ()))
        }
        for group in groups
    }


def _merge(
    problem: Problem,
    groups: Sequence[FormedGroup],
    pair: tuple[FormedGroup, FormedGroup],
    linked: set[str],
) -> Merge | None:
    """The cheaper of staying with the one and staying with the other."""
    one, two = pair
    parents, venues = by_id(problem)
    others = [group for group in groups if group.id not in (one.id, two.id)]
    before = sum(_cost(problem, group) for group in (one, two))
    found = []
    for stays, comes in ((one, two), (two, one)):
        members = [parents[name] for name in (*stays.members, *comes.members) if name in parents]
        venue = venues.get(stays.venue)
        if venue is None or len(members) > most_members(problem.policy, venue):
            continue
        if not all(can_attend(member, venue, stays.slot) for member in members):
            continue
        kept = _merged(problem, stays, comes, members, venue, others)
        if kept is not None and _is_sound(problem, kept, others, linked):
            names = (stays.id, comes.id)
            found.append(Merge(names, kept, _cost(problem, kept) - before))
    return min(found, key=lambda merge: merge.cost_change, default=None)


def _merged(  # noqa: PLR0917 - internal
    problem: Problem,
    stays: FormedGroup,
    comes: FormedGroup,
    members: Sequence[Person],
    venue: Venue,
    others: Sequence[FormedGroup],
) -> FormedGroup | None:
    """The group that stays with all members, keeping facilitators of either where they fit."""
    language = best_language(members, stays.language)
    group_type = best_type(members, stays.type)
    if language is None or group_type is None:
        return None
    kept = replace(
        stays,
        language=language,
        type=group_type,
        members=(*stays.members, *comes.members),
        facilitators=(*stays.facilitators, *comes.facilitators),
    )
    return replace(kept, facilitators=pick_facilitators(problem, venue, kept, others))


def _is_sound(
    problem: Problem, kept: FormedGroup, others: Sequence[FormedGroup], linked: set[str]
) -> bool:
    """No rule broken that names the merged group or anybody in it.

    Only groups are looked at that share its venue, its facilitators or somebody ``linked``.
    """
    people = {*kept.members, *kept.facilitators}
    near = [
        group
        for group in others
        if group.venue == kept.venue
        or people.intersection(group.facilitators)
        or linked.intersection(group.members)
    ]
    return not any(
        broken.group == kept.id or people.intersection(broken.who)
        for broken in broken_rules(problem, [*near, kept])
    )


def _cost(problem: Problem, group: FormedGroup) -> float:
    parents, venues = by_id(problem)
    members = [parents[name] for name in group.members if name in parents]
    return cost_of(members, venues[group.venue], problem.policy).total
