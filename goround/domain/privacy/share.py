"""A part of a whole that carries its denominator and its unknowns."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """``numerator`` of the ``denominator`` people it is known of; ``unknown`` counts the others.

    Those unknown are never in the denominator: leaving them in would count them as "no".
    """

    numerator: int
    denominator: int
    unknown: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.numerator <= self.denominator:
            raise ValueError(f"{self.numerator} of {self.denominator} is no part of a whole")
        if self.unknown < 0:
            raise ValueError(f"unknown is {self.unknown}; it must not be below 0")

    @property
    def total(self) -> int:
        """Everybody, known or not."""
        return self.denominator + self.unknown

    @property
    def percent(self) -> Decimal | None:
        """Rounded half up to one decimal; None, not zero, when nothing is known.

        >>> Share(62, 414).percent
        Decimal('15.0')
        """
        if not self.denominator:
            return None
        tenths = (2000 * self.numerator + self.denominator) // (2 * self.denominator)
        return Decimal(tenths).scaleb(-1)
