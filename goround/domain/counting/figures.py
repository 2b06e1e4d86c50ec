"""From meetings to figures. A held meeting without a count is unknown, never zero."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a meeting stands at the moment of counting."""

    HELD = "held"
    CANCELLED = "cancelled"
    NOT_RECORDED = "not-recorded"  # over, and nobody has said yet how it went
    TO_COME = "to-come"


@dataclass(frozen=True, slots=True)
class Meeting:
    """What is known of one meeting.

    ``named`` members were ticked off, ``named_new`` of them at this group for the first time.
    ``heads`` are people without a name beside them, ``heads_new`` of them said to be new. None
    stands for "nobody counted".
    """

    state: State
    named: int = 0
    named_new: int = 0
    heads: int | None = None
    heads_new: int | None = None
    children: int | None = None

    def __post_init__(self) -> None:
        for part, whole in ((self.named_new, self.named), (self.heads_new or 0, self.heads or 0)):
            if not 0 <= part <= whole:
                raise ValueError(f"{part} new of {whole} is no part of a whole")
        if (self.children or 0) < 0:
            raise ValueError(f"children is {self.children}; it must not be below 0")

    @property
    def parents(self) -> int | None:
        """Parents who came, or None when neither names nor heads were taken.

        Names without heads are a count: heads are only those whose name was not taken.
        """
        if self.heads is None and not self.named:
            return None
        return self.named + (self.heads or 0)


@dataclass(frozen=True, slots=True)
class Tally:
    """A sum over held meetings, and at how many of them nobody counted."""

    total: int = 0
    counted: int = 0
    uncounted: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.total + other.total,
            self.counted + other.counted,
            self.uncounted + other.uncounted,
        )

    @property
    def meetings(self) -> int:
        return self.counted + self.uncounted

    @property
    def known(self) -> int | None:
        """The sum, or None when no meeting was counted at all.

        >>> Tally(uncounted=2).known is None
        True
        """
        return self.total if self.counted else None


@dataclass(frozen=True, slots=True)
class Figures:
    """What some meetings came to.

    ``planned`` is every meeting of the calendar, whatever became of it. Attendances are counted
    at each meeting again: ``new`` + ``returning`` + ``unclear`` make up ``parents.total``, and
    ``unclear`` are heads of whom nobody said whether it was their first time. ``persons`` counts
    each named parent once; ``heads`` cannot be told apart, so they are never in it.
    """

    planned: int = 0
    held: int = 0
    cancelled: int = 0
    not_recorded: int = 0
    to_come: int = 0
    parents: Tally = Tally()
    children: Tally = Tally()
    new: int = 0
    returning: int = 0
    unclear: int = 0
    heads: int = 0
    persons: int = 0

    def __post_init__(self) -> None:
        if self.persons > self.parents.total - self.heads:
            raise ValueError(f"{self.persons} persons cannot have come by fewer attendances")

    @property
    def different(self) -> int | None:
        """Different parents, or None when all who were counted came without a name."""
        if self.heads and not self.persons:
            return None
        return self.persons if self.parents.counted or not self.held else None


def count(meetings: Iterable[Meeting], *, persons: int = 0) -> Figures:
    """The figures of these meetings; ``persons`` are the different parents named at them."""
    meetings = list(meetings)
    held = [meeting for meeting in meetings if meeting.state is State.HELD]
    parents = _tally(meeting.parents for meeting in held)
    heads = sum(meeting.heads or 0 for meeting in held)
    heads_told = sum(meeting.heads or 0 for meeting in held if meeting.heads_new is not None)
    new = sum(meeting.named_new + (meeting.heads_new or 0) for meeting in held)
    unclear = heads - heads_told
    return Figures(
        planned=len(meetings),
        held=len(held),
        cancelled=_in_state(meetings, State.CANCELLED),
        not_recorded=_in_state(meetings, State.NOT_RECORDED),
        to_come=_in_state(meetings, State.TO_COME),
        parents=parents,
        children=_tally(meeting.children for meeting in held),
        new=new,
        returning=parents.total - new - unclear,
        unclear=unclear,
        heads=heads,
        persons=persons,
    )


def together(parts: Iterable[Figures], *, persons: int) -> Figures:
    """Several figures as one. ``persons`` is asked for anew: one parent may be in two parts."""
    parts = list(parts)
    return Figures(
        planned=sum(part.planned for part in parts),
        held=sum(part.held for part in parts),
        cancelled=sum(part.cancelled for part in parts),
        not_recorded=sum(part.not_recorded for part in parts),
        to_come=sum(part.to_come for part in parts),
        parents=sum((part.parents for part in parts), Tally()),
        children=sum((part.children for part in parts), Tally()),
        new=sum(part.new for part in parts),
        returning=sum(part.returning for part in parts),
        unclear=sum(part.unclear for part in parts),
        heads=sum(part.heads for part in parts),
        persons=persons,
    )


def _tally(counts: Iterable[int | None]) -> Tally:
    counts = list(counts)
    known = [number for number in counts if number is not None]
    return Tally(sum(known), len(known), len(counts) - len(known))


def _in_state(meetings: list[Meeting], state: State) -> int:
    return sum(1 for meeting in meetings if meeting.state is state)
