"""The attack, carried out before anybody else can: how far can each small number be told?

The attacker has every release there ever was, knows the rules, the tables and how they hang
together, and solves the whole-number programme that follows. What counts as safe: a small count
that could still be 0, could still be the largest hidden one, and a small change that leaves as
many values open as the threshold has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from goround.domain.disclosure.facts import Facts
from goround.domain.disclosure.rules import Rules

WHOLE = 1e-6


class Audit:
    """Asked again and again while a release takes shape; keeps what was found on the way."""

    def __init__(
        self, facts: Facts, rules: Rules, *, after_each: Callable[[], None] = lambda: None
    ) -> None:
        """``after_each``: called whenever a programme was solved; it may raise to stop."""
        self._parts = [_Part(facts, part, rules, after_each) for part in _parts(facts)]
        self._part_of = {at: part for part in self._parts for at in part.column}

    def narrow(self, shown: Mapping[int, int], *, near: Iterable[int]) -> list[int]:
        """The protected numbers that these shown figures would tell too closely, in order.

        Looks at everything that hangs together with the numbers ``near``.
        """
        parts = {id(part): part for part in (self._part_of[at] for at in near)}
        return sorted(at for part in parts.values() for at in part.narrow(shown))


def _parts(facts: Facts) -> list[list[int]]:
    """The numbers in heaps that do not touch one another."""
    root = list(range(len(facts.numbers)))

    def top(at: int) -> int:
        while root[at] != at:
            root[at] = at = root[root[at]]
        return at

    for line, _equal in facts.lines():
        for at, _factor in line[1:]:
            root[top(at)] = top(line[0][0])
    heaps: dict[int, list[int]] = defaultdict(list)
    for at in range(len(root)):
        heaps[top(at)].append(at)
    return list(heaps.values())


class _Part:
    """One heap as a programme, solved again and again for different numbers.

    Every answer is a possible truth, and stays one for as long as it fits what is shown.
    """

    def __init__(
        self, facts: Facts, part: Sequence[int], rules: Rules, after_each: Callable[[], None]
    ) -> None:
        self.facts, self.part, self.rules, self.after_each = facts, part, rules, after_each
        self.column = {at: column for column, at in enumerate(part)}
        counts = np.array([facts.counts[at] for at in part], dtype=float)
        self.is_change = [facts.numbers[at].is_change for at in part]
        self.guarded = [c for at, c in self.column.items() if rules.is_small(facts.counts[at])]
        self.wanted_low, self.wanted_high = self._wanted(counts)
        self.free_low = np.where(self.is_change, -np.inf, 0.0)
        self.low, self.high = self.free_low, np.full(len(part), np.inf)
        # What is true is possible: the first of the witnesses.
        self.witnesses = [counts]
        self.least, self.most = counts, counts
        self._linear: Any = None
        self._whole: Any = None

    def narrow(self, shown: Mapping[int, int]) -> list[int]:
        told = {self.column[at]: number for at, number in shown.items() if at in self.column}
        if not told or not self.guarded:
            return []
        self._tell(told)
        self._sweep(1)
        self._sweep(-1)
        for column in self.guarded:
            self._push(column)
        return [self.part[column] for column in self.guarded if not self._is_open(column)]

    def _tell(self, told: Mapping[int, int]) -> None:
        self.low, self.high = self.free_low.copy(), np.full(len(self.part), np.inf)
        for column, number in told.items():
            self.low[column], self.high[column] = self.rules.told_by(number)
        for model in filter(None, (self._linear, self._whole)):
            _bound(model, self.low, self.high)
        seen = np.array(self.witnesses)
        fits = ((seen >= self.low) & (seen <= self.high)).all(axis=1)
        self.least, self.most = seen[fits].min(axis=0), seen[fits].max(axis=0)

    def _wanted(self, counts: Any) -> tuple[Any, Any]:
        """How far down and up each guarded number has to be able to go."""
        low, high = np.zeros(len(self.part)), np.full(len(self.part), self.rules.most_hidden)
        for column in self.column.values():
            if self.is_change[column]:
                low[column] = counts[column] - self.rules.most_hidden
                high[column] = counts[column] + self.rules.most_hidden
        return low, high.astype(float)

    def _is_open(self, column: int) -> bool:
        if self.is_change[column]:
            return bool(self.most[column] - self.least[column] >= self.rules.most_hidden)
        return bool(
            self.least[column] <= self.wanted_low[column]
            and self.most[column] >= self.wanted_high[column]
        )

    def _sweep(self, sign: int) -> None:
        """Push all guarded numbers the same way at once, as long as that shows anything new."""
        while True:
            reached = self.most if sign > 0 else self.least
            wanted = self.wanted_high if sign > 0 else self.wanted_low
            missing = [c for c in self.guarded if sign * (wanted[c] - reached[c]) > 0]
            if len(missing) < 2:
                return
            self._solve(missing, sign)
            if not any(sign * (wanted[c] - reached[c]) <= 0 for c in missing):
                return

    def _push(self, column: int) -> None:
        """One number by itself, down and up, as far as is wanted."""
        if not self._is_open(column) and self.most[column] < self.wanted_high[column]:
            self._solve([column], 1)
        if not self._is_open(column) and self.least[column] > self.wanted_low[column]:
            self._solve([column], -1)

    def _solve(self, columns: Sequence[int], sign: int) -> None:
        """Take note of one possible answer that is as far out as can be."""
        if self._linear is None:
            self._linear = self._programme(whole=False)
        answer = self._run(self._linear, columns, sign)
        if np.abs(answer - np.round(answer)).max() > WHOLE:
            if self._whole is None:
                self._whole = self._programme(whole=True)
            answer = self._run(self._whole, columns, sign)
        answer = np.round(answer)
        self.witnesses.append(answer)
        self.least, self.most = np.minimum(self.least, answer), np.maximum(self.most, answer)
        self.after_each()

    def _run(self, model: Any, columns: Sequence[int], sign: int) -> Any:
        for column in columns:
            model.changeColCost(column, -float(sign))
            low = max(self.low[column], self.wanted_low[column])
            high = min(self.high[column], self.wanted_high[column])
            model.changeColBounds(column, low, high)
        model.run()
        is_solved = self._is_optimal(model)
        answer = np.array(model.getSolution().col_value)
        for column in columns:
            model.changeColCost(column, 0.0)
            model.changeColBounds(column, self.low[column], self.high[column])
        if not is_solved:
            raise ArithmeticError(f"The audit of {len(self.part)} numbers came to no answer")
        return answer

    def _is_optimal(self, model: Any) -> bool:
        import highspy  # noqa: PLC0415 - large, and pages that release nothing go without it

        return bool(model.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def _programme(self, *, whole: bool) -> Any:
        import highspy  # noqa: PLC0415

        start, index, value, low, high = [0], [], [], [], []
        for line, is_equal in self.facts.lines():
            if line[0][0] in self.column:
                index += [self.column[at] for at, _factor in line]
                value += [float(factor) for _at, factor in line]
                start.append(len(index))
                low.append(0.0 if is_equal else -np.inf)
                high.append(0.0)
        programme = highspy.HighsLp()
        programme.num_col_, programme.num_row_ = len(self.part), len(low)
        programme.col_cost_ = np.zeros(len(self.part))
        programme.col_lower_, programme.col_upper_ = self.low, self.high
        programme.row_lower_, programme.row_upper_ = np.array(low), np.array(high)
        matrix = programme.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_ = np.array(start, dtype=np.int32)
        matrix.index_ = np.array(index, dtype=np.int32)
        matrix.value_ = np.array(value)
        if whole:
            programme.integrality_ = [highspy.HighsVarType.kInteger] * len(self.part)
        model: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        model.silent()
        model.setOptionValue("threads", 1)
        model.passModel(programme)
        return model


def _bound(model: Any, low: Any, high: Any) -> None:
    columns = np.arange(len(low), dtype=np.int32)
    model.changeColsBounds(len(low), columns, low, high)
