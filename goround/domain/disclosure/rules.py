"""The threshold and the rounding, and what a shown number tells whoever knows both."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """Counts below ``threshold`` are hidden, zero too; the others are rounded to ``base``."""

    threshold: int = 10
    base: int = 5

    def __post_init__(self) -> None:
        if self.base < 1 or self.threshold < 1 or self.threshold % self.base:
            raise ValueError(
                f"A threshold of {self.threshold} with rounding to {self.base}: both must be at"
                " least 1, and the threshold a multiple of the rounding"
            )

    @property
    def most_hidden(self) -> int:
        """The largest count that is hidden for being small."""
        return self.threshold - 1

    def is_small(self, number: int) -> bool:
        """Of a count, or of a change up or down."""
        return abs(number) < self.threshold

    def rounded(self, count: int) -> int:
        """To the nearest multiple, half way up.

        >>> Rules().rounded(62)
        60
        """
        return (2 * count + self.base) // (2 * self.base) * self.base

    def told_by(self, shown: int) -> tuple[int, int]:
        """The least and the most that a shown number can stand for.

        >>> Rules().told_by(10), Rules().told_by(415)
        ((10, 12), (413, 417))
        """
        least = shown - self.base // 2
        return max(self.threshold, least), shown + (self.base - 1) // 2
