"""Who could share a group: languages, types, blocks of parents, free facilitators.

Small plain pieces for one group at a time, used when a hand or a newcomer changes a
group. The search has its own compiled forms of the same rules.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.fits import can_lead, km_to, speaks, wants
from goround.domain.matching.problem import (
    ANY_TYPE,
    Facilitator,
    Parent,
    Policy,
    Problem,
    SameProblem,
    Span,
    Venue,
)

Person = Parent | Facilitator


def shared_languages(people: Iterable[Person]) -> frozenset[str]:
    """Languages that everyone of them speaks."""
    sets = [person.languages for person in people]
    return frozenset.intersection(*sets) if sets else frozenset()


def shared_types(people: Iterable[Person]) -> frozenset[str]:
    """Types that suit everyone; ``any`` only when nobody stated one."""
    stated = [person.interests for person in people if person.interests]
    return frozenset.intersection(*stated) if stated else frozenset({ANY_TYPE})


def best_language(people: Sequence[Person], preferred: str | None = None) -> str | None:
    """A language for the group, the preferred one if everyone speaks it."""
    shared = shared_languages(people)
    return preferred if preferred in shared else min(shared, default=None)


def best_type(people: Sequence[Person], preferred: str | None = None) -> str | None:
    shared = shared_types(people)
    return preferred if preferred in shared else min(shared, default=None)


def most_members(policy: Policy, venue: Venue) -> int:
    """How many parents one group may have there; facilitators take a chair each."""
    if venue.capacity is None:
        return policy.size_max
    return min(policy.size_max, venue.capacity - policy.facilitators)


def room_is_free(venue: Venue, slot: Span, groups: Iterable[FormedGroup]) -> bool:
    """Whether one more group may meet then, whatever overlaps it."""
    there = Counter(group.slot for group in groups if group.venue == venue.id)
    starts = {slot.start, *(held.start for held in there if held.overlaps(slot))}
    for start in starts:
        now = Span(slot.day, start, start + 1)
        taken = sum(count for held, count in there.items() if held.overlaps(now))
        if slot.overlaps(now) and taken >= venue.rooms:
            return False
    return True


def busy_facilitators(groups: Iterable[FormedGroup]) -> dict[str, list[Span]]:
    """The hours that each facilitator already leads."""
    hours: dict[str, list[Span]] = defaultdict(list)
    for group in groups:
        for name in group.facilitators:
            hours[name].append(group.slot)
    return hours


def may_lead(
    facilitator: Facilitator,
    venue: Venue,
    slot: Span,
    *,
    language: str,
    group_type: str,
    busy: Mapping[str, Sequence[Span]] | None = None,
) -> bool:
    """Whether this facilitator could lead such a group, next to what ``busy`` says."""
    taken = () if busy is None else busy.get(facilitator.id, ())
    return (
        len(taken) < facilitator.groups
        and speaks(facilitator, language)
        and wants(facilitator, group_type)
        and not any(slot.overlaps(other) for other in taken)
        and can_lead(facilitator, venue, slot)
    )


def pick_facilitators(
    problem: Problem, venue: Venue, group: FormedGroup, others: Iterable[FormedGroup]
) -> tuple[str, ...]:
    """Keep the group's facilitators who still fit, then add the least flexible who do.

    Fewer than the policy asks for when no more are free.
    """
    busy = busy_facilitators(others)
    fit = [
        row
        for row in problem.facilitators
        if may_lead(
            row, venue, group.slot, language=group.language, group_type=group.type, busy=busy
        )
    ]
    fit.sort(
        key=lambda row: (
            row.id not in group.facilitators,
            row.groups - len(busy.get(row.id, ())),
            len(row.languages),
            km_to(row, venue),
            row.id,
        )
    )
    return tuple(row.id for row in fit[: problem.policy.facilitators])


def blocks(problem: Problem) -> list[tuple[str, ...]]:
    """Parents who must be placed together, transitively; most blocks are one parent."""
    return list(_blocks_of(SameProblem(problem)).values())


@lru_cache(maxsize=2)
def _blocks_of(same: SameProblem) -> dict[str, tuple[str, ...]]:
    return _blocks(same.problem.parents)


def _blocks(parents: Sequence[Parent]) -> dict[str, tuple[str, ...]]:
    leader = {parent.id: parent.id for parent in parents}

    def find(name: str) -> str:
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    for parent in parents:
        for other in parent.together:
            if other in leader:
                one, two = sorted((find(parent.id), find(other)))
                leader[two] = one
    found: dict[str, list[str]] = defaultdict(list)
    for parent in parents:
        found[find(parent.id)].append(parent.id)
    return {name: tuple(members) for name, members in found.items()}


def block_of(problem: Problem) -> dict[str, tuple[str, ...]]:
    """Each parent's block."""
    return {member: block for block in blocks(problem) for member in block}


def stranded(problem: Problem) -> frozenset[str]:
    """Parents who asked to be with somebody who is not in the problem, and their blocks."""
    known = {parent.id for parent in problem.parents}
    lost = {parent.id for parent in problem.parents if parent.together - known}
    return frozenset(
        member for block in blocks(problem) if lost.intersection(block) for member in block
    )


def apart_from(problem: Problem) -> dict[str, frozenset[str]]:
    """Whom each parent is kept apart from, whoever of the two said so. Not to be changed."""
    return _apart_from(SameProblem(problem))


@lru_cache(maxsize=2)
def _apart_from(same: SameProblem) -> dict[str, frozenset[str]]:
    problem = same.problem
    known = {parent.id for parent in problem.parents}
    both: dict[str, set[str]] = defaultdict(set)
    for parent in problem.parents:
        for other in (parent.apart & known) - {parent.id}:
            both[parent.id].add(other)
            both[other].add(parent.id)
    return {name: frozenset(others) for name, others in both.items()}


def contradictions(problem: Problem) -> list[tuple[str, str]]:
    """Pairs who must be in one group and must not; such input has no sensible answer."""
    block = block_of(problem)
    return sorted(
        (name, other)
        for name, others in apart_from(problem).items()
        for other in others.intersection(block[name])
        if name < other
    )


def languages_of(parents: Iterable[Parent]) -> list[str]:
    """Languages, the most spoken first."""
    spoken = Counter(language for parent in parents for language in parent.languages)
    return sorted(spoken, key=lambda language: (-spoken[language], language))
