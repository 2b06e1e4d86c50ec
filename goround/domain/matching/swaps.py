"""Who of a group could sit elsewhere, who would come instead, and what that would cost.

Only what keeps every rule is offered, with the groups' language, type and facilitators as they
are. A cheap look over everybody who fits comes first; the plain rules then judge the cheapest.
Parents who must be placed together, and whoever is locked, are left where they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from goround.domain.matching.answer import Answer, FormedGroup
from goround.domain.matching.cost import by_id, cost_of
from goround.domain.matching.fits import can_attend, speaks, wants
from goround.domain.matching.people import apart_from, block_of, most_members
from goround.domain.matching.problem import Parent, Problem
from goround.domain.matching.rules import broken_rules


@dataclass(frozen=True, slots=True)
class Swap:
    """``member`` goes to ``group``, or waits when it is None; ``other`` comes, or nobody.

    ``cost_change`` is that of the whole answer; below 0 it is an improvement.
    """

    member: str
    other: str | None
    group: str | None
    cost_change: float


def swaps(
    problem: Problem, answer: Answer, group_id: str, *, each: int = 3
) -> dict[str, list[Swap]]:
    """For every member of the group at most ``each`` such swaps, the cheapest first.

    Raises ``KeyError`` when there is no such group.
    """
    look = _Look(problem, answer, answer.group(group_id))
    return {member: look.best(member, each) for member in look.here.members}


class _Look:
    """One group seen among the others."""

    def __init__(self, problem: Problem, answer: Answer, here: FormedGroup) -> None:
        self.problem, self.answer, self.here = problem, answer, here
        self.parents, self.venues = by_id(problem)
        self.block, self.apart = block_of(problem), apart_from(problem)
        self._costs: dict[tuple[str, str | None, str | None], float] = {}

    @cached_property
    def others(self) -> list[FormedGroup]:
        return [
            group
            for group in self.answer.groups
            if group.id != self.here.id and not group.locked and group.venue in self.venues
        ]

    @cached_property
    def comers(self) -> dict[str, list[str]]:
        """Of each other group, the members who could sit here."""
        return {
            group.id: [name for name in group.members if self._may_come(name)]
            for group in self.others
        }

    @cached_property
    def waiting(self) -> list[str]:
        """Those without a group who could sit here."""
        return [row.parent for row in self.answer.unplaced if self._may_come(row.parent)]

    def _may_come(self, name: str) -> bool:
        return self._is_movable(name) and self._fits(self.parents[name], self.here)

    def _is_movable(self, name: str) -> bool:
        alone = name in self.parents and len(self.block[name]) == 1
        return alone and name not in self.answer.locked_members

    def _fits(self, parent: Parent, group: FormedGroup) -> bool:
        return (
            speaks(parent, group.language)
            and wants(parent, group.type)
            and can_attend(parent, self.venues[group.venue], group.slot)
        )

    def best(self, member: str, most: int) -> list[Swap]:
        if not self._is_movable(member) or self.here.venue not in self.venues:
            return []
        found: list[Swap] = []
        for swap in sorted(self._likely(member), key=_order):
            if self._is_legal(swap):
                found.append(swap)
            if len(found) == most:
                break
        return found

    def _likely(self, member: str) -> Iterator[Swap]:
        """Every swap in which each parent alone fits where they would go."""
        parent, policy = self.parents[member], self.problem.policy
        for other in self.waiting:
            lost = parent.priority - self.parents[other].priority
            cost = self._change(self.here, member, other) + policy.unplaced_weight * lost
            yield Swap(member, other, None, cost)
        for group in self.others:
            if not self._fits(parent, group):
                continue
            for other in self.comers[group.id]:
                cost = self._change(self.here, member, other) + self._change(group, other, member)
                yield Swap(member, other, group.id, cost)
            venue = self.venues[group.venue]
            if len(group.members) < most_members(policy, venue):
                cost = self._change(self.here, member, None) + self._change(group, None, member)
                yield Swap(member, None, group.id, cost)

    def _change(self, group: FormedGroup, leaves: str | None, comes: str | None) -> float:
        before = self._cost(group, None, None)
        return self._cost(group, leaves, comes) - before

    def _cost(self, group: FormedGroup, leaves: str | None, comes: str | None) -> float:
        key = group.id, leaves, comes
        if key not in self._costs:
            names = _exchanged(group, leaves, comes).members
            members = [self.parents[name] for name in names if name in self.parents]
            cost = cost_of(members, self.venues[group.venue], self.problem.policy)
            self._costs[key] = cost.total
        return self._costs[key]

    def _is_legal(self, swap: Swap) -> bool:
        """No rule is broken that was not broken before."""
        near = self._near(swap)
        names = {name for group in near for name in (*group.members, *group.facilitators)}
        names |= {swap.member, *([swap.other] if swap.other else [])}
        part = replace(
            self.problem,
            parents=tuple(row for row in _some(self.parents, names)),
            facilitators=tuple(row for row in self.problem.facilitators if row.id in names),
        )
        was = broken_rules(part, near)
        return all(rule in was for rule in broken_rules(part, _after(near, swap, self.here.id)))

    def _near(self, swap: Swap) -> list[FormedGroup]:
        """The two groups, and those with somebody to be kept apart from one of the two parents.

        No room and no facilitator changes hands, so no other group can be concerned.
        """
        moving = [name for name in (swap.member, swap.other) if name is not None]
        away = {other for name in moving for other in self.apart.get(name, ())}
        return [
            group
            for group in self.answer.groups
            if group.id in {self.here.id, swap.group} or away.intersection(group.members)
        ]


def _some(parents: dict[str, Parent], names: Iterable[str]) -> list[Parent]:
    return [parents[name] for name in sorted(names) if name in parents]


def _after(groups: Sequence[FormedGroup], swap: Swap, here: str) -> list[FormedGroup]:
    changed = []
    for group in groups:
        if group.id == here:
            changed.append(_exchanged(group, swap.member, swap.other))
        elif group.id == swap.group:
            changed.append(_exchanged(group, swap.other, swap.member))
        else:
            changed.append(group)
    return changed


def _exchanged(group: FormedGroup, leaves: str | None, comes: str | None) -> FormedGroup:
    stay = tuple(name for name in group.members if name != leaves)
    return replace(group, members=stay if comes is None else (*stay, comes))


def _order(swap: Swap) -> tuple[float, str, str]:
    return swap.cost_change, swap.group or "", swap.other or ""
