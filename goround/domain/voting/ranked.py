"""Ranked choice for one seat: instant run-off, with a rule for ties that needs no chance.

Every ballot counts for the highest of its options that is still in. Whoever has the fewest goes
out, until somebody has more than half of the ballots that still name anybody.

Where several have equally few, it is worked out for each of them what would follow if that one
went out ("every way"). When all ways lead to the same option, it has won: no lot could have
changed it. Otherwise those to which some way leads are tied, and that is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from goround.domain.voting.ballots import Ballot

Left = frozenset[int]


@dataclass(frozen=True, slots=True)
class Round:
    """One round: votes of each option still in, in the order of the list, and who goes out.

    ``as_few`` are all that had as few votes as the one that goes out, itself among them.
    """

    counts: tuple[tuple[int, int], ...]
    out: int | None
    as_few: tuple[int, ...] = ()


def winners(ballots: Sequence[Ballot], *, options: int) -> frozenset[int]:
    """The winner, or all that are tied. Without a ballot that names anybody: none."""
    if not any(ballots):
        return frozenset()
    known: dict[Left, frozenset[int]] = {}
    return _winners(ballots, frozenset(range(options)), known)


def rounds(ballots: Sequence[Ballot], *, options: int) -> tuple[Round, ...]:
    """The rounds as they go when, of several with equally few, the first on the list goes out."""
    left, told = frozenset(range(options)), []
    while any(ballots):
        counts = _counts(ballots, left)
        over = _majority(counts) is not None or len(left) == 1
        as_few = () if over else _fewest(counts)
        out = as_few[0] if as_few else None
        told.append(Round(tuple(counts.items()), out, as_few))
        if out is None:
            break
        left -= {out}
    return tuple(told)


def _winners(
    ballots: Sequence[Ballot], left: Left, known: dict[Left, frozenset[int]]
) -> frozenset[int]:
    if left not in known:
        counts = _counts(ballots, left)
        winner = _majority(counts)
        if winner is not None or len(left) == 1:
            known[left] = left if winner is None else frozenset({winner})
        else:
            ways = (_winners(ballots, left - {out}, known) for out in _fewest(counts))
            known[left] = frozenset[int]().union(*ways)
    return known[left]


def _counts(ballots: Sequence[Ballot], left: Left) -> dict[int, int]:
    counts = dict.fromkeys(sorted(left), 0)
    for ballot in ballots:
        highest = next((option for option in ballot if option in left), None)
        if highest is not None:
            counts[highest] += 1
    return counts


def _majority(counts: dict[int, int]) -> int | None:
    for option, votes in counts.items():
        if 2 * votes > sum(counts.values()):
            return option
    return None


def _fewest(counts: dict[int, int]) -> tuple[int, ...]:
    fewest = min(counts.values())
    return tuple(option for option, votes in counts.items() if votes == fewest)
