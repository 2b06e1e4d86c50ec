"""What was answered, ready to be measured. More is better: items are turned round before.

Answers given at two times and answers about two times given in one sitting are two types, and
nothing takes both: memory is kinder than a second questionnaire, so they are never pooled.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

# With fewer pairs no figure is shown: it would say more about chance than about the group.
LEAST_PAIRS = 10

Items = tuple[float | None, ...]


class StudyError(ValueError):
    """Answers that cannot belong to one study."""


class Design(StrEnum):
    FOLLOWED = "followed"  # asked before and again after
    RECALLED = "recalled"  # asked once, about before and now


@dataclass(frozen=True, slots=True)
class Sitting:
    """One person's score on one subscale at one wave, counted from 0, the first."""

    person: int
    group: int
    wave: int
    score: float | None
    items: Items = ()


@dataclass(frozen=True, slots=True)
class Recall:
    """One person's two scores from one sitting: as it was before, and as it is now."""

    person: int
    group: int
    before: float | None
    now: float | None
    items: Items = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Somebody whose score is known both before and after."""

    person: int
    group: int
    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before


@dataclass(frozen=True)
class Followed:
    """One subscale over several waves, by the same people.

    Raises ``StudyError`` when somebody sat twice at one wave or is in two groups.
    """

    subscale: str
    sittings: tuple[Sitting, ...]

    design = Design.FOLLOWED

    def __post_init__(self) -> None:
        if not all(isinstance(sitting, Sitting) for sitting in self.sittings):
            raise StudyError(f"{self.subscale}: only sittings at true waves belong here")
        keys = [(sitting.person, sitting.wave) for sitting in self.sittings]
        if len(set(keys)) < len(keys):
            raise StudyError(f"{self.subscale}: somebody answered twice at one wave")
        _one_group_each(self.subscale, ((s.person, s.group) for s in self.sittings))

    @property
    def later_waves(self) -> list[int]:
        """The waves that can be compared with the first."""
        return sorted({sitting.wave for sitting in self.sittings} - {0})

    def scores(self, wave: int) -> dict[int, float]:
        """The known scores of one wave, by person."""
        return {
            sitting.person: sitting.score
            for sitting in self.sittings
            if sitting.wave == wave and sitting.score is not None
        }

    def pairs(self, wave: int) -> list[Pair]:
        """Everybody with a score at the first wave and at this one, by person."""
        before, after = self.scores(0), self.scores(wave)
        group = {sitting.person: sitting.group for sitting in self.sittings}
        return [
            Pair(person, group[person], before[person], after[person])
            for person in sorted(before.keys() & after.keys())
        ]

    def first_items(self) -> list[Items]:
        """What was answered to each item at the first wave."""
        return [sitting.items for sitting in self.sittings if sitting.wave == 0 and sitting.items]


@dataclass(frozen=True)
class Recalled:
    """One subscale, asked in one sitting about before and now."""

    subscale: str
    recalls: tuple[Recall, ...]

    design = Design.RECALLED

    def __post_init__(self) -> None:
        if not all(isinstance(recall, Recall) for recall in self.recalls):
            raise StudyError(f"{self.subscale}: only answers of one sitting belong here")
        people = [recall.person for recall in self.recalls]
        if len(set(people)) < len(people):
            raise StudyError(f"{self.subscale}: somebody answered twice")

    def pairs(self) -> list[Pair]:
        """Everybody with a score for before and for now, by person."""
        found = [
            Pair(recall.person, recall.group, recall.before, recall.now)
            for recall in self.recalls
            if recall.before is not None and recall.now is not None
        ]
        return sorted(found, key=lambda pair: pair.person)

    def first_items(self) -> list[Items]:
        """What was answered about before."""
        return [recall.items for recall in self.recalls if recall.items]


Study = Followed | Recalled


def _one_group_each(subscale: str, places: Iterable[tuple[int, int]]) -> None:
    group: dict[int, int] = {}
    for person, place in places:
        if group.setdefault(person, place) != place:
            raise StudyError(f"{subscale}: #{person} answered in two groups")
