"""What the pages show of a proposal, worked out once when it is written.

Plain data beside the stored answer: a page with eighty groups only reads it. Ids throughout;
names and words are put to them by the page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TypedDict

from goround.domain.matching.answer import Answer, FormedGroup
from goround.domain.matching.cost import by_id, group_cost
from goround.domain.matching.explain import MemberWhy, why_together
from goround.domain.matching.problem import Problem
from goround.domain.matching.rules import Broken, broken_rules


class BrokenFigure(TypedDict):
    rule: str
    code: str
    group: str | None
    who: list[str]
    detail: dict[str, str]


class MemberFigure(TypedDict):
    id: str
    km: float
    ages: list[float]
    wishes_met: list[str]
    wishes_unmet: list[str]
    tags: list[str]
    together: list[str]


class GroupFigure(TypedDict):
    """``ages`` is the window that holds a child of everyone who listed any, or None."""

    cost: float
    km: float
    furthest_km: float
    ages: list[float] | None
    wishes_met: int
    wishes: int
    shared_tags: dict[str, int]
    members: list[MemberFigure]
    broken: list[BrokenFigure]


class Figures(TypedDict):
    """``groups_cost`` leaves out those not placed; it is the sum of ``way``, ``ages``, ``wishes``.

    ``km`` is the ways' true length, ``way`` what they weigh.
    """

    groups: dict[str, GroupFigure]
    groups_cost: float
    way: float
    ages: float
    wishes: float
    km: float
    placed: int
    total: int
    reasons: dict[str, int]
    broken: int


class EffectFigure(TypedDict):
    """What one change did. ``cost`` leaves out the parents placed or not."""

    cost: float
    placed: int
    broken: list[BrokenFigure]
    mended: list[BrokenFigure]


def figures_of(problem: Problem, answer: Answer) -> Figures:
    broken: dict[str | None, list[BrokenFigure]] = defaultdict(list)
    for rule in broken_rules(problem, answer.groups):
        broken[rule.group].append(broken_figure(rule))
    groups = {g.id: _group_figure(problem, g, broken[g.id]) for g in answer.groups}
    cost = sum(figure["cost"] for figure in groups.values())
    km = sum(figure["km"] for figure in groups.values())
    unmet = sum(figure["wishes"] - figure["wishes_met"] for figure in groups.values())
    way, wishes = problem.policy.km_weight * km, problem.policy.wish_weight * unmet
    return Figures(
        groups=groups,
        groups_cost=cost,
        way=way,
        ages=cost - way - wishes,
        wishes=wishes,
        km=km,
        placed=answer.placed,
        total=len(problem.parents),
        reasons=dict(Counter(row.reason for row in answer.unplaced)),
        broken=sum(len(rules) for rules in broken.values()),
    )


def effect_of(before: Figures, after: Figures) -> EffectFigure:
    """From one proposal's figures to another's."""
    was, now = _all_broken(before), _all_broken(after)
    return EffectFigure(
        cost=after["groups_cost"] - before["groups_cost"],
        placed=after["placed"] - before["placed"],
        broken=[rule for rule in now if rule not in was],
        mended=[rule for rule in was if rule not in now],
    )


def broken_figure(broken: Broken) -> BrokenFigure:
    return BrokenFigure(
        rule=broken.rule,
        code=broken.code,
        group=broken.group,
        who=list(broken.who),
        detail=dict(broken.detail),
    )


def _all_broken(figures: Figures) -> list[BrokenFigure]:
    return [rule for group in figures["groups"].values() for rule in group["broken"]]


def _group_figure(
    problem: Problem, group: FormedGroup, broken: Sequence[BrokenFigure]
) -> GroupFigure:
    why, cost = why_together(problem, group), group_cost(problem, group)
    partners = _together_inside(problem, group)
    return GroupFigure(
        cost=cost.total,
        km=cost.km,
        furthest_km=why.furthest_km,
        ages=None if why.ages is None else [why.ages.low, why.ages.high],
        wishes_met=sum(len(member.wishes_met) for member in why.members),
        wishes=sum(len(member.wishes_met) + len(member.wishes_unmet) for member in why.members),
        shared_tags=_counted(member.shared_tags for member in why.members),
        members=[_member_figure(member, partners.get(member.parent, [])) for member in why.members],
        broken=list(broken),
    )


def _member_figure(why: MemberWhy, together: list[str]) -> MemberFigure:
    return MemberFigure(
        id=why.parent,
        km=round(why.km, 3),
        ages=list(why.children),
        wishes_met=[wish for wish, _ in why.wishes_met],
        wishes_unmet=list(why.wishes_unmet),
        tags=list(why.shared_tags),
        together=together,
    )


def _together_inside(problem: Problem, group: FormedGroup) -> dict[str, list[str]]:
    """Who of the group asked to be with whom of it."""
    parents, here = by_id(problem)[0], set(group.members)
    return {name: found for name in here if (found := sorted(parents[name].together & here))}


def _counted(tags: Iterable[Sequence[str]]) -> dict[str, int]:
    return dict(Counter(tag for row in tags for tag in row).most_common())
