"""The cost of groups, written as plainly as ``formation.md`` states it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.fits import km_to
from goround.domain.matching.problem import Parent, Policy, Problem, SameProblem, Venue


@dataclass(frozen=True, slots=True)
class GroupCost:
    """What one group adds to the cost. ``km`` is summed over its members."""

    km: float
    window_years: float
    unmet_wishes: int
    total: float


@dataclass(frozen=True, slots=True)
class Ages:
    """An interval of years that holds a child of every member who listed any."""

    low: float
    high: float

    @property
    def years(self) -> float:
        return self.high - self.low


def age_window(children: Iterable[Sequence[float]]) -> Ages | None:
    """The narrowest such interval, the youngest one when several are as narrow.

    None when nobody listed a child.

    >>> age_window([(1.0, 8.0), (2.0,), (7.0, 3.0)])
    Ages(low=1.0, high=3.0)
    """
    lists = [ages for ages in children if ages]
    points = sorted((age, owner) for owner, ages in enumerate(lists) for age in ages)
    best, inside, first = None, Counter[int](), 0
    for high, owner in points:
        inside[owner] += 1
        while len(inside) == len(lists):
            low, leaving = points[first]
            if best is None or high - low < best.years:
                best = Ages(low, high)
            inside[leaving] -= 1
            if inside[leaving] == 0:
                del inside[leaving]
            first += 1
    return best


def unmet_wishes(members: Sequence[Parent]) -> int:
    """Wishes that no other member's tags meet."""
    carried = Counter(tag for member in members for tag in member.tags)
    return sum(
        carried[wish] - (wish in member.tags) == 0 for member in members for wish in member.wishes
    )


def cost_of(members: Sequence[Parent], venue: Venue, policy: Policy) -> GroupCost:
    """What these members would cost at this venue."""
    km = sum(km_to(member, venue) for member in members)
    ages = age_window(member.children for member in members)
    years = 0.0 if ages is None else ages.years
    unmet = unmet_wishes(members)
    total = (
        policy.km_weight * km
        + policy.window_weight * len(members) * years
        + policy.wish_weight * unmet
    )
    return GroupCost(km, years, unmet, total)


def group_cost(problem: Problem, group: FormedGroup) -> GroupCost:
    parents, venues = by_id(problem)
    members = [parents[member] for member in group.members]
    return cost_of(members, venues[group.venue], problem.policy)


def answer_cost(problem: Problem, groups: Iterable[FormedGroup]) -> float:
    """Cost of all groups and of everybody who is in none."""
    groups = list(groups)
    placed = {member for group in groups for member in group.members}
    left = sum(parent.priority for parent in problem.parents if parent.id not in placed)
    total = sum(group_cost(problem, group).total for group in groups)
    return total + problem.policy.unplaced_weight * left


def by_id(problem: Problem) -> tuple[dict[str, Parent], dict[str, Venue]]:
    """Parents and venues by id, remembered for the problems seen last."""
    return _by_id(SameProblem(problem))


@lru_cache(maxsize=2)
def _by_id(same: SameProblem) -> tuple[dict[str, Parent], dict[str, Venue]]:
    problem = same.problem
    return {row.id: row for row in problem.parents}, {row.id: row for row in problem.venues}
