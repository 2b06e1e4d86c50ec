"""An attacker who has every release and time: how far can each hidden number be told?

Shares no code with ``goround.domain.disclosure``, on purpose. Works on plain tuples
``(measure, first month, months, unit, split, category)``, makes a number of its own for every
figure of every release, and is even told which figures were corrected in between. Bounds come
from linear programmes; where one of those ends on a fraction, from whole-number ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, kron

Figure = tuple[str, int, int, tuple[int, ...], str, str]


@dataclass(frozen=True)
class Issue:
    """One release: the truth of that day, which only the judge knows, and what was printed."""

    truth: Mapping[Figure, int]
    printed: Mapping[Figure, int]


@dataclass(frozen=True)
class Broken:
    """A protected number, or the change of one, of which too few values are left."""

    issue: int
    figure: Figure
    least: int
    most: int
    is_change: bool


class Attack:
    def __init__(
        self,
        ledger: Sequence[Issue],
        *,
        adding: set[str],
        within: Sequence[tuple[str, str]],
        inside: Mapping[str, str] | None = None,
        threshold: int = 10,
        base: int = 5,
    ) -> None:
        self.ledger, self.adding, self.within = ledger, adding, within
        # Categories that are part of another one.
        self.inside = inside or {}
        self.threshold, self.base = threshold, base
        self.truth: list[int] = []
        self.rows: list[dict[int, int]] = []
        self.least_rows: list[dict[int, int]] = []  # sums that are at most zero
        self.number: list[dict[Figure, int]] = []
        self.changes: list[tuple[int, Figure, int, int]] = []
        self.low: dict[int, int] = {}
        self.high: dict[int, int] = {}
        for issue in range(len(ledger)):
            self._number(issue)
            self._tie(self.number[issue])
            self._read(issue)

    # What is known

    def _number(self, issue: int) -> None:
        here: dict[Figure, int] = {}
        for figure, count in self.ledger[issue].truth.items():
            old = self.number[issue - 1].get(figure) if issue else None
            if old is not None and self.truth[old] == count:
                here[figure] = old
                continue
            here[figure] = len(self.truth)
            self.truth.append(count)
            if old is not None:
                self.changes.append((issue, figure, old, here[figure]))
        self.number.append(here)

    def _tie(self, here: dict[Figure, int]) -> None:
        wholes: dict[Any, list[int]] = defaultdict(list)
        for (measure, first, months, unit, split, category), at in here.items():
            if category:
                outer = self.inside.get(category)
                up = (split, outer) if outer else ("", "")
                wholes["parts", (measure, first, months, unit, *up), split].append(at)
            if unit and (len(unit) == 1 or measure in self.adding):
                up = (measure, first, months, unit[:-1], split, category)
                wholes["units", up, ""].append(at)
            if measure in self.adding and months == 1:
                for year in {f[1:3] for f in here if f[2] > 1}:
                    if year[0] <= first < year[0] + year[1]:
                        long = (measure, *year, unit, split, category)
                        wholes["months", long, ""].append(at)
            for small, large in self.within:
                other = (large, first, months, unit, split, category)
                if measure == small and other in here:
                    self.least_rows.append({at: 1, here[other]: -1})
        for (_kind, whole, _split), parts in wholes.items():
            if whole in here:
                self.rows.append({here[whole]: 1, **dict.fromkeys(parts, -1)})

    def _read(self, issue: int) -> None:
        for figure, number in self.ledger[issue].printed.items():
            could_be = [
                count
                for count in range(max(0, number - self.base), number + self.base + 1)
                if count >= self.threshold and int(count / self.base + 0.5) * self.base == number
            ]
            at = self.number[issue][figure]
            # A number printed again although it has changed since speaks of the old one.
            if self.truth[at] in could_be:
                self.low[at] = max(self.low.get(at, 0), could_be[0])
                self.high[at] = min(self.high.get(at, could_be[-1]), could_be[-1])

    # What follows

    def broken(self) -> list[Broken]:
        """Every protected number that could take fewer values than the threshold."""
        found = []
        for targets, members in self._heaps():
            bounds = self._bounds(targets, members)
            for (issue, figure, terms), (least, most) in zip(targets, bounds, strict=True):
                is_change = len(terms) > 1
                too_few = most - least + 1 < self.threshold
                if not is_change:
                    too_few |= least > 0 or most < self.threshold - 1
                if too_few:
                    found.append(Broken(issue, figure, least, most, is_change))
        return found

    def _targets(self) -> list[tuple[int, Figure, dict[int, int]]]:
        seen: set[int] = set()
        found: list[tuple[int, Figure, dict[int, int]]] = []
        for issue, here in enumerate(self.number):
            for figure, at in here.items():
                if at not in seen and self.truth[at] < self.threshold:
                    found.append((issue, figure, {at: 1}))
                seen.add(at)
        for issue, figure, old, new in self.changes:
            if abs(self.truth[new] - self.truth[old]) < self.threshold:
                found.append((issue, figure, {new: 1, old: -1}))
        return found

    def _heaps(self) -> list[tuple[list[Any], list[int]]]:
        """Targets with everything that bears on them, where anything was printed at all."""
        root = list(range(len(self.truth)))

        def find(at: int) -> int:
            while root[at] != at:
                root[at] = root[root[at]]
                at = root[at]
            return at

        links = [list(row) for row in self.rows + self.least_rows]
        links += [[old, new] for _issue, _figure, old, new in self.changes]
        for link in links:
            for at in link[1:]:
                root[find(at)] = find(link[0])
        members = defaultdict(list)
        for at in range(len(self.truth)):
            members[find(at)].append(at)
        targets = defaultdict(list)
        for target in self._targets():
            targets[find(next(iter(target[2])))].append(target)
        printed = {find(at) for at in self.low}
        return [(targets[heap], members[heap]) for heap in sorted(targets) if heap in printed]

    def _bounds(self, targets: list[Any], members: list[int]) -> list[tuple[int, int]]:
        """Least and most of each target, capped where it no longer matters: all in one go."""
        column = {at: number for number, at in enumerate(members)}
        equal = _matrix([row for row in self.rows if next(iter(row)) in column], column)
        at_most = _matrix([row for row in self.least_rows if next(iter(row)) in column], column)
        # Nobody has more than the truth and a thousand: keeps every programme bounded.
        top = 1_000 + max(self.truth[at] for at in members)
        low = np.array([self.low.get(at, 0) for at in members], float)
        high = np.array([self.high.get(at, top) for at in members], float)
        costs = np.zeros((2 * len(targets), len(members)))
        for number, (_issue, _figure, terms) in enumerate(targets):
            for at, sign in terms.items():
                costs[2 * number, column[at]] = sign
                costs[2 * number + 1, column[at]] = -sign
        ends = self._together(costs, equal, at_most, low, high)
        return [(ends[2 * n], -ends[2 * n + 1]) for n in range(len(targets))]

    def _together(self, costs: Any, equal: Any, at_most: Any, low: Any, high: Any) -> list[int]:
        copies = len(costs)
        eye = csr_array(np.eye(copies))
        solved = linprog(
            costs.ravel(),
            A_eq=kron(eye, equal, format="csr") if equal is not None else None,
            b_eq=np.zeros(copies * equal.shape[0]) if equal is not None else None,
            A_ub=kron(eye, at_most, format="csr") if at_most is not None else None,
            b_ub=np.zeros(copies * at_most.shape[0]) if at_most is not None else None,
            bounds=np.tile(np.column_stack([low, high]), (copies, 1)),
            method="highs",
        )
        assert solved.success, solved.message
        answers = solved.x.reshape(costs.shape)
        whole = np.abs(answers - np.round(answers)).max(axis=1) < 1e-6
        return [
            round(float(cost @ answer)) if is_whole else _whole(cost, equal, at_most, low, high)
            for cost, answer, is_whole in zip(costs, answers, whole, strict=True)
        ]


def _whole(cost: Any, equal: Any, at_most: Any, low: Any, high: Any) -> int:
    limits = []
    if equal is not None:
        limits.append(LinearConstraint(equal, 0, 0))
    if at_most is not None:
        limits.append(LinearConstraint(at_most, -np.inf, 0))
    solved = milp(cost, constraints=limits, bounds=Bounds(low, high), integrality=np.ones(len(low)))
    assert solved.success, solved.message
    return round(float(solved.fun))


def _matrix(rows: list[dict[int, int]], column: Mapping[int, int]) -> Any:
    if not rows:
        return None
    places = [
        (number, column[at], sign) for number, row in enumerate(rows) for at, sign in row.items()
    ]
    down, across, signs = zip(*places, strict=True)
    return csr_array((signs, (down, across)), shape=(len(rows), len(column)))


def by_trying(attack: Attack, targets: list[Any], *, most: int) -> list[tuple[int, int]]:
    """The same bounds by trying every assignment up to ``most``; for a handful of numbers."""
    ranges = [
        range(attack.low.get(at, 0), attack.high.get(at, most) + 1)
        for at in range(len(attack.truth))
    ]
    possible = [
        values
        for values in product(*ranges)
        if all(sum(values[at] * s for at, s in row.items()) == 0 for row in attack.rows)
        and all(sum(values[at] * s for at, s in row.items()) <= 0 for row in attack.least_rows)
    ]
    sums = [
        [sum(values[at] * s for at, s in terms.items()) for values in possible]
        for _issue, _figure, terms in targets
    ]
    return [(min(each), max(each)) for each in sums]
