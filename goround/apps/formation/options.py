"""What moving one parent would do, group by group, before anything is done.

The engine makes and judges each move. It is given only the part of the round that the move
can concern, because a rule lies within a group or between groups that share a venue, a
facilitator, or people to be kept together or apart; that makes it about twenty times faster.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from goround.apps.formation.figures import EffectFigure, broken_figure
from goround.apps.formation.running import without
from goround.domain.matching import edit
from goround.domain.matching.answer import Answer, FormedGroup
from goround.domain.matching.cost import by_id, cost_of, group_cost
from goround.domain.matching.fits import can_attend, km_to, speaks, wants
from goround.domain.matching.people import apart_from, block_of
from goround.domain.matching.problem import Facilitator, Parent, Problem, Span
from goround.domain.matching.rules import broken_rules


@dataclass(frozen=True, slots=True)
class Option:
    """A group the parent could be moved to, with what that would do."""

    group: FormedGroup
    effect: EffectFigure


class Moves:
    """The moves that are open to one parent of a round."""

    def __init__(self, problem: Problem, answer: Answer, parent: str) -> None:
        self.problem, self.answer, self.parent = problem, answer, parent
        self.home = answer.group_of(parent)
        self.away = apart_from(problem).get(parent, frozenset())
        self.concerned = {parent, *block_of(problem)[parent], *self.away}
        self._freed: dict[tuple[str, tuple[Span, ...]], Facilitator] = {}

    def likely(self) -> list[FormedGroup]:
        """The groups other than the parent's own, the likeliest first.

        By how many of hour and place, language, type and size do not fit, then by the added
        cost: a quick look to sort by, while ``to`` judges. A group this parent must not be in
        for somebody's sake is left out without a word, as one might be that is full.
        """
        person, policy = by_id(self.problem)[0][self.parent], self.problem.policy
        held = [g for g in self.answer.groups if self.away.intersection(g.members)]
        days = {(group.venue, group.slot.day) for group in held}
        found = []
        for group in self.answer.groups:
            if group is self.home or (group.venue, group.slot.day) in days:
                continue
            fits = (
                can_attend(person, by_id(self.problem)[1][group.venue], group.slot),
                speaks(person, group.language),
                wants(person, group.type),
                len(group.members) < policy.size_max,
            )
            found.append((fits.count(False), self._added_cost(group, person), group.id, group))
        return [group for *_, group in sorted(found, key=lambda row: row[:3])]

    def _added_cost(self, group: FormedGroup, person: Parent) -> float:
        parents, venues = by_id(self.problem)
        members, venue = [parents[name] for name in group.members], venues[group.venue]
        before = cost_of(members, venue, self.problem.policy).total
        return cost_of([*members, person], venue, self.problem.policy).total - before

    def to(self, group: FormedGroup) -> Option:
        """What moving the parent into this group does."""
        return Option(group, self._effect([group], group.id))

    def out(self) -> EffectFigure:
        """What taking the parent out of their group does."""
        return self._effect([], None)

    def _effect(self, touched: Sequence[FormedGroup], into: str | None) -> EffectFigure:
        changed = [*touched, *([self.home] if self.home else [])]
        part, before = self._part(changed)
        after = edit.move(part, before, self.parent, into)
        was = [broken_figure(rule) for rule in broken_rules(part, before.groups)]
        now = [broken_figure(rule) for rule in broken_rules(part, after.groups)]
        return EffectFigure(
            cost=_cost(part, after, changed) - _cost(part, before, changed),
            placed=after.placed - before.placed,
            broken=[rule for rule in now if rule not in was],
            mended=[rule for rule in was if rule not in now],
        )

    def _part(self, touched: Sequence[FormedGroup]) -> tuple[Problem, Answer]:
        """The part of the round that a move between these groups can concern."""
        venues = {group.venue for group in touched}
        leaders = {name for group in touched for name in group.facilitators}
        near = [
            group
            for group in self.answer.groups
            if group.venue in venues
            or leaders.intersection(group.facilitators)
            or self.concerned.intersection(group.members)
        ]
        people = self.concerned.union(*(group.members for group in near))
        places = {group.venue for group in near}
        part = replace(
            self.problem,
            parents=tuple(row for row in self.problem.parents if row.id in people),
            venues=tuple(row for row in self.problem.venues if row.id in places),
            facilitators=self._less_busy_elsewhere(near),
        )
        left = tuple(row for row in self.answer.unplaced if row.parent in people)
        return part, replace(self.answer, groups=tuple(near), unplaced=left)

    def _less_busy_elsewhere(self, near: Sequence[FormedGroup]) -> tuple[Facilitator, ...]:
        """The facilitators, without the hours and groups that they give to groups left out."""
        kept, elsewhere = {group.id for group in near}, defaultdict(list)
        for group in self.answer.groups:
            if group.id not in kept:
                for name in group.facilitators:
                    elsewhere[name].append(group.slot)
        return tuple(
            self._without(row, tuple(elsewhere[row.id])) if row.id in elsewhere else row
            for row in self.problem.facilitators
        )

    def _without(self, row: Facilitator, taken: tuple[Span, ...]) -> Facilitator:
        """Remembered, because most are as busy in one move as in the next."""
        if (row.id, taken) not in self._freed:
            left, groups = without(row.available, taken), row.groups - len(taken)
            self._freed[row.id, taken] = replace(row, available=left, groups=groups)
        return self._freed[row.id, taken]


def _cost(problem: Problem, answer: Answer, changed: Sequence[FormedGroup]) -> float:
    """What the groups cost that a move changed; the others cost the same before and after."""
    ids = {group.id for group in changed}
    return sum(group_cost(problem, group).total for group in answer.groups if group.id in ids)


def could_join(problem: Problem, answer: Answer, group: FormedGroup) -> list[str]:
    """Parents without a group who could each be in this one, the nearest first."""
    venue = by_id(problem)[1][group.venue]
    placed = {name for each in answer.groups for name in each.members}
    fit = [
        parent
        for parent in problem.parents
        if parent.id not in placed
        and can_attend(parent, venue, group.slot)
        and speaks(parent, group.language)
        and wants(parent, group.type)
    ]
    return [parent.id for parent in sorted(fit, key=lambda row: (km_to(row, venue), row.id))]
