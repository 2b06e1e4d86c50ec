"""How many adults so many children need, by age band. It warns; only a person can accept less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

# The bands that the words of Goround know; a playbook may have others.
USUAL_BANDS = ("0-2", "3-5", "6-11", "12-17")


@dataclass(frozen=True, slots=True)
class Band:
    """An age band, such as ``3-5``; ``per_adult`` None says that no ratio was chosen."""

    key: str
    per_adult: int | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """How the adults with the children stand against the ratios.

    ``needed`` None: no ratio was chosen, or none for a band that is here.
    """

    children: int
    adults: int
    needed: int | None

    @property
    def short(self) -> int:
        """How many adults are missing; 0 where that is not known."""
        return max(0, (self.needed or 0) - self.adults)


def cover(bands: Sequence[Band], here: Mapping[str, int], *, adults: int) -> Cover:
    """Where the session stands. Bands share their adults: 3 of 6 and 4 of 8 are one adult.

    Children of a band that the rules do not name count as the band with the fewest to an adult.

    >>> cover([Band("0-2", 3), Band("3-5", 6)], {"0-2": 2, "3-5": 3}, adults=1)
    Cover(children=5, adults=1, needed=2)
    """
    known = {band.key: band.per_adult for band in bands}
    strictest = min((n for n in known.values() if n), default=None)
    needed = _needed({key: known.get(key, strictest) for key in here}, here)
    return Cover(sum(here.values()), adults, needed)


def _needed(rules: Mapping[str, int | None], here: Mapping[str, int]) -> int | None:
    total = Fraction(0)
    for key, children in here.items():
        per_adult = rules[key]
        if not children:
            continue
        if per_adult is None:
            return None
        total += Fraction(children, per_adult)
    return ceil(total)


def still_accepted(now: Cover, accepted_short: int | None) -> bool:
    """Whether what a leader accepted still says how it is: it may get better, never worse."""
    return now.short == 0 or (accepted_short is not None and now.short <= accepted_short)
