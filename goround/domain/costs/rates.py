"""What one meeting, one attendance and one participant cost, each with what it was divided by."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """A sum divided by a count. Both are kept, so that nobody need believe the quotient.

    ``is_most``: some who came are not in ``of``, so in truth it was this much or less.
    """

    total: int
    of: int
    is_most: bool = False

    def __post_init__(self) -> None:
        if self.total < 0 or self.of < 0:
            raise ValueError(f"{self.total} for {self.of}: neither can be below 0")

    @property
    def each(self) -> int | None:
        """To the nearest smallest unit, a half upwards; None when there is nothing to divide by.

        >>> Rate(570_00, 4).each
        14250
        >>> Rate(570_00, 0).each is None
        True
        """
        return (2 * self.total + self.of) // (2 * self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class Rates:
    per_meeting: Rate
    per_attendance: Rate
    per_participant: Rate


def rates(
    total: int,
    *,
    meetings: int,
    attendances: int,
    meetings_not_counted: int,
    participants: int,
    heads: int,
) -> Rates:
    """``heads`` came without a name and cannot be told apart; ``participants`` are without them.

    A head is an attendance. It may be a new participant or one who came before, so a figure
    for each participant is then a most.
    """
    uncounted = meetings_not_counted > 0
    return Rates(
        Rate(total, meetings),
        Rate(total, attendances, is_most=uncounted),
        Rate(total, participants, is_most=uncounted or heads > 0),
    )
