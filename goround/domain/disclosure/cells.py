"""What one number is about, and no more: ids and keys, never a name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Whole calendar months, the first as ``year * 12 + month - 1``."""

    first: int
    months: int = 1

    @classmethod
    def of(cls, year: int, month: int, months: int = 1) -> "Span":
        """So many months from this one on.

        >>> Span.of(2015, 1, 12).each()[-1] == Span.of(2015, 12)
        True
        """
        return cls(year * 12 + month - 1, months)

    def each(self) -> tuple["Span", ...]:
        """Its months, one by one."""
        return tuple(Span(self.first + number) for number in range(self.months))


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One count: of what, where, when, and of which part of a table.

    ``unit`` is the way down: nothing for the network, then an organisation, then a group.
    Without ``split`` and ``category`` it is the whole that each split adds up to.
    """

    measure: str
    span: Span
    unit: tuple[int, ...] = ()
    split: str = ""
    category: str = ""

    @property
    def whole(self) -> "Cell":
        return Cell(self.measure, self.span, self.unit)

    @property
    def above(self) -> "Cell":
        """The same of the unit this one belongs to."""
        return Cell(self.measure, self.span, self.unit[:-1], self.split, self.category)

    def during(self, span: Span) -> "Cell":
        return Cell(self.measure, span, self.unit, self.split, self.category)

    def of(self, measure: str) -> "Cell":
        return Cell(measure, self.span, self.unit, self.split, self.category)
