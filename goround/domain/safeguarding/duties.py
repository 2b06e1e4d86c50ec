"""What the law of a place sets dates for, as data; never legal advice."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

MOST_HOURS = 24 * 366
AT_ONCE = timedelta(hours=1)
RAISED, REPORT = "raised", "report"


class DutiesError(ValueError):
    """The text is no duties. The message names the line's key, the value and the rule."""


@dataclass(frozen=True, slots=True)
class DutyStep:
    """One thing to do, within so many hours after the concern was raised or was reported."""

    name: str
    words: str
    within_hours: int
    source: str
    after: str = RAISED


@dataclass(frozen=True, slots=True)
class Duties:
    """What is asked of whom in one place. Whoever relies on it asks a lawyer first."""

    key: str
    name: str
    who: str
    checked_on: date
    steps: tuple[DutyStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    step: DutyStep
    due_at: datetime

    def is_over(self, *, at: datetime) -> bool:
        """What is due at once is called overdue after an hour."""
        grace = AT_ONCE if self.step.within_hours == 0 else timedelta(0)
        return at > self.due_at + grace


def deadlines(
    duties: Duties,
    *,
    raised_at: datetime,
    reported_at: datetime | None,
    done: Collection[str] = (),
) -> list[Deadline]:
    """What is still to be done and by when, the first due first; ``done`` names steps.

    A step that counts from the report has no date before there is one.
    """
    begins = {RAISED: raised_at, REPORT: reported_at}
    open_steps = [step for step in duties.steps if step.name not in done]
    found = [
        Deadline(step, begin + timedelta(hours=step.within_hours))
        for step in open_steps
        if (begin := begins[step.after]) is not None
    ]
    return sorted(found, key=lambda deadline: deadline.due_at)


def read_duties(text: str) -> Duties:
    """Raises ``DutiesError`` with the first mistake."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DutiesError(f"This is no TOML: {error}.") from None
    steps = data.get("step", [])
    if not isinstance(steps, list):
        raise DutiesError("step must be written [[step]], once for each.")
    names = [step.get("name") for step in steps]
    if len(set(names)) != len(names):
        raise DutiesError("Two steps have one name. Give each its own.")
    checked_on = data.get("checked_on")
    if not isinstance(checked_on, date):
        raise DutiesError(f"checked_on is {checked_on!r}; it must be a date, as in 2026-11-22.")
    return Duties(
        key=_text(data, "key", 60),
        name=_text(data, "name", 120),
        who=_text(data, "who", 600),
        checked_on=checked_on,
        steps=tuple(map(_step, steps)),
    )


def _step(data: dict[str, Any]) -> DutyStep:
    hours, after = data.get("within_hours"), data.get("after", RAISED)
    if not isinstance(hours, int) or isinstance(hours, bool) or not 0 <= hours <= MOST_HOURS:
        raise DutiesError(f"within_hours is {hours!r}; it must be a whole number of hours.")
    if after not in {RAISED, REPORT}:
        raise DutiesError(f'after is {after!r}; it must be "raised" or "report".')
    return DutyStep(
        name=_text(data, "name", 60),
        words=_text(data, "words", 600),
        within_hours=hours,
        source=_text(data, "source", 300),
        after=after,
    )


def _text(data: dict[str, Any], key: str, longest: int) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise DutiesError(f"{key} is {value!r}; it must be a text of at most {longest} letters.")
    return value.strip()
