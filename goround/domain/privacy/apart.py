"""Who must never meet whom, as rules over ids: who may join a company, who may come near it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """How far two people are kept from each other; each reaches further than the one before."""

    GROUP = "group"  # never in the same group, meeting, room or list
    PLACE = "place"  # nor at the same place on the same day


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who must not meet, the smaller id first."""

    one: int
    other: int
    scope: Scope = Scope.PLACE

    @classmethod
    def of(cls, someone: int, another: int, scope: Scope = Scope.PLACE) -> Pair:
        """Raises ``ValueError`` for somebody and themselves."""
        if someone == another:
            raise ValueError(f"#{someone} cannot be kept apart from themselves")
        return cls(min(someone, another), max(someone, another), scope)

    def parts(self, some: Collection[int], others: Collection[int]) -> bool:
        """Whether one of the two is among ``some`` and the other among ``others``."""
        return (self.one in some and self.other in others) or (
            self.other in some and self.one in others
        )


def may_meet(
    pairs: Iterable[Pair],
    comers: Collection[int],
    *,
    company: Collection[int] = (),
    nearby: Collection[int] = (),
) -> bool:
    """Whether ``comers`` may come together and join ``company`` while ``nearby`` are at the place.

    People who are in the company already are not judged again among themselves.

    >>> may_meet([Pair(1, 2)], {1}, company={2})
    False
    >>> may_meet([Pair(1, 2, Scope.GROUP)], {1}, company={3}, nearby={2})
    True
    """
    met = {*comers, *company}
    return not any(
        pair.parts(comers, met) or (pair.scope is Scope.PLACE and pair.parts(comers, nearby))
        for pair in pairs
    )


def may_be_near(pairs: Iterable[Pair], here: Collection[int], nearby: Collection[int]) -> bool:
    """Whether everybody ``here`` may be at the same place on the same day as all ``nearby``."""
    return not any(pair.scope is Scope.PLACE and pair.parts(here, nearby) for pair in pairs)
