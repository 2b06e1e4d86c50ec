"""A picture of some responses: all of an organisation's, or one group's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from goround.apps.evidence.pictures import Line, Picture
from goround.apps.evidence.studies import Measure, followed, measures, recalled, since
from goround.domain.change import Design, Study
from goround.domain.change.measuring import outcomes
from goround.domain.surveys import Instrument, ScoredResponse


def picture_of(
    instrument: Instrument, responses: Sequence[ScoredResponse], design: Design, *, least_pairs: int
) -> Picture:
    """Subscales are adjusted for one another, and single questions among themselves."""
    is_recalled = design is Design.RECALLED
    study: Callable[[Measure, Sequence[ScoredResponse]], Study]
    study = recalled if is_recalled else followed
    lines: list[Line] = []
    for questions in (False, True):
        kind = {m.key: m for m in measures(instrument) if m.is_question is questions}
        studies = [study(measure, responses) for measure in kind.values()]
        for outcome in outcomes(studies, least_pairs=least_pairs):
            measure = kind[outcome.subscale]
            lines.append(
                Line(
                    dict(measure.words),
                    measure.low,
                    measure.high,
                    measure.is_question,
                    since(outcome.wave, is_recalled=is_recalled),
                    outcome,
                )
            )
    return Picture(
        survey=instrument.name,
        credit=instrument.rights.credit,
        design=design,
        people=len({response.person for response in responses} - {None}),
        groups=len({response.group for response in responses}),
        unlinked=sum(response.person is None for response in responses),
        unsure=len(instrument.open_marks),
        least_pairs=least_pairs,
        lines=tuple(lines),
    )
