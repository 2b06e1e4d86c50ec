"""Random networks whose families tell of children and disabilities, and are erased by and by.

The defending side of the federal year. Erased parents still came; what they told is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from goround.apps.releases.families import TOLD, as_once_told
from goround.apps.releases.noting import NOT_SAID
from goround.domain.disclosure import Cell, Past, Span

YEAR = Span.of(2014, 10, 12)
# Parents, children, and how many of the parents and whether a child has a disability.
Family = tuple[int, int, int, bool]


class Families:
    """Some families at some organisations; late paper comes in, and others are erased."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        largest = rng.choice([8, 20, 45])
        self.there: dict[int, list[Family]] = {
            organisation: [self._family() for _ in range(rng.choice([0, rng.randint(0, largest)]))]
            for organisation in range(rng.randint(1, 3))
        }
        self.gone = dict.fromkeys(self.there, 0)

    def _family(self) -> Family:
        parents = self.rng.choice([1, 1, 1, 2])
        with_one = sum(self.rng.random() < 0.2 for _ in range(parents))
        return parents, self.rng.choice([0, 1, 1, 2, 3, 5]), with_one, self.rng.random() < 0.3

    def change(self) -> None:
        here = self.rng.choice(sorted(self.there))
        families = self.there[here]
        if self.rng.random() < 0.6:
            for _ in range(min(len(families), self.rng.choice([1, 1, 1, 2, 12]))):
                self.gone[here] += families.pop()[0]
        else:
            families += [self._family() for _ in range(self.rng.choice([1, 1, 2, 5, 14]))]

    def known(self, past: Sequence[Past]) -> dict[Cell, int]:
        found: dict[Cell, int] = {}
        for host, families in self.there.items():
            parents = self.gone[host] + sum(one[0] for one in families)
            whole = self.gone[host] + len(families)
            children = sum(one[1] for one in families)
            told = {"disability": sum(one[2] for one in families)}
            told["child-disability"] = sum(one[3] for one in families)
            for unit in ((host,), ()):
                for measure, number in (
                    ("parents", parents),
                    ("families", whole),
                    ("children", children),
                ):
                    cell = Cell(measure, YEAR, unit)
                    found[cell] = found.get(cell, 0) + number
                for measure, split, number in (
                    ("parents", "disability", parents),
                    ("families", "child-disability", whole),
                ):
                    for category, part in ((TOLD, told[split]), (NOT_SAID, number - told[split])):
                        cell = Cell(measure, YEAR, unit, split, category)
                        found[cell] = found.get(cell, 0) + part
        return as_once_told(found, past, YEAR, self.gone)

    def tables(self, figures: dict[Cell, int]) -> list[list[Cell]]:
        """There is one: the whole federal year."""
        return [sorted(figures)]
