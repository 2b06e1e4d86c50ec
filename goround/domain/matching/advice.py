"""What would help most: each idea is tried by searching again with it.

Before the ideas, the round as it is gets the same search twice: once to take out what mere
searching still finds, once more as the measure for the ideas, which all start from there with
the same seed and number of moves. Groups found with an idea that make no use of it are possible
without it; then the measure is raised. So what is counted is owed to the idea.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from goround.domain.matching.answer import Answer
from goround.domain.matching.ideas import Idea, is_used, likely_ideas, with_idea
from goround.domain.matching.problem import Problem, Span
from goround.domain.matching.search import solve

MOST_IDEAS: Final = 12
MOVES_A_PARENT: Final = 150
FEWEST_MOVES, MOST_MOVES = 20_000, 200_000

# Told how many searches of how many have ended; answers whether to go on.
Tell = Callable[[int, int], bool]


@dataclass(frozen=True, slots=True)
class Tried:
    """``placed`` more parents have a group with this idea; ``cost_change`` is the answer's."""

    idea: Idea
    placed: int
    cost_change: float


@dataclass(frozen=True, slots=True)
class Advice:
    """Ideas tried, the best first, those without use too.

    ``longer`` more parents have a group by searching alone. ``of`` ideas were to be tried;
    fewer were when it was stopped.
    """

    tried: tuple[Tried, ...]
    of: int
    longer: int

    @property
    def helpful(self) -> tuple[Tried, ...]:
        """Those that place somebody."""
        return tuple(tried for tried in self.tried if tried.placed > 0)


def moves_for(parents: int) -> int:
    """How many moves each of the searches is to make in a round of so many."""
    return min(MOST_MOVES, max(FEWEST_MOVES, MOVES_A_PARENT * parents))


def advise(
    problem: Problem,
    answer: Answer,
    *,
    seed: int,
    iterations: int,
    most: int = MOST_IDEAS,
    progress: Tell | None = None,
) -> Advice:
    """Try the likeliest ideas around ``answer``; its locks are kept.

    The same seed and iterations give the same advice. When ``progress`` answers False, what
    was tried until then is returned.
    """
    ideas = likely_ideas(problem, answer.groups, most)
    bench = _Bench(seed, iterations, len(ideas) + 2, progress or (lambda done, of: True))
    settled = bench.search(problem, answer) if ideas else None
    measure = settled and bench.search(problem, settled)
    if settled is None or measure is None:
        return Advice((), len(ideas), 0)
    found = []
    for idea in ideas:
        tried = bench.search(with_idea(problem, idea), settled)
        if tried is None:
            break
        used = is_used(problem, idea, tried.groups)
        found.append((idea, tried, used))
        if not used and tried.cost < measure.cost:
            measure = tried
    rows = [_compared(idea, tried if used else measure, measure) for idea, tried, used in found]
    rows.sort(key=lambda row: (-row.placed, row.cost_change, str(row.idea)))
    return Advice(tuple(rows), len(ideas), max(0, measure.placed - answer.placed))


def _compared(idea: Idea, tried: Answer, measure: Answer) -> Tried:
    return Tried(idea, tried.placed - measure.placed, tried.cost - measure.cost)


@dataclass(slots=True)
class _Bench:
    """Searches of one kind, counted."""

    seed: int
    iterations: int
    of: int
    tell: Tell
    done: int = 0
    stopped: bool = field(default=False, init=False)

    def search(self, problem: Problem, start: Answer) -> Answer | None:
        """None once told to stop: half a search compares with nothing."""
        if not self._go_on():
            return None
        found = solve(
            problem,
            seconds=0,
            seed=self.seed,
            start=start,
            iterations=self.iterations,
            prove=False,
            progress=lambda _: self._go_on(),
        )
        if self.stopped:
            return None
        self.done += 1
        return found

    def _go_on(self) -> bool:
        self.stopped = self.stopped or not self.tell(self.done, self.of)
        return not self.stopped


def to_json(advice: Advice) -> dict[str, Any]:
    """Plain data that ``json.dumps`` takes and ``from_json`` reads back unchanged."""
    return {
        "tried": [
            {
                "kind": row.idea.kind,
                "venue": row.idea.venue,
                "slot": str(row.idea.slot),
                "language": row.idea.language,
                "groups": row.idea.groups,
                "placed": row.placed,
                "cost_change": row.cost_change,
            }
            for row in advice.tried
        ],
        "of": advice.of,
        "longer": advice.longer,
    }


def from_json(data: Mapping[str, Any]) -> Advice:
    return Advice(tuple(_tried(row) for row in data["tried"]), data["of"], data["longer"])


def _tried(row: Mapping[str, Any]) -> Tried:
    idea = Idea(row["kind"], row["venue"], Span.parse(row["slot"]), row["language"], row["groups"])
    return Tried(idea, row["placed"], row["cost_change"])
