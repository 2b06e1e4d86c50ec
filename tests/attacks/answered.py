"""Random networks whose parents answered surveys twice: real people, each moved some way in a part.

The defending side of outcomes; the parts of one survey all add up to the same people.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from goround.apps.releases.outcomes import as_once_counted
from goround.domain.disclosure import Cell, Past, Span

MOVES = ("improved", "same", "worse")
# How often each is counted: who got worse is among the worse, and among those not better.
COUNTED = {
    "improved": {"improved"},
    "same": {"same"},
    "worse": {"worse"},
    "not-better": {"same", "worse"},
}
YEAR = Span.of(2015, 1, 12)
SURVEYS = ("followed:a", "recalled:a", "followed:b")


class Answered:
    """Some surveys at some organisations; late answers come in, and others are erased."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.surveys = SURVEYS[: rng.choice([1, 1, 2, 3])]
        self.parts = {survey: rng.randint(1, 4) for survey in self.surveys}
        # How likely each way is: now and then nobody stays the same, or nobody loses.
        self.likely = [rng.choice([(6, 1, 3), (6, 0, 4), (9, 1, 0), (1, 1, 1)]) for _ in range(4)]
        largest = rng.choice([12, 25, 60])
        self.people = {
            (survey, organisation): [
                self._somebody(survey) for _ in range(rng.choice([0, rng.randint(0, largest)]))
            ]
            for survey in self.surveys
            for organisation in range(rng.randint(1, 3))
        }

    def _somebody(self, survey: str) -> list[str]:
        parts = range(self.parts[survey])
        return [self.rng.choices(MOVES, self.likely[part])[0] for part in parts]

    def change(self) -> None:
        """Paper that is keyed in late, and parents who have everything about them erased."""
        for key in self.rng.sample(sorted(self.people), k=min(2, len(self.people))):
            here = self.people[key]
            if self.rng.random() < 0.3:
                del here[: self.rng.randint(1, 30)]
            else:
                here += [self._somebody(key[0]) for _ in range(self.rng.choice([1, 1, 2, 5, 14]))]

    def known(self, past: Sequence[Past]) -> dict[Cell, int]:
        found: dict[Cell, int] = {}
        for (survey, organisation), people in self.people.items():
            for unit in ((), (organisation,)):
                whole = Cell(survey, YEAR, unit)
                found[whole] = found.get(whole, 0) + len(people)
                for part in range(self.parts[survey]):
                    for way, moves in COUNTED.items():
                        cell = Cell(survey, YEAR, unit, f"part-{part}", way)
                        number = sum(one[part] in moves for one in people)
                        found[cell] = found.get(cell, 0) + number
        return as_once_counted(found, past, YEAR)

    def tables(self, figures: dict[Cell, int]) -> list[list[Cell]]:
        """There is one: every survey of the year."""
        return [sorted(figures)]
