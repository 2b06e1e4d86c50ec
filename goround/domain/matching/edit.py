"""A coordinator's hand: change an answer as told and see what that does.

A change is made even when it breaks a rule; ``effect`` says which. A changed group keeps
its language and type if all its people share them, else takes ones they do share; it keeps
its facilitators who still fit and takes others who are free for those who do not. Nobody
else's group is touched for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from goround.domain.matching.answer import Answer, FormedGroup, next_group_ids
from goround.domain.matching.cost import answer_cost, by_id
from goround.domain.matching.explain import reasons_unplaced
from goround.domain.matching.people import best_language, best_type, may_lead, pick_facilitators
from goround.domain.matching.problem import Problem, Span
from goround.domain.matching.rules import Broken, broken_rules


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does. ``cost_change`` below 0 is an improvement."""

    cost_change: float
    newly_broken: list[Broken]
    mended: list[Broken]


def move(problem: Problem, answer: Answer, parent: str, group_id: str | None) -> Answer:
    """Put one parent into a group, or into none with ``group_id=None``.

    A group that loses its last member disappears. Raises ``KeyError`` for unknown ids.
    """
    if parent not in by_id(problem)[0]:
        raise KeyError(parent)
    if group_id is not None:
        answer.group(group_id)
    moved = {group.id: _without(group, parent) for group in answer.groups}
    if group_id is not None:
        old = moved[group_id]
        moved[group_id] = replace(old, members=(*old.members, parent))
    changed = {
        group.id for group in answer.groups if (parent in group.members) != (group.id == group_id)
    }
    kept = [group for group in moved.values() if group.members or group.id not in changed]
    return _settled(problem, answer, _refitted(problem, kept, changed), {parent})


def swap(problem: Problem, answer: Answer, one: str, other: str) -> Answer:
    """Let two parents change places; either may be without a group. ``KeyError`` if unknown."""
    for name in (one, other):
        if name not in by_id(problem)[0]:
            raise KeyError(name)
    there, pair = {one: other, other: one}, {one, other}
    touched = {group.id: pair.intersection(group.members) for group in answer.groups}
    if any(here == pair for here in touched.values()):
        return answer
    groups = [
        replace(group, members=tuple(there.get(name, name) for name in group.members))
        for group in answer.groups
    ]
    changed = {name for name, here in touched.items() if here}
    return _settled(problem, answer, _refitted(problem, groups, changed), pair)


def dissolve(problem: Problem, answer: Answer, group_id: str) -> Answer:
    """Take a group apart; its members are without one. Raises ``KeyError``."""
    gone = answer.group(group_id)
    kept = [group for group in answer.groups if group.id != group_id]
    return _settled(problem, answer, kept, set(gone.members))


def add_group(  # noqa: PLR0917 - a new group is all of these
    problem: Problem,
    answer: Answer,
    venue: str,
    slot: Span,
    language: str,
    type: str,
    members: Iterable[str] = (),
) -> Answer:
    """A new group as told; its members leave the groups they were in."""
    parents, venues = by_id(problem)
    members = tuple(members)
    if unknown := [name for name in members if name not in parents]:
        raise KeyError(unknown[0])
    changed = {group.id for group in answer.groups if set(group.members) & set(members)}
    kept = [_without(group, *members) for group in answer.groups]
    kept = [group for group in kept if group.members or group.id not in changed]
    (name,) = next_group_ids((group.id for group in answer.groups), 1)
    new = FormedGroup(name, venues[venue].id, slot, language, type, (), members)
    groups = _refitted(problem, [*kept, new], changed)
    led = replace(new, facilitators=pick_facilitators(problem, venues[venue], new, groups[:-1]))
    return _settled(problem, answer, [*groups[:-1], led], set(members))


def lock_group(answer: Answer, group_id: str) -> Answer:
    """The next search leaves this group as it is. Raises ``KeyError``."""
    return _with_group(answer, group_id, lambda group: replace(group, locked=True))


def unlock_group(answer: Answer, group_id: str) -> Answer:
    return _with_group(answer, group_id, lambda group: replace(group, locked=False))


def lock_member(answer: Answer, parent: str) -> Answer:
    """The next search leaves this parent in the same group. ``KeyError`` if in none."""
    if answer.group_of(parent) is None:
        raise KeyError(parent)
    return replace(answer, locked_members=answer.locked_members | {parent})


def unlock_member(answer: Answer, parent: str) -> Answer:
    return replace(answer, locked_members=answer.locked_members - {parent})


def effect(problem: Problem, before: Answer, after: Answer) -> Effect:
    """Change of cost, and of broken rules, from one answer to the other."""
    was, now = broken_rules(problem, before.groups), broken_rules(problem, after.groups)
    cost = answer_cost(problem, after.groups) - answer_cost(problem, before.groups)
    return Effect(
        cost_change=cost,
        newly_broken=[broken for broken in now if broken not in set(was)],
        mended=[broken for broken in was if broken not in set(now)],
    )


def _with_group(
    answer: Answer, group_id: str, change: Callable[[FormedGroup], FormedGroup]
) -> Answer:
    answer.group(group_id)
    groups = tuple(change(group) if group.id == group_id else group for group in answer.groups)
    return replace(answer, groups=groups)


def _without(group: FormedGroup, *parents: str) -> FormedGroup:
    return replace(group, members=tuple(name for name in group.members if name not in parents))


def _refitted(problem: Problem, groups: list[FormedGroup], changed: set[str]) -> list[FormedGroup]:
    """The groups with language, type and facilitators of the changed ones made to fit."""
    for place, group in enumerate(groups):
        if group.id in changed:
            others = [*groups[:place], *groups[place + 1 :]]
            groups[place] = _refit(problem, group, others)
    return groups


def _refit(problem: Problem, group: FormedGroup, others: list[FormedGroup]) -> FormedGroup:
    parents, venues = by_id(problem)
    venue = venues.get(group.venue)
    members = [parents[name] for name in group.members if name in parents]
    if venue is None or not members:
        return group
    leaders = [row for row in problem.facilitators if row.id in group.facilitators]
    language = best_language([*members, *leaders], group.language) or best_language(members)
    group_type = best_type([*members, *leaders], group.type) or best_type(members)
    group = replace(group, language=language or group.language, type=group_type or group.type)
    if len(leaders) >= problem.policy.facilitators and all(
        may_lead(row, venue, group.slot, language=group.language, group_type=group.type)
        for row in leaders
    ):
        return group
    picked = pick_facilitators(problem, venue, group, others)
    return replace(group, facilitators=picked) if len(picked) >= len(leaders) else group


def _settled(
    problem: Problem, answer: Answer, groups: Iterable[FormedGroup], touched: set[str]
) -> Answer:
    """The answer with cost, unplaced and locks brought up to date.

    Reasons are worked out anew for the parents ``touched``; the others keep theirs.
    """
    groups = tuple(groups)
    placed = {member for group in groups for member in group.members}
    known = {row.parent: row for row in answer.unplaced if row.parent not in touched}
    left = [row.id for row in problem.parents if row.id not in placed]
    news = reasons_unplaced(problem, groups, [name for name in left if name not in known])
    rows = known | {row.parent: row for row in news}
    homes = {member: group.id for group in groups for member in group.members}
    before = {member: group.id for group in answer.groups for member in group.members}
    return replace(
        answer,
        groups=groups,
        unplaced=tuple(rows[name] for name in left),
        cost=answer_cost(problem, groups),
        locked_members=frozenset(
            name for name in answer.locked_members if homes.get(name) == before.get(name)
        ),
    )
