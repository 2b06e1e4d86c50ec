"""The figures of a report as they are kept, with the words they need to be read later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from goround.domain.change import (
    Change,
    Design,
    Doubt,
    Effect,
    Interval,
    Method,
    Missing,
    Moved,
    Outcome,
    Reliability,
)

# A group knows its members: fewer than this who moved one way could be told by name.
LEAST_TOLD = 3


@dataclass(frozen=True)
class Line:
    """One subscale, or one question that stands by itself, at one later wave.

    ``since`` is "post", "now" for what was recalled, or "year-1", "year-2" and so on.
    """

    words: Mapping[str, str]
    low: float
    high: float
    is_question: bool
    since: str
    outcome: Outcome

    def name(self, language: str) -> str:
        """In this language, else in English, else by its key."""
        found = self.words.get(language) or self.words.get("en") or self.outcome.subscale
        return str(found)


@dataclass(frozen=True)
class Picture:
    """``unlinked`` answers came without a link: nobody knows whose earlier ones they follow.

    ``unsure`` is how many points of the survey's definition nobody has compared with its source.
    """

    survey: str
    credit: str
    design: Design
    people: int
    groups: int
    unlinked: int
    unsure: int
    least_pairs: int
    lines: tuple[Line, ...]

    @property
    def subscales(self) -> list[Line]:
        return [line for line in self.lines if not line.is_question]

    @property
    def questions(self) -> list[Line]:
        return [line for line in self.lines if line.is_question]

    @property
    def may_count_moves(self) -> bool:
        """Whether how many moved each way may be told to who knows each of them.

        Nobody is counted where one or two stand alone, nor where all went the same way.
        """
        moves = [line.outcome.any_move for line in self.lines if line.outcome.any_move]
        return all(
            number == 0 or LEAST_TOLD <= number < moved.people
            for moved in moves
            for number in (moved.improved, moved.same, moved.worse)
        )

    @property
    def pairs(self) -> int:
        """The most pairs that any line has."""
        return max((line.outcome.pairs for line in self.lines), default=0)

    @property
    def too_few(self) -> bool:
        return all(line.outcome.too_few for line in self.lines)

    def plain(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self)

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Picture:
        return cls(
            **{
                **plain,
                "design": Design(plain["design"]),
                "lines": tuple(_line(line) for line in plain["lines"]),
            }
        )


def _line(plain: Mapping[str, Any]) -> Line:
    return Line(**{**plain, "outcome": _outcome(plain["outcome"])})


def _outcome(plain: Mapping[str, Any]) -> Outcome:
    read: dict[str, Any] = dict(plain, design=Design(plain["design"]))
    for name, kind in (("any_move", Moved), ("reliable_move", Moved)):
        read[name] = kind(**plain[name]) if plain[name] else None
    for name, held in (("effect", Effect), ("reliability", Reliability), ("missing", Missing)):
        read[name] = held(**_with_interval(plain[name])) if plain[name] else None
    read["change"] = _change(plain["change"]) if plain["change"] else None
    return Outcome(**read)


def _change(plain: Mapping[str, Any]) -> Change:
    doubt = Doubt(plain["doubt"]) if plain["doubt"] else None
    return Change(**{**_with_interval(plain), "method": Method(plain["method"]), "doubt": doubt})


def _with_interval(plain: Mapping[str, Any]) -> dict[str, Any]:
    interval = Interval(**plain["interval"]) if plain["interval"] else None
    return {**plain, "interval": interval}
