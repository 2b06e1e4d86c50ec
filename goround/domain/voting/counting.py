"""From the ballots in a box to what is announced: counts, and nothing about any ballot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from goround.domain.voting.ballots import (
    AGREE,
    CAN_LIVE_WITH_IT,
    CONSENT_ANSWERS,
    OBJECT,
    Ballot,
    Method,
    ballot_of,
)
from goround.domain.voting.ranked import Round, rounds, winners


class Outcome(StrEnum):
    DECIDED = "decided"
    # Two or more options have won equally.
    TIE = "tie"
    # Somebody objects, or nobody says yes: not decided, to be talked over.
    NOT_AGREED = "not-agreed"
    # Nobody chose anything.
    NO_CHOICE = "no-choice"


@dataclass(frozen=True, slots=True)
class Count:
    """``counts`` has a number for each option; in ranked choice, of first choices.

    ``blank`` ballots chose nothing. ``rounds`` is empty but for ranked choice that took several
    rounds and was decided.
    """

    outcome: Outcome
    ballots: int
    counts: tuple[int, ...]
    winners: tuple[int, ...]
    blank: int
    rounds: tuple[Round, ...] = ()

    @property
    def reveals_everybody(self) -> bool:
        """Whether the counts alone say what each single voter chose."""
        return self.ballots > 0 and all(count in {0, self.ballots} for count in self.counts)


def count(method: Method, ballots: Sequence[Ballot], *, options: int) -> Count:
    """Count a box. The order of the ballots is of no meaning. Raises ``NoBallot``."""
    cast = [ballot_of(method, ballot, options=options) for ballot in ballots]
    match method:
        case Method.CONSENT:
            return _consent(cast)
        case Method.RANKED:
            return _ranked(cast, options)
        case _:
            return _most(cast, options)


def _consent(ballots: Sequence[Ballot]) -> Count:
    """Agreed when somebody says yes and nobody objects; a majority overrules nobody."""
    counts = _per_option(ballots, CONSENT_ANSWERS)
    agreed = counts[AGREE] > 0 and counts[OBJECT] == 0
    outcome = Outcome.DECIDED if agreed else Outcome.NOT_AGREED
    if not counts[AGREE] + counts[CAN_LIVE_WITH_IT] + counts[OBJECT]:
        outcome = Outcome.NO_CHOICE
    return Count(outcome, len(ballots), counts, (AGREE,) if agreed else (), 0)


def _most(ballots: Sequence[Ballot], options: int) -> Count:
    counts = _per_option(ballots, options)
    most = max(counts, default=0)
    won = tuple(n for n, votes in enumerate(counts) if votes == most) if most else ()
    return Count(_outcome(won), len(ballots), counts, won, _blank(ballots))


def _ranked(ballots: Sequence[Ballot], options: int) -> Count:
    first = _per_option([ballot[:1] for ballot in ballots], options)
    won = tuple(sorted(winners(ballots, options=options)))
    told = rounds(ballots, options=options) if len(won) == 1 else ()
    return Count(
        _outcome(won),
        len(ballots),
        first,
        won,
        _blank(ballots),
        told if len(told) > 1 else (),
    )


def _outcome(won: Sequence[int]) -> Outcome:
    if not won:
        return Outcome.NO_CHOICE
    return Outcome.DECIDED if len(won) == 1 else Outcome.TIE


def _per_option(ballots: Sequence[Ballot], options: int) -> tuple[int, ...]:
    return tuple(sum(option in ballot for ballot in ballots) for option in range(options))


def _blank(ballots: Sequence[Ballot]) -> int:
    return sum(not ballot for ballot in ballots)
