"""From a candidate to a release: hide what is small, then whatever else would give it away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from goround.domain.disclosure.audit import Audit
from goround.domain.disclosure.cells import Cell
from goround.domain.disclosure.facts import Facts
from goround.domain.disclosure.rules import Rules


class Because(StrEnum):
    """Why a figure is not shown as it now is."""

    SMALL = "small"  # below the threshold, zero among it
    STANDS = "stands"  # it changed by so few that the figure shown before stands
    SHIELDS = "shields"  # with it, another hidden figure could be worked out


@dataclass(frozen=True, slots=True)
class Shown:
    """What is said of one cell: a rounded number, or None and why not."""

    number: int | None
    because: Because | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    shown: Mapping[Cell, Shown]

    @property
    def is_empty(self) -> bool:
        return all(each.number is None for each in self.shown.values())


@dataclass(slots=True)
class Progress:
    """How far a decision has come. In the last stretch it is known how much is left."""

    solved: int = 0  # questions that an attacker could ask, answered
    hidden: int = 0
    tried: int = 0  # figures tried again at the end,
    to_try: int = 0  # of so many


Watch = Callable[[Progress], None]


class NotReleasable(Exception):
    """Even with everything hidden an earlier release tells too much about ``cell``."""

    def __init__(self, cell: Cell) -> None:
        super().__init__(f"{cell} could be worked out from what was released before")
        self.cell = cell


def decide(
    facts: Facts, rules: Rules, *, audited: bool = True, watch: Watch = lambda progress: None
) -> Decision:
    """What a release may say of each cell asked for. The same facts give the same decision.

    Hides as little as a simple rule finds: whenever a protected number could be told too
    closely, the least figure beside it goes, parts before wholes; at the end each figure that
    went is tried again. ``audited=False`` hides only what is small, for showing what comes of it.
    ``watch`` is told again and again how far it is; what it raises breaks off.
    """
    return _Deciding(facts, rules, watch).decide(audited=audited)


class _Deciding:
    def __init__(self, facts: Facts, rules: Rules, watch: Watch) -> None:
        self.facts, self.rules, self.watch = facts, rules, watch
        self.progress = Progress()
        self.audit = Audit(facts, rules, after_each=self._solved)
        self.hidden: dict[int, Because] = {}
        # Said before of the very same number: saying it again tells nothing.
        self.fresh = [at for at in facts.asked.values() if at not in facts.told]

    def decide(self, *, audited: bool) -> Decision:
        for at in self.fresh:
            if self._stands(at):
                self.hidden[at] = Because.STANDS
            elif self.rules.is_small(self.facts.counts[at]):
                self.hidden[at] = Because.SMALL
        if audited:
            self._hide_more()
            self._show_again()
        return Decision({cell: self._shown(at) for cell, at in self.facts.asked.items()})

    def _solved(self) -> None:
        self.progress.solved += 1
        self.progress.hidden = len(self.hidden)
        self.watch(self.progress)

    def _stands(self, at: int) -> bool:
        """A small correction of a figure that was shown."""
        before = self.facts.before.get(at)
        if before is None or before not in self.facts.told:
            return False
        return self.rules.is_small(self.facts.counts[self.facts.change[at]])

    def _shown(self, at: int) -> Shown:
        because = self.hidden.get(at)
        if because is None:
            return Shown(self._said(at))
        if because is Because.SMALL:
            return Shown(None, because)
        # Whether a figure stands because it hardly changed or shields another is not to be seen.
        return Shown(self.facts.told.get(self.facts.before.get(at, -1)), because)

    def _said(self, at: int) -> int:
        return self.facts.told.get(at, self.rules.rounded(self.facts.counts[at]))

    def _told(self) -> dict[int, int]:
        """Everything ever shown, and this candidate as it now stands."""
        said = {at: self._said(at) for at in self.fresh if at not in self.hidden}
        return self.facts.told | said

    def _narrow(self, near: list[int]) -> list[int]:
        return self.audit.narrow(self._told(), near=near)

    def _hide_more(self) -> None:
        neighbours = _neighbours(self.facts)
        # Also when nothing new is said: that figures were corrected may tell enough.
        while narrow := self._narrow(list(self.facts.asked.values())):
            went = [self._hide_beside(at, neighbours) for at in narrow]
            if not any(went):
                raise NotReleasable(self.facts.numbers[narrow[0]].cell)

    def _hide_beside(self, at: int, neighbours: Mapping[int, list[int]]) -> bool:
        """Hide the best figure of the candidate among those nearest to a number, if any is left."""
        fresh, seen, ring = set(self.fresh), {at}, [at]
        while ring:
            open_ones = [one for one in ring if one in fresh and one not in self.hidden]
            if open_ones:
                self.hidden[min(open_ones, key=self._worth)] = Because.SHIELDS
                return True
            ring = sorted({n for one in ring for n in neighbours[one]} - seen)
            seen.update(ring)
        return False

    def _worth(self, at: int) -> tuple[bool, int, int, int, Cell]:
        """The least is given up first."""
        cell = self.facts.numbers[at].cell
        return (
            not cell.split,
            -len(cell.unit),
            cell.span.months,
            self.facts.counts[at],
            cell,
        )

    def _show_again(self) -> None:
        """Whatever turns out not to have been needed, the most telling figure first."""
        shields = [at for at, why in self.hidden.items() if why is Because.SHIELDS]
        self.progress.to_try = len(shields)
        for at in sorted(shields, key=self._worth, reverse=True):
            self.progress.tried += 1
            del self.hidden[at]
            if self._narrow([at]):
                self.hidden[at] = Because.SHIELDS


def _neighbours(facts: Facts) -> Mapping[int, list[int]]:
    beside: dict[int, set[int]] = defaultdict(set)
    for line, _equal in facts.lines():
        members = [at for at, _factor in line]
        for at in members:
            beside[at].update(members)
    return defaultdict(list, {at: sorted(others) for at, others in beside.items()})
