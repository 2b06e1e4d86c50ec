"""The best possible answer to a small case, and the proof that there is no better one.

All groups that could meet are listed (``columns``); which of them to take is a set packing
with facilitators, solved to the end by HiGHS. Its relaxation says first which groups cannot
be part of anything better than what is known already. Shares no code with the search.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any, Final

import highspy
import numpy as np

from bench.columns import MOST_TEAMS, NOBODY, Columns, Floats, Ints, columns, leaders_at
from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.people import apart_from
from goround.domain.matching.problem import ANY_TYPE, Problem, Span

ROUNDING: Final = 1e-6
AT_FIRST: Final = 400
MORE: Final = 1_500
ROUNDS_OF_CUTS: Final = 12
CUTS_AT_ONCE: Final = 40
LEAST_CUT: Final = 0.02
SHORT_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Optimum:
    """The least cost of any answer, and groups that cost as much.

    ``relaxed`` is what parts of groups would cost, with the cuts that the proof needed.
    """

    cost: float
    groups: tuple[FormedGroup, ...]
    relaxed: float
    columns: int


class NotProven(Exception):
    """Time ran out before the best answer was proven."""


def optimum(problem: Problem, *, seconds: float = 60.0, most: int = MOST_TEAMS) -> Optimum:
    """The proven best; raises ``TooMany`` or ``NotProven`` where that takes too long.

    ``seconds`` are for each of the last searches; listing and relaxing come on top.
    """
    found = columns(problem, most=most)
    master = _Master(problem, found)
    worth = found.cost - master.losses[found.member].sum(axis=1)
    some = np.sort(np.argsort(worth, kind="stable")[:AT_FIRST])
    for _ in range(ROUNDS_OF_CUTS):
        some, relaxed = _priced(master, some)
        left, best = _settled(master, some, relaxed, SHORT_S)
        if best.proven or not master.cut_off(some, relaxed.values):
            break
    if not best.proven:
        some, relaxed = _priced(master, some)
        left, best = _settled(master, some, relaxed, seconds)
    if not best.proven:
        raise NotProven(f"{len(found)} groups, {len(left)} of them left")
    return Optimum(best.cost, _groups(master, left, best.values), relaxed.cost, len(found))


def _settled(master: _Master, some: Ints, relaxed: _Solved, seconds: float) -> tuple[Ints, _Solved]:
    """Look for the best of all columns; those that cannot be part of it are left out.

    A column is part of nothing better than a known answer if its reduced cost is more than
    what lies between that answer and the relaxation.
    """
    start = master.solve(some, whole=True, seconds=seconds)
    gap = start.cost - relaxed.cost + ROUNDING
    left = np.flatnonzero(master.reduced(relaxed.duals) <= gap)
    if start.proven and not len(np.setdiff1d(left, some)):
        return some, start
    return left, master.solve(left, whole=True, seconds=seconds)


def _priced(master: _Master, some: Ints) -> tuple[Ints, _Solved]:
    """Ask for more columns until none that is missing would help the relaxation."""
    while True:
        solved = master.solve(some, whole=False)
        reduced = master.reduced(solved.duals)
        new = np.flatnonzero(reduced < -ROUNDING)
        new = new[np.argsort(reduced[new], kind="stable")[:MORE]]
        if not len(np.setdiff1d(new, some)):
            return some, solved
        some = np.union1d(some, new)


@dataclass(slots=True)
class _Rows:
    """Rows of a model, by name, each at most (or exactly) so much."""

    number: dict[tuple[Any, ...], int] = field(default_factory=dict)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)

    def __call__(self, name: tuple[Any, ...], *, upper: float, lower: float = -np.inf) -> int:
        if name not in self.number:
            self.number[name] = len(self.lower)
            self.lower.append(lower)
            self.upper.append(upper)
        return self.number[name]


@dataclass(frozen=True, slots=True)
class _Solved:
    cost: float
    values: Floats
    duals: Floats
    proven: bool


class _Master:
    """Which groups to take: rows for parents, rooms, those kept apart, and facilitators."""

    def __init__(self, problem: Problem, found: Columns) -> None:
        self.problem, self.columns = problem, found
        self.rows = _Rows()
        self.losses = np.array(
            [*(problem.policy.unplaced_weight * row.priority for row in problem.parents), 0.0]
        )
        self._parents = [self.rows(("parent", p), upper=1.0) for p in range(len(problem.parents))]
        self._rooms = self._room_rows()
        self._apart = self._apart_rows()
        self._kinds: dict[tuple[int, int], int] = {}
        self.extra: list[tuple[dict[int, float], float]] = []
        self.named: list[tuple[Any, ...]] = []
        self._inside = np.zeros((len(found), len(problem.parents) + 1), np.int8)
        for place in range(found.member.shape[1]):
            self._inside[np.arange(len(found)), found.member[:, place]] = 1
        self._cuts: dict[int, tuple[Ints, int]] = {}
        self._cuts_of: dict[int, list[int]] = defaultdict(list)
        self._cut(np.arange(len(problem.parents)), problem.policy.size_max)
        if problem.policy.facilitators:
            self._lead()

    def _cut(self, parents: Ints, part: int) -> None:
        """At most a ``part``-th of them, rounded down, can be the size of groups counted so."""
        row = self.rows(("cut", *parents.tolist(), part), upper=float(len(parents) // part))
        self._cuts[row] = (parents, part)
        for parent in parents.tolist():
            self._cuts_of[parent].append(row)

    def cut_off(self, some: Ints, values: Floats) -> bool:
        """Add what whole groups keep and these parts of groups break: of three parents, at
        most one group can hold two. False when nothing of that kind is broken.
        """
        used = np.flatnonzero(values[: len(some)] > ROUNDING)
        inside = self._inside[some[used]]
        three = np.array(list(combinations(range(len(self.problem.parents)), 3)), int)
        if not len(three) or not len(used):
            return False
        two = inside[:, three[:, 0]] + inside[:, three[:, 1]] + inside[:, three[:, 2]] >= 2
        over = values[used] @ two - 1.0
        worst = np.argsort(-over, kind="stable")[:CUTS_AT_ONCE]
        worst = worst[over[worst] > LEAST_CUT]
        for triple in three[worst]:
            self._cut(triple, 2)
        return bool(len(worst))

    def _room_rows(self) -> list[list[int]]:
        """For each hour, the rows of the starts at which it holds a room."""
        hours = self.columns.hours
        found: list[list[int]] = [[] for _ in hours]
        for hour in hours:
            now = Span(hour.slot.day, hour.slot.start, hour.slot.start + 1)
            row = self.rows(("room", hour.venue.id, now), upper=float(hour.venue.rooms))
            for place, other in enumerate(hours):
                if other.venue.id == hour.venue.id and other.slot.overlaps(now):
                    found[place].append(row)
        return [sorted(set(rows)) for rows in found]

    def _apart_rows(self) -> dict[tuple[int, str, int], list[int]]:
        """For a parent, venue and day: one row for each who may not be there then."""
        number = {row.id: place for place, row in enumerate(self.problem.parents)}
        places = {(hour.venue.id, hour.slot.day) for hour in self.columns.hours}
        found: dict[tuple[int, str, int], list[int]] = defaultdict(list)
        for one, others in apart_from(self.problem).items():
            for other in others:
                pair = tuple(sorted((number[one], number[other])))
                for venue, day in sorted(places):
                    row = self.rows(("apart", pair, venue, day), upper=1.0)
                    found[number[one], venue, day].append(row)
        return found

    def _lead(self) -> None:
        """Groups of each kind at each hour, and who leads them, as whole numbers."""
        found, wanted = self.columns, self.problem.policy.facilitators
        for hour, kinds in np.unique(np.stack([found.hour, found.kinds], 1), axis=0).tolist():
            row = self.rows(("kind", hour, kinds), lower=0.0, upper=0.0)
            self._kinds[hour, kinds] = row
            for pair in found.sets[kinds]:
                lead = self.rows(("lead", hour, *pair), lower=0.0, upper=0.0)
                entries = {row: -1.0, lead: float(wanted)}
                self._variable(("groups", hour, kinds, *pair), entries, np.inf)
        for name in [name for name in self.rows.number if name[0] == "lead"]:
            _, hour, language, kind = name
            at = found.hours[hour]
            for person in leaders_at(self.problem, at, language, kind):
                entries = {self.rows.number[name]: -1.0}
                entries |= dict.fromkeys(self._leader_rows(person, at.slot), 1.0)
                self._variable(("leads", hour, language, kind, person), entries, 1.0)

    def _leader_rows(self, person: int, slot: Span) -> Iterator[int]:
        most = float(self.problem.facilitators[person].groups)
        yield self.rows(("groups led", person), upper=most)
        for hour in self.columns.hours:
            now = Span(hour.slot.day, hour.slot.start, hour.slot.start + 1)
            if slot.overlaps(now):
                yield self.rows(("at once", person, now), upper=1.0)

    def _variable(self, name: tuple[Any, ...], entries: dict[int, float], upper: float) -> None:
        self.named.append(name)
        self.extra.append((entries, upper))

    def entries(self, column: int) -> dict[int, float]:
        found = self.columns
        hour = int(found.hour[column])
        at = found.hours[hour]
        rows = list(self._rooms[hour])
        for parent in found.member[column].tolist():
            if parent != NOBODY:
                rows.append(self._parents[parent])
                rows += self._apart.get((parent, at.venue.id, at.slot.day), ())
        if self._kinds:
            rows.append(self._kinds[hour, int(found.kinds[column])])
        counted: dict[int, int] = defaultdict(int)
        for parent in found.member[column].tolist():
            for row in self._cuts_of[parent]:
                counted[row] += 1
        cut = {row: float(count // self._cuts[row][1]) for row, count in counted.items()}
        return dict.fromkeys(rows, 1.0) | {row: value for row, value in cut.items() if value}

    def reduced(self, duals: Floats) -> Floats:
        """Every column's cost less what its rows are worth."""
        found, people = self.columns, len(self.problem.parents)
        value = found.cost - self.losses[found.member].sum(axis=1)
        for place, at in enumerate(found.hours):
            here = np.flatnonzero(found.hour == place)
            price = np.zeros(people + 1)
            for parent in range(people):
                apart = self._apart.get((parent, at.venue.id, at.slot.day), ())
                price[parent] = duals[[self._parents[parent], *apart]].sum()
            value[here] -= price[found.member[here]].sum(axis=1) + duals[self._rooms[place]].sum()
        for row, (parents, part) in self._cuts.items():
            if duals[row]:
                value -= duals[row] * (self._inside[:, parents].sum(axis=1) // part)
        if self._kinds:
            pairs = np.stack([found.hour, found.kinds], 1)
            names, back = np.unique(pairs, axis=0, return_inverse=True)
            rows = [self._kinds[hour, kinds] for hour, kinds in names.tolist()]
            value -= duals[rows][back.reshape(-1)]
        return value

    def solve(self, some: Ints, *, whole: bool, seconds: float = 600.0) -> _Solved:
        """With only these columns; ``whole`` takes each of them or leaves it."""
        found, total = self.columns, float(self.losses.sum())
        worth = found.cost[some] - self.losses[found.member[some]].sum(axis=1)
        cost = [*worth.tolist(), *(0.0 for _ in self.extra)]
        upper = [*(1.0 for _ in some), *(most for _, most in self.extra)]
        entries = [
            *(self.entries(column) for column in some.tolist()),
            *(rows for rows, _ in self.extra),
        ]
        if not cost:
            return _Solved(total, np.zeros(0), np.zeros(len(self.rows.lower)), proven=True)
        model = _model(cost, upper, entries, self.rows, whole=whole)
        model.setOptionValue("time_limit", seconds)
        model.run()
        status, info, solution = model.getModelStatus(), model.getInfo(), model.getSolution()
        value = info.objective_function_value
        return _Solved(
            total + (value if np.isfinite(value) else 0.0),
            np.array(solution.col_value),
            np.array(solution.row_dual),
            proven=status == highspy.HighsModelStatus.kOptimal,
        )


def _model(
    cost: list[float],
    upper: list[float],
    entries: list[dict[int, float]],
    rows: _Rows,
    *,
    whole: bool,
) -> Any:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), len(rows.lower)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = (
        np.array(cost),
        np.zeros(len(cost)),
        np.array(upper),
    )
    lp.row_lower_, lp.row_upper_ = np.array(rows.lower), np.array(rows.upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.array([0, *np.cumsum([len(row) for row in entries])], np.int32)
    lp.a_matrix_.index_ = np.array([row for one in entries for row in one], np.int32)
    lp.a_matrix_.value_ = np.array([value for one in entries for value in one.values()], float)
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
    model = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", ROUNDING),
    ):
        model.setOptionValue(option, value)
    model.passModel(lp)
    return model


def _groups(master: _Master, some: Ints, values: Floats) -> tuple[FormedGroup, ...]:
    """The columns taken as groups, each with a language, a type and facilitators."""
    found, wanted = master.columns, master.problem.policy.facilitators
    taken = np.round(values).astype(int)
    kinds, leaders = _spare(master, taken[len(some) :])
    groups = []
    for column in some[taken[: len(some)] > 0].tolist():
        hour, sets = int(found.hour[column]), int(found.kinds[column])
        kind = kinds[hour, sets].pop() if wanted else found.sets[sets][0]
        led = [leaders[hour, *kind].pop() for _ in range(wanted)]
        members = [place for place in found.member[column].tolist() if place != NOBODY]
        group = _formed(master.problem, kind, members, led)
        at = found.hours[hour]
        groups.append(replace(group, id=f"best{len(groups)}", venue=at.venue.id, slot=at.slot))
    return tuple(groups)


def _spare(master: _Master, taken: Ints) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """Kinds of groups by hour and set, and facilitators by hour and kind, to hand out."""
    kinds: dict[Any, list[Any]] = defaultdict(list)
    leaders: dict[Any, list[int]] = defaultdict(list)
    for name, times in zip(master.named, taken.tolist(), strict=True):
        if name[0] == "groups":
            kinds[name[1], name[2]] += [name[3:]] * times
        elif times:
            leaders[name[1], name[2], name[3]].append(name[4])
    return kinds, leaders


def _formed(
    problem: Problem, kind: tuple[str, str], members: Iterable[int], leaders: Iterable[int]
) -> FormedGroup:
    """A group of these people, its place still to be said."""
    parents = [problem.parents[place] for place in members]
    led = [problem.facilitators[place] for place in leaders]
    stated = any(person.interests for person in (*parents, *led))
    return FormedGroup(
        "",
        "",
        Span(0, 0, 1),
        kind[0],
        kind[1] if stated else ANY_TYPE,
        tuple(sorted(person.id for person in led)),
        tuple(sorted(person.id for person in parents)),
    )
