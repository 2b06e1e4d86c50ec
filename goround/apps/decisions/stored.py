"""A count as it is kept: numbers only, in a form that reads back the same."""

from __future__ import annotations

from typing import Any

from goround.domain.voting.counting import Count, Outcome
from goround.domain.voting.ranked import Round


def to_plain(count: Count) -> dict[str, Any]:
    return {
        "outcome": str(count.outcome),
        "ballots": count.ballots,
        "counts": list(count.counts),
        "winners": list(count.winners),
        "blank": count.blank,
        "rounds": [[list(map(list, r.counts)), r.out, list(r.as_few)] for r in count.rounds],
    }


def from_plain(kept: dict[str, Any]) -> Count:
    return Count(
        outcome=Outcome(kept["outcome"]),
        ballots=kept["ballots"],
        counts=tuple(kept["counts"]),
        winners=tuple(kept["winners"]),
        blank=kept["blank"],
        rounds=tuple(
            Round(tuple((option, votes) for option, votes in counts), out, tuple(as_few))
            for counts, out, as_few in kept["rounds"]
        ),
    )
