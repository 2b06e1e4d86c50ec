"""A recurrence as the text of an RFC 5545 RRULE, and back."""

import re
from datetime import UTC, date, datetime, timedelta

from goround.domain.calendar.recurrence import (
    WEEKS_BETWEEN,
    Recurrence,
    RecurrenceError,
    Rhythm,
    at_local,
    end_of_day,
)

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NUMBERS = {None, "1", "2", "3", "4", "-1", "+1", "+2", "+3", "+4"}
_DAY = re.compile(r"(?P<nth>[+-]?\d+)?(?P<day>MO|TU|WE|TH|FR|SA|SU)")
_KNOWN = {"FREQ", "INTERVAL", "BYDAY", "BYSETPOS", "UNTIL", "COUNT", "WKST"}


def to_rrule(rule: Recurrence) -> str:
    """Such as ``FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=10``.

    ``until`` is written in UTC, as RFC 5545 asks beside a start with a time zone.
    """
    if rule.rhythm is Rhythm.MONTHLY:
        parts = ["FREQ=MONTHLY", f"BYDAY={rule.nth}{_DAYS[rule.weekdays[0]]}"]
    else:
        weeks = WEEKS_BETWEEN[rule.rhythm]
        parts = ["FREQ=WEEKLY"]
        parts += [f"INTERVAL={weeks}"] if weeks > 1 else []
        parts += ["BYDAY=" + ",".join(_DAYS[weekday] for weekday in rule.weekdays)]
    if rule.until is not None:
        parts.append(f"UNTIL={end_of_day(rule, rule.until).astimezone(UTC):%Y%m%dT%H%M%SZ}")
    if rule.count is not None:
        parts.append(f"COUNT={rule.count}")
    return ";".join(parts)


def from_rrule(text: str, first: datetime, timezone: str, minutes: int) -> Recurrence:
    """The recurrence that ``text`` writes down; ``to_rrule`` gives the same text back.

    Other spellings of the same rules are read too. Raises ``RecurrenceError`` for a rule no group
    here can have (daily, the 31st, every five weeks): it is never bent into a near one.
    """
    parts = _parts(text)
    weekdays, nth = _weekdays(text, parts)
    rhythm = _rhythm(text, parts)
    if rhythm is not Rhythm.MONTHLY and nth is not None:
        raise RecurrenceError(f"{text!r} numbers its weekdays; only a monthly rule may")
    if rhythm is Rhythm.MONTHLY and nth is None:
        raise RecurrenceError(f"{text!r} is monthly; it must name one weekday, such as 2TU")
    endless = Recurrence(rhythm, first, timezone, minutes, weekdays, nth)
    _check_week_start(text, parts, endless)
    return Recurrence(
        rhythm,
        first,
        timezone,
        minutes,
        weekdays,
        nth,
        until=_until(endless, parts["UNTIL"]) if "UNTIL" in parts else None,
        count=_whole(text, parts["COUNT"]) if "COUNT" in parts else None,
    )


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.strip().removeprefix("RRULE:").upper().split(";"):
        name, equals, value = part.partition("=")
        if name not in _KNOWN or not equals or name in parts:
            raise RecurrenceError(f"{text!r} has {part!r}; no group's rule holds that")
        parts[name] = value
    return parts


def _rhythm(text: str, parts: dict[str, str]) -> Rhythm:
    every = _whole(text, parts.get("INTERVAL", "1"))
    if parts.get("FREQ") == "MONTHLY" and every == 1:
        return Rhythm.MONTHLY
    for rhythm, weeks in WEEKS_BETWEEN.items():
        if parts.get("FREQ") == "WEEKLY" and every == weeks:
            return rhythm
    raise RecurrenceError(f"{text!r} must repeat every one, two or three weeks, or every month")


def _weekdays(text: str, parts: dict[str, str]) -> tuple[tuple[int, ...], int | None]:
    """The weekdays, and which of the month where the rule numbers them."""
    found = [_DAY.fullmatch(day) for day in parts["BYDAY"].split(",")] if "BYDAY" in parts else []
    matches = [match for match in found if match]
    numbers = {match["nth"] for match in matches}
    if "BYSETPOS" in parts and numbers == {None} and parts.get("FREQ") == "MONTHLY":
        numbers = {parts["BYSETPOS"]}
    elif "BYSETPOS" in parts:
        numbers = {"?"}
    if len(matches) < len(found) or len(numbers) > 1 or not numbers <= _NUMBERS:
        raise RecurrenceError(f"{text!r} has weekdays no group's rule can hold")
    weekdays = tuple(_DAYS.index(match["day"]) for match in matches)
    number = next(iter(numbers), None)
    return weekdays, int(number) if number else None


def _check_week_start(text: str, parts: dict[str, str], rule: Recurrence) -> None:
    """With several days in every second week, where the week begins changes the days."""
    several = len(rule.weekdays) > 1 and rule.rhythm is not Rhythm.WEEKLY
    if several and parts.get("WKST", "MO") != "MO":
        raise RecurrenceError(f"{text!r} begins its weeks on another day than Monday")


def _until(rule: Recurrence, value: str) -> date:
    """The last local day on which a meeting could still start."""
    try:
        if "T" not in value:
            return datetime.strptime(value, "%Y%m%d").replace(tzinfo=UTC).date()
        moment = datetime.strptime(value.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
        end = moment.replace(tzinfo=UTC) if value.endswith("Z") else at_local(rule, moment)
        day = end.astimezone(rule.zone).date()
        starts_at = at_local(rule, datetime.combine(day, rule.first.time()))
        return day if starts_at <= end else day - timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise RecurrenceError(f"UNTIL is {value!r}; it must be a day or a time") from error


def _whole(text: str, value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", value):
        raise RecurrenceError(f"{text!r} has {value!r} where a whole number belongs")
    return int(value)
