"""Figures of many people together, and which of them would tell about one.

A figure of fewer than the least number of people is not shown. A total leaves people out where
taking away the waves that are shown would leave only a few of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from goround.domain.surveys.pairing import ScoredResponse

# Of the people behind a figure that a page shows. A report for outside has rules of its own.
LEAST = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean and how many people it is of. ``mean`` is None where it is of too few to show."""

    people: int
    mean: float | None
    # Too little answered of this part for a figure of theirs.
    unknown: int = 0
    # In waves too small to be shown, and too few to hide among one another.
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Summed:
    """The figures of one wave, or of all; ``figures`` is empty where too few answered at all."""

    group: int
    people: int
    figures: Mapping[str, Figure]

    @property
    def is_shown(self) -> bool:
        return bool(self.figures)


@dataclass(frozen=True, slots=True)
class Summary:
    """Each wave of each group by itself, because each has a page, and all together."""

    waves: tuple[Summed, ...]
    total: Summed


def summarise(
    responses: Iterable[ScoredResponse], keys: Sequence[str], *, least: int = LEAST
) -> Summary:
    """``keys`` are of subscales or of single items."""
    by_wave: dict[tuple[int, int], list[ScoredResponse]] = {}
    for response in responses:
        by_wave.setdefault((response.group, response.wave), []).append(response)
    waves = tuple(
        _summed(group, told, keys, least) for (group, _wave), told in sorted(by_wave.items())
    )
    everybody = [response for told in by_wave.values() for response in told]
    if len(everybody) < least:
        return Summary(waves, Summed(0, len(everybody), {}))
    figures = {key: _added(key, list(by_wave.values()), least) for key in keys}
    return Summary(waves, Summed(0, len(everybody), figures))


def _summed(group: int, told: Sequence[ScoredResponse], keys: Sequence[str], least: int) -> Summed:
    if len(told) < least:
        return Summed(group, len(told), {})
    return Summed(group, len(told), {key: _figure(told, key, least) for key in keys})


def _figure(told: Sequence[ScoredResponse], key: str, least: int) -> Figure:
    values = _values(told, key)
    mean = sum(values) / len(values) if len(values) >= least else None
    return Figure(len(values), mean, len(told) - len(values))


def _values(told: Sequence[ScoredResponse], key: str) -> list[float]:
    return [value for one in told if (value := _value(one, key)) is not None]


def _value(response: ScoredResponse, key: str) -> float | None:
    return response.subscales[key] if key in response.subscales else response.items.get(key)


def _added(key: str, waves: Sequence[Sequence[ScoredResponse]], least: int) -> Figure:
    """All together. Of the waves too small to be shown either many people are in it or nobody."""
    by_wave = [_values(told, key) for told in waves]
    unknown = sum(len(told) for told in waves) - sum(map(len, by_wave))
    large = [value for values in by_wave if len(values) >= least for value in values]
    small = [value for values in by_wave if len(values) < least for value in values]
    left_out = len(small) if len(small) < least else 0
    values = large if left_out else large + small
    mean = sum(values) / len(values) if len(values) >= least else None
    return Figure(len(values), mean, unknown, left_out)
