"""Answers as the person who gave them would read them."""

from __future__ import annotations

from goround.domain.surveys.schema import Instrument, Item, in_language
from goround.domain.surveys.scoring import Answer, Answers


def in_words(
    instrument: Instrument, answers: Answers, language: str, *, comma: str = ","
) -> list[str]:
    """One line for each question answered, in the instrument's order; skipped ones are left out.

    ``comma`` stands between the boxes that were ticked.
    """
    lines = []
    for item in instrument.items:
        answer = answers.get(item.key)
        if answer is not None:
            question = in_language(item.words, language) or item.key
            lines.append(f"{question}: {_said(instrument, item, answer, language, comma)}")
    return lines


def _said(instrument: Instrument, item: Item, answer: Answer, language: str, comma: str) -> str:
    if isinstance(answer, tuple):
        options = in_language(item.options, language) or ()
        return f"{comma} ".join(options[box - 1] for box in answer if box <= len(options)) or "–"
    scale = instrument.scale_of(item)
    label = scale.labels_in(language).get(answer or 0, "") if scale else ""
    return f"{answer} ({label})" if label else str(answer)
