"""From answers to figures. An answer skipped is no answer: never a zero, never a middle.

The mean of a subscale is that of the items answered (the manual's way for the Protective Factors
Survey, as remembered and marked in its file; see ``docs/surveys.md``): whoever skipped one item of
four counts as if they had answered it like the mean of the other three. Below the least number
answered there is no figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from goround.domain.surveys.schema import Instrument, Part

# A number on a scale, the boxes ticked (from 1), or None for a question skipped.
Answer = int | tuple[int, ...] | None
Answers = Mapping[str, Answer]


class Reason(StrEnum):
    TOO_FEW = "too-few-answered"


@dataclass(frozen=True, slots=True)
class Score:
    """One person's figure on one subscale; ``value`` is None for a ``reason``."""

    part: str
    value: float | None
    answered: int
    of: int
    at_least: int
    reason: Reason | None = None


def score(instrument: Instrument, answers: Answers) -> tuple[Score, ...]:
    """One for each subscale, in the instrument's order. Higher is more of what it measures."""
    turned = items_turned(instrument, answers)
    return tuple(_score(part, turned) for part in instrument.subscales)


def items_turned(instrument: Instrument, answers: Answers) -> dict[str, int]:
    """Every number answered, the reverse items turned round; what was skipped is not in it.

    Ticked boxes are not in it either: they have no place on a scale.
    """
    turned = {}
    for item in instrument.items:
        scale, answer = instrument.scale_of(item), answers.get(item.key)
        if scale is not None and isinstance(answer, int):
            turned[item.key] = scale.turned(answer) if item.reverse else answer
    return turned


def does_not_fit(instrument: Instrument, answers: Answers) -> list[str]:
    """The keys of answers that the instrument cannot have been answered with; empty is good."""
    known = {item.key: item for item in instrument.items}
    wrong = []
    for key, answer in answers.items():
        item = known.get(key)
        scale = instrument.scale_of(item) if item else None
        match answer:
            case None:
                fits = item is not None
            case bool():
                fits = False
            case int():
                fits = scale is not None and answer in scale.numbers
            case tuple():
                boxes = max((len(told) for told in item.options.values()), default=0) if item else 0
                fits = item is not None and item.is_ticks and set(answer) <= {*range(1, boxes + 1)}
            case _:
                fits = False
        if not fits:
            wrong.append(key)
    return wrong


def mean(values: Iterable[int], *, at_least: int) -> float | None:
    """Mean of what was answered, or None when too little was.

    >>> mean([4, 2], at_least=2)
    3.0
    """
    answered = list(values)
    return sum(answered) / len(answered) if len(answered) >= max(at_least, 1) else None


def _score(part: Part, turned: Mapping[str, int]) -> Score:
    answered = [turned[key] for key in part.items if key in turned]
    at_least = part.at_least or 1
    value = mean(answered, at_least=at_least)
    reason = Reason.TOO_FEW if value is None else None
    return Score(part.key, value, len(answered), len(part.items), at_least, reason)
