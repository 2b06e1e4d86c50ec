"""What was answered, opened and scored: the one place that reads answers of many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from goround.apps.surveys.models import Response
from goround.domain.surveys import (
    Design,
    Instrument,
    ScoredResponse,
    items_turned,
    score,
)


def scored_rows(
    instrument: Instrument, rows: Iterable[Response], design: Design
) -> Iterator[ScoredResponse]:
    """Each response as figures, for counting and never for showing.

    ``rows`` come with their wave, by the day that opened. ``person`` is a number made up for this
    answer. Of ``ONE_SITTING`` each response comes twice, ``looks_back`` first.
    """
    numbers: dict[int, int] = {}
    waves: dict[int, list[int]] = defaultdict(list)
    first: dict[int, date] = {}
    for row in rows:
        wave = row.wave
        if wave.pk not in waves[wave.group_id]:
            waves[wave.group_id].append(wave.pk)
        began = first.setdefault(wave.group_id, wave.opens_on)
        person = row.respondent_id
        if person is not None:
            person = numbers.setdefault(person, len(numbers) + 1)
        elif design is Design.ONE_SITTING:
            # Both halves lie on one sheet: they are a pair without any link.
            person = numbers.setdefault(-row.pk, len(numbers) + 1)
        now, before = row.opened()
        halves = [(now, False)] if design is Design.TWO_TIMES else [(before, True), (now, False)]
        for answers, looks_back in halves:
            yield ScoredResponse(
                person=person,
                group=wave.group_id,
                wave=waves[wave.group_id].index(wave.pk) + 1,
                day=(wave.opens_on - began).days,
                kind=wave.wave_kind,
                design=design,
                subscales={one.part: one.value for one in score(instrument, answers)},
                items=items_turned(instrument, answers),
                looks_back=looks_back,
            )
