"""How evenly time was shared: the one figure of a go-round that may outlive the meeting."""

from __future__ import annotations

from collections.abc import Sequence

from goround.domain.circle.facts import Circle

FEWEST = 3


def evenness(seconds: Sequence[float]) -> float | None:
    """1 when everybody's turns took equally long, 0 when one person had all the time.

    One minus Gini's coefficient G, with G multiplied by n / (n - 1) so that it reaches 0 in a
    circle of any size (Deltas, "The Small-Sample Bias of the Gini Coefficient", Review of
    Economics and Statistics 85, 2003). With the times in order, x1 the shortest,
    G = sum((2i - n - 1) * xi) / (n * sum(xi)).

    None for fewer than three people, for whom it would say what one of them did, and when no
    time was measured.

    >>> evenness([60, 60, 60])
    1.0
    >>> evenness([180, 0, 0])
    0.0
    >>> evenness([120, 60]) is None
    True
    """
    count, total = len(seconds), sum(seconds)
    if count < FEWEST or total <= 0:
        return None
    ordered = sorted(seconds)
    weighted = sum((2 * place - count - 1) * time for place, time in enumerate(ordered, start=1))
    gini = weighted / (count * total)
    return min(1.0, max(0.0, 1 - gini * count / (count - 1)))


def evenness_of(circle: Circle) -> float | None:
    """Over all who took a turn; who passed chose not to take time, and is left out."""
    return evenness([share.seconds for share in circle.round.shares if share.taken])
