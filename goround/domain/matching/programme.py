"""Which of the candidates to take: a whole-number programme, tightened and solved by HiGHS."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Final

import numpy as np

from goround.domain.matching.candidates import NOBODY, Candidates
from goround.domain.matching.eligible import Ints
from goround.domain.matching.engine import Team
from goround.domain.matching.layout import Layout, pairs_apart
from goround.domain.matching.relaxing import cliques, losses

SAME: Final = 1e-6
FAR: Final = 1e-4
ROUNDS_OF_CUTS: Final = 20
CUTS_AT_ONCE: Final = 60
LEAST_CUT: Final = 0.02
LEAST_RISE: Final = 0.002


@dataclass(frozen=True, slots=True)
class Solved:
    """``value`` is what units cost, in groups (``cost``) or unplaced; ``bound`` the least."""

    value: float
    bound: float
    cost: float
    proven: bool
    teams: tuple[Team, ...]


@dataclass(slots=True)
class _Rows:
    """Rows of the programme by name, and the columns' entries in them."""

    number: dict[tuple[Any, ...], int] = field(default_factory=dict)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)

    def __call__(self, name: tuple[Any, ...], upper: float, lower: float = -np.inf) -> int:
        if name not in self.number:
            self.number[name] = len(self.lower)
            self.lower.append(lower)
            self.upper.append(upper)
        return self.number[name]


class Programme:
    """Which groups to take, and who leads them."""

    def __init__(self, layout: Layout, found: Candidates) -> None:
        self.layout, self.found = layout, found
        self.rows, self.entries = _Rows(), list[dict[int, float]]()
        self.loss = losses(layout)
        self.worth = found.cost - np.append(self.loss, 0.0)[found.member].sum(axis=1)
        self.duties: list[tuple[int, int]] = []
        rooms, apart = self._rooms(), self._apart()
        for column in range(len(found)):
            self.entries.append(self._entries(column, rooms, apart))
        self.inside = np.zeros((len(found), len(layout.units) + 1), np.int8)
        self.inside[np.arange(len(found))[:, None], found.member] = 1
        self.inside = self.inside[:, :-1]
        self._whole_sizes()
        if layout.problem.policy.facilitators:
            self._lead()

    def _whole_sizes(self) -> None:
        """So many parents make no more than so many groups of each size or more."""
        policy, sizes = self.layout.problem.policy, [len(unit) for unit in self.layout.units]
        seats = self.inside @ np.array(sizes, np.int64)
        everybody = int(np.array(sizes)[self.inside.any(axis=0)].sum())
        for size in range(max(2, policy.size_min), policy.size_max + 1):
            row = self.rows(("size", size), float(everybody // size))
            for column, held in enumerate((seats // size).tolist()):
                if held:
                    self.entries[column][row] = float(held)

    def _rooms(self) -> dict[int, list[int]]:
        """For each hour, its rows."""
        hours, venues = self.layout.hours, self.layout.problem.venues
        used = set(self.found.hour.tolist())
        rows: dict[int, list[int]] = defaultdict(list)
        for venue in {int(hours.venue[hour]) for hour in used}:
            mine = [hour for hour in used if hours.venue[hour] == venue]
            for some in cliques({hour: hours.span(hour) for hour in mine}):
                row = self.rows(("room", some), float(venues[venue].rooms))
                for hour in some:
                    rows[hour].append(row)
        return rows

    def _apart(self) -> dict[tuple[int, int, int], list[int]]:
        """For a unit, venue and day: rows shared with whom may not be there then."""
        hours = self.layout.hours
        places = {
            (int(hours.venue[hour]), hours.span(hour).day) for hour in set(self.found.hour.tolist())
        }
        rows: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        for pair in pairs_apart(self.layout):
            for place in sorted(places):
                row = self.rows(("apart", pair, place), 1.0)
                for unit in pair:
                    rows[unit, *place].append(row)
        return rows

    def _entries(
        self,
        column: int,
        rooms: dict[int, list[int]],
        apart: dict[tuple[int, int, int], list[int]],
    ) -> dict[int, float]:
        found, hours = self.found, self.layout.hours
        hour = int(found.hour[column])
        place = int(hours.venue[hour]), hours.span(hour).day
        rows = list(rooms[hour])
        for unit in found.member[column].tolist():
            if unit != NOBODY:
                rows.append(self.rows(("unit", unit), 1.0))
                rows += apart.get((unit, *place), ())
        if self.layout.problem.policy.facilitators:
            rows.append(self.rows(("crew", int(found.crew[column])), 0.0, 0.0))
        return dict.fromkeys(rows, 1.0)

    def _lead(self) -> None:
        """Each crew's groups need so many of its facilitators."""
        people, hours = self.layout.problem.facilitators, self.layout.hours
        want, used = self.layout.problem.policy.facilitators, set(self.found.crew.tolist())
        moments: dict[int, set[int]] = defaultdict(set)
        for number in used:
            hour, crew = self.found.crews[number]
            for person in crew:
                moments[person].add(int(hours.slot[hour]))
        at_once = {
            person: cliques({slot: hours.spans[slot] for slot in slots})
            for person, slots in moments.items()
        }
        for number in sorted(used):
            hour, crew = self.found.crews[number]
            slot = int(hours.slot[hour])
            for person in crew:
                entries = {self.rows(("crew", number), 0.0, 0.0): -1.0 / want}
                entries[self.rows(("groups", person), float(people[person].groups))] = 1.0
                for some in at_once[person]:
                    if slot in some:
                        entries[self.rows(("moment", person, some), 1.0)] = 1.0
                self.duties.append((number, person))
                self.entries.append(entries)

    def solve(self, upper: float, seconds: float, nodes: int | None) -> Solved:
        """The best choice, if it costs at most ``upper``."""
        unplaced = float(self.loss.sum())
        if not len(self.found):
            return Solved(unplaced, unplaced, 0.0, proven=True, teams=())
        import highspy  # noqa: PLC0415 - not needed to form groups

        model: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        _set(model, seconds, nodes)
        model.passModel(self._model(highspy))
        kept = self._tighten(model, upper - unplaced)
        places = np.arange(len(kept), dtype=np.int32)
        model.changeColsIntegrality(
            len(kept), places, np.full(len(kept), highspy.HighsVarType.kInteger)
        )
        model.run()
        info = model.getInfo()
        bound = float(info.mip_dual_bound)
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return Solved(np.inf, unplaced + bound, 0.0, proven=False, teams=())
        taken = np.zeros(len(self.entries))
        taken[kept] = np.round(np.array(model.getSolution().col_value, float))
        proven = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        count = len(self.found)
        chosen = np.flatnonzero(taken[:count] > 0)
        value = unplaced + float(self.worth[chosen].sum())
        return Solved(
            value=value,
            bound=value if proven else unplaced + bound,
            cost=float(self.found.cost[chosen].sum()),
            proven=proven,
            teams=self._teams(chosen.tolist(), taken[count:]) if proven else (),
        )

    def _tighten(self, model: Any, most: float) -> Ints:
        """Add what whole groups keep and parts of groups break, round by round; then drop
        columns that are part of nothing that costs at most ``most``. Gives those that stay.
        """
        kept, before = np.arange(len(self.entries)), -np.inf
        for _ in range(ROUNDS_OF_CUTS):
            if not _is_solved(model):
                break
            value = model.getInfo().objective_function_value
            kept = self._drop(model, kept, most - value)
            if value >= most - SAME or value - before < LEAST_RISE * max(1.0, most - value):
                break
            before = value
            if not (_is_solved(model) and self._cut_off(model, kept)):
                break
        return kept

    def _drop(self, model: Any, kept: Ints, gap: float) -> Ints:
        """Without the groups whose reduced cost is more than the gap; what they were not
        part of stays solved.
        """
        reduced = np.array(model.getSolution().col_dual)
        far = np.flatnonzero((reduced > max(0.0, gap) + FAR) & (kept < len(self.found)))
        if len(far):
            model.deleteCols(len(far), far.astype(np.int32))
        return np.delete(kept, far)

    def _cut_off(self, model: Any, kept: Ints) -> bool:
        """Of three units at most one group can hold two. False when that is kept."""
        groups = kept[kept < len(self.found)]
        values = np.array(model.getSolution().col_value)[: len(groups)]
        used = np.flatnonzero(values > SAME)
        all_inside = self.inside[groups]
        inside = all_inside[used]
        units = np.flatnonzero(inside.any(axis=0))
        three = units[np.array(list(combinations(range(len(units)), 3)), int).reshape(-1, 3)]
        two = inside[:, three[:, 0]] + inside[:, three[:, 1]] + inside[:, three[:, 2]] >= 2
        over = values[used] @ two - 1.0
        worst = np.argsort(-over, kind="stable")[:CUTS_AT_ONCE]
        worst = worst[over[worst] > LEAST_CUT]
        for triple in three[worst]:
            columns = np.flatnonzero(all_inside[:, triple].sum(axis=1) >= 2).astype(np.int32)
            model.addRow(-np.inf, 1.0, len(columns), columns, np.ones(len(columns)))
        return bool(len(worst))

    def _model(self, highspy: Any) -> Any:
        columns, rest = len(self.entries), len(self.duties)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = columns, len(self.rows.lower)
        model.col_cost_ = np.concatenate([self.worth, np.zeros(rest)])
        model.col_lower_, model.col_upper_ = np.zeros(columns), np.ones(columns)
        model.row_lower_ = np.array(self.rows.lower)
        model.row_upper_ = np.array(self.rows.upper)
        matrix = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kColwise
        matrix.start_ = np.array([0, *np.cumsum([len(one) for one in self.entries])], np.int32)
        matrix.index_ = np.array([row for one in self.entries for row in one], np.int32)
        matrix.value_ = np.array([value for one in self.entries for value in one.values()], float)
        return model

    def _teams(self, chosen: Iterable[int], leads: Any) -> tuple[Team, ...]:
        crew: dict[int, list[int]] = defaultdict(list)
        for (number, person), led in zip(self.duties, leads.tolist(), strict=True):
            if led > 0:
                crew[number].append(person)
        want, teams = self.layout.problem.policy.facilitators, []
        for column in chosen:
            units = [unit for unit in self.found.member[column].tolist() if unit != NOBODY]
            mine = crew[int(self.found.crew[column])]
            leaders = [mine.pop() for _ in range(want)]
            teams.append(Team(int(self.found.hour[column]), tuple(units), tuple(sorted(leaders))))
        return tuple(teams)


def _is_solved(model: Any) -> bool:
    """Solve the relaxation; False when time ran out, and nothing it says may be believed."""
    model.run()
    return bool(model.getModelStatus() == model.getModelStatus().kOptimal)


def _set(model: Any, seconds: float, nodes: int | None) -> None:
    options: dict[str, Any] = {
        "output_flag": False,
        "threads": 1,
        "random_seed": 1,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": SAME,
        "time_limit": seconds if nodes is None else float("inf"),
    }
    if nodes is not None:
        options["mip_max_nodes"] = nodes
    for name, value in options.items():
        model.setOptionValue(name, value)
