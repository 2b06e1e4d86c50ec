"""Adding one number to all the cells of a table that it belongs to."""

from __future__ import annotations

from collections import Counter

from goround.domain.disclosure import Cell

NOT_SAID = "not-said"


def note(found: Counter[Cell], cell: Cell, number: int, *, whole: bool = True) -> None:
    """A part of one organisation, its whole unless another split has it, and the network's."""
    for one in (cell, cell.whole) if whole else (cell,):
        found[one] += number
        found[one.above] += number
