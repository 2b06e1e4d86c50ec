"""How many must vote, and how well a vote can be kept secret among so many."""

from __future__ import annotations

from enum import StrEnum

# Of two people who voted, each knows what the other said.
FEWEST_SECRET = 3
# Up to here somebody who knows the others guesses well.
WEAK_UP_TO = 6


class Secrecy(StrEnum):
    NONE = "none"
    WEAK = "weak"
    FAIR = "fair"


def secrecy_among(voters: int) -> Secrecy:
    """
    >>> secrecy_among(5)
    <Secrecy.WEAK: 'weak'>
    """
    if voters < FEWEST_SECRET:
        return Secrecy.NONE
    return Secrecy.WEAK if voters <= WEAK_UP_TO else Secrecy.FAIR


def needed(voters: int, *, is_secret: bool) -> int:
    """How many ballots there must be to be counted: more than half, and of secret ones three.

    >>> needed(4, is_secret=True)
    3
    """
    most = voters // 2 + 1
    return max(most, FEWEST_SECRET) if is_secret else most
