"""From scored answers to studies: one for each subscale, and for each question by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from goround.domain import change
from goround.domain.change import Followed, Recall, Recalled, Sitting
from goround.domain.surveys import Instrument, ScoredResponse, WaveKind

BEFORE, POST, FIRST_YEAR = 0, 1, 2


@dataclass(frozen=True)
class Measure:
    """What is measured: a subscale, or one question; and how to find it in a response."""

    key: str
    words: Mapping[str, str]
    low: float
    high: float
    is_question: bool
    score: Callable[[ScoredResponse], float | None]
    items: Callable[[ScoredResponse], change.Items]


def measures(instrument: Instrument) -> list[Measure]:
    """Subscales in the instrument's order, then the questions that are reported one by one."""
    found = []
    for part in instrument.parts:
        scaled = [item for key in part.items if (item := instrument.item(key)).scale]
        if part.is_subscale:
            found.append(_subscale(instrument, part.key, part.words, tuple(i.key for i in scaled)))
        else:
            found += [_question(instrument, item.key, item.words) for item in scaled]
    return sorted(found, key=lambda measure: measure.is_question)


def _ends(instrument: Instrument, keys: Iterable[str]) -> tuple[float, float]:
    scales = [scale for key in keys if (scale := instrument.scale_of(instrument.item(key)))]
    return float(min(scale.low for scale in scales)), float(max(scale.high for scale in scales))


def _subscale(
    instrument: Instrument, key: str, words: Mapping[str, str], items: tuple[str, ...]
) -> Measure:
    return Measure(
        key,
        words,
        *_ends(instrument, items),
        is_question=False,
        score=lambda response: response.subscales.get(key),
        items=lambda response: tuple(response.items.get(item) for item in items),
    )


def _question(instrument: Instrument, key: str, words: Mapping[str, str]) -> Measure:
    return Measure(
        key,
        words,
        *_ends(instrument, [key]),
        is_question=True,
        score=lambda response: response.items.get(key),
        items=lambda response: (response.items.get(key),),
    )


def followed(measure: Measure, responses: Sequence[ScoredResponse]) -> Followed:
    """By each person's own waves: their first survey, the one at the end, then years."""
    sittings = [
        Sitting(person, theirs.group, wave, measure.score(theirs), measure.items(theirs))
        for person, own in _by_person(responses).items()
        for wave, theirs in own_waves(own).items()
    ]
    return Followed(measure.key, tuple(sittings))


def recalled(measure: Measure, responses: Sequence[ScoredResponse]) -> Recalled:
    """By each sheet's two halves; who sat twice counts with their last sheet."""
    recalls = []
    for person, own in _by_person(responses).items():
        last = max(response.wave for response in own)
        halves = {response.looks_back: response for response in own if response.wave == last}
        if len(halves) == 2:
            back, now = halves[True], halves[False]
            recalls.append(
                Recall(
                    person,
                    now.group,
                    measure.score(back),
                    measure.score(now),
                    measure.items(back),
                )
            )
    return Recalled(measure.key, tuple(recalls))


def own_waves(responses: Sequence[ScoredResponse]) -> dict[int, ScoredResponse]:
    """One person's answers by wave: the first "before", the last "after", each year's in turn.

    Without a first survey nothing can follow from it; what came after still counts as somebody
    who answered only then.
    """
    by_kind: dict[WaveKind, list[ScoredResponse]] = defaultdict(list)
    for response in sorted(responses, key=lambda response: response.wave):
        by_kind[response.kind].append(response)
    found = {}
    if first := by_kind[WaveKind.PRE]:
        found[BEFORE] = first[0]
    if last := by_kind[WaveKind.POST]:
        found[POST] = last[-1]
    return found | dict(enumerate(by_kind[WaveKind.YEARLY], start=FIRST_YEAR))


def since(wave: int, *, is_recalled: bool) -> str:
    """The name by which a picture keeps a later wave."""
    if is_recalled:
        return "now"
    return "post" if wave == POST else f"year-{wave - FIRST_YEAR + 1}"


def _by_person(responses: Iterable[ScoredResponse]) -> dict[int, list[ScoredResponse]]:
    """Everybody whose answers are linked; the others cannot be followed."""
    by_person: dict[int, list[ScoredResponse]] = defaultdict(list)
    for response in responses:
        if response.person is not None:
            by_person[response.person].append(response)
    return by_person
