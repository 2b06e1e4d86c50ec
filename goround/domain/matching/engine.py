"""One search on one arena: build, improve, hand back groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_
from typing import Any, Final, NamedTuple

import numpy as np

from goround.domain.matching.answer import FormedGroup, next_group_ids
from goround.domain.matching.compiled import is_warm, kernels
from goround.domain.matching.eligible import Ints
from goround.domain.matching.filling import Filled
from goround.domain.matching.layout import Layout
from goround.domain.matching.people import Person
from goround.domain.matching.problem import ANY_TYPE
from goround.domain.matching.tables import (
    COST,
    COUNT,
    F_WIDTH,
    G_HOUR,
    G_LEADER,
    G_LEADERS,
    G_UNIT,
    G_UNITS,
    G_WIDTH,
    H_WIDTH,
    MILLION,
    NO_TYPE_BIT,
    TOTAL,
    U_LOSS,
    U_SIZE,
    U_WIDTH,
    UNPLACED,
    Arena,
)

# The heat of the annealing: at first a parent more or less unplaced is often accepted, at
# the end hardly a kilometre. Found by trial on 414 and 4,000 parents.
HOT: Final = 0.2  # of the cost of an unplaced parent
COLD: Final = 0.5
BUILD_AT_ONCE: Final = 256
LONGEST_LIST: Final = 4_000_000


class Team(NamedTuple):
    """A group in numbers: places in the layout's hours, units and facilitators."""

    hour: int
    units: tuple[int, ...]
    leaders: tuple[int, ...]


@dataclass(slots=True)
class Engine:
    """Holds the arena and the best groups so far. Not for use by two threads.

    Begins with plain kernels if no compiled ones lie ready, and changes over once they do;
    the numbers are the same either way.
    """

    layout: Layout
    filled: Filled
    is_compiled: bool = False
    best_total: int = field(init=False)
    best_placed: int = field(init=False)
    arena: Any = field(init=False)
    _kept: tuple[Any, Any] = field(init=False)
    _everyone: int = field(init=False)

    def __post_init__(self) -> None:
        self.arena = self.filled.arena
        if not self.is_compiled and len(self.arena) < LONGEST_LIST:
            self.arena = self.arena.tolist()
        self._everyone = sum(len(unit) for unit in self.layout.units)
        self._keep()

    def change_over(self) -> None:
        """Go on with compiled kernels if they have become ready."""
        if not self.is_compiled and is_warm():
            self.arena = np.array(self.arena, np.int64)
            self.is_compiled = True

    def build(self, go_on: Callable[[], bool]) -> bool:
        """Construct from what is unplaced, hardest first; False when told to stop."""
        units, first = len(self.layout.units), self.filled.at.unit
        hours = np.diff(self.layout.unit_pairs.first)
        order = first + U_WIDTH * np.argsort(hours, kind="stable").astype(np.int64)
        done = 0
        while done < units:
            some = min(units, done + (BUILD_AT_ONCE if self.is_compiled else 16))
            kernels(compile=self.is_compiled).build(self.arena, order, done, some)
            done = some
            self.change_over()
            if not go_on():
                self.keep_if_better()
                return False
        self.keep_if_better()
        return True

    def improve(self, steps: int, begin: float, end: float) -> None:
        """That many moves, from one to another fraction of the way from hot to cold."""
        first = max(2 * COLD, HOT * self.layout.problem.policy.unplaced_weight)
        hot, cold = (first * (COLD / first) ** part * MILLION for part in (begin, end))
        kernels(compile=self.is_compiled).improve(self.arena, steps, hot, cold)
        self.keep_if_better()

    def keep_if_better(self) -> None:
        if self.arena[COST] < self.best_total:
            self._keep()

    def _keep(self) -> None:
        self._kept = self._now()
        if not isinstance(self.arena, list):
            self._kept = (self._kept[0].copy(), self._kept[1].copy())
        self.best_total = self.total
        self.best_placed = self.placed()

    def _now(self) -> tuple[Any, Any]:
        """The records of all groups, and the lists of who is in them."""
        at = self.filled.at
        spots = self.arena[at.spot : at.spot + at.spots * G_WIDTH]
        return spots, self.arena[at.people : at.end]

    @property
    def total(self) -> int:
        """What the groups there are now cost, with whoever is unplaced; millionths."""
        return int(self.arena[COST])

    def placed(self) -> int:
        """Parents in groups now, those of fixed groups left out."""
        t: Any = self.arena
        left = t[t[UNPLACED] : t[UNPLACED] + t[UNPLACED + COUNT]]
        if isinstance(left, list):
            return int(self._everyone - sum(t[unit + U_SIZE] for unit in left))
        return self._everyone - int(t[left + U_SIZE].sum())

    def load(self, teams: Sequence[Team]) -> None:
        """Open these groups, which are known to break no rule here."""
        at, flat = self.filled.at, list[int]()
        for team in teams:
            flat += (at.hour + H_WIDTH * team.hour, len(team.units))
            flat += (at.unit + U_WIDTH * unit for unit in team.units)
            flat += (len(team.leaders), *(at.leader + F_WIDTH * one for one in team.leaders))
        kernels(compile=self.is_compiled).seat(self.arena, np.array(flat, np.int64), len(flat))
        self._keep()

    def losses(self) -> Ints:
        """What leaving each unit unplaced feels like by now."""
        at, units = self.filled.at.unit, len(self.layout.units)
        felt: Ints = np.array(self.arena[at + U_LOSS : at + units * U_WIDTH : U_WIDTH], np.int64)
        return felt

    def press(self, losses: Ints) -> None:
        """Begin with these losses, from an earlier engine; nobody may be placed yet."""
        at, units = self.filled.at.unit, len(self.layout.units)
        more = int(losses.sum() - self.losses().sum())
        self.arena[at + U_LOSS : at + units * U_WIDTH : U_WIDTH] = losses
        self.arena[TOTAL] += more

    def teams(self) -> tuple[Team, ...]:
        """The groups there are now."""
        return self._teams(*self._now())

    def best_teams(self) -> tuple[Team, ...]:
        """The groups of the best answer so far."""
        return self._teams(*self._kept)

    def _teams(self, spots: Any, people: Any) -> tuple[Team, ...]:
        at = self.filled.at
        spots = np.array(spots, np.int64).reshape(-1, G_WIDTH)
        people = np.array(people, np.int64)
        found = []
        for spot in spots[spots[:, G_HOUR] >= 0]:
            units, leaders = spot[G_UNIT] - at.people, spot[G_LEADER] - at.people
            found.append(
                Team(
                    int(spot[G_HOUR] - at.hour) // H_WIDTH,
                    _numbers(people[units : units + spot[G_UNITS]], at.unit, U_WIDTH),
                    _numbers(people[leaders : leaders + spot[G_LEADERS]], at.leader, F_WIDTH),
                )
            )
        return tuple(found)


def _numbers(addresses: Arena, first: int, width: int) -> tuple[int, ...]:
    return tuple(((addresses - first) // width).tolist())


def formed(
    layout: Layout, teams: Sequence[Team], old: Sequence[FormedGroup] = ()
) -> tuple[FormedGroup, ...]:
    """The teams as groups, by hour; one that goes on keeps the id it had in ``old``."""
    groups = [_formed(layout, team) for team in teams]
    groups.sort(key=lambda group: (group.venue, group.slot, group.members))
    return _named(groups, old, layout.fixed)


def _formed(layout: Layout, team: Team) -> FormedGroup:
    problem = layout.problem
    members = [problem.parents[place] for unit in team.units for place in layout.units[unit]]
    leaders = [problem.facilitators[place] for place in team.leaders]
    people: list[Person] = [*members, *leaders]
    language = reduce(and_, (layout.languages.mask(person.languages) for person in people))
    kind = reduce(and_, (layout.type_mask(person.interests) for person in people))
    return FormedGroup(
        id="",
        venue=problem.venues[layout.hours.venue[team.hour]].id,
        slot=layout.hours.span(team.hour),
        language=layout.languages.first(language),
        type=ANY_TYPE if kind & NO_TYPE_BIT else layout.types.first(kind),
        facilitators=tuple(sorted(leader.id for leader in leaders)),
        members=tuple(sorted(member.id for member in members)),
    )


def _named(
    groups: Sequence[FormedGroup], old: Sequence[FormedGroup], fixed: Sequence[FormedGroup]
) -> tuple[FormedGroup, ...]:
    """Give ids: that of an old group at the same hour with most of the same members."""
    home = {member: group for group in old for member in group.members}
    shared: dict[tuple[int, str], int] = {}
    for number, group in enumerate(groups):
        for member in group.members:
            was = home.get(member)
            if was is not None and (was.venue, was.slot) == (group.venue, group.slot):
                shared[number, was.id] = shared.get((number, was.id), 0) + 1
    names: dict[int, str] = {}
    taken = {group.id for group in fixed}
    for number, name in sorted(shared, key=lambda key: (-shared[key], key)):
        if number not in names and name not in taken:
            names[number] = name
            taken.add(name)
    fresh = iter(next_group_ids(taken, len(groups) - len(names)))
    return tuple(
        replace(group, id=names[number] if number in names else next(fresh))
        for number, group in enumerate(groups)
    )
