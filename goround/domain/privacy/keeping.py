"""How long things are kept: a network's rules, read from TOML, and what they mean on a day."""

from __future__ import annotations

import calendar
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class Kept(StrEnum):
    """What a rule is about; each has one in every file."""

    WAITING = "waiting"
    LEFT = "left"
    INVITATIONS = "invitations"
    REPLIES = "replies"
    AGREEMENTS = "agreements"
    OFFERS = "offers"
    NOTES = "notes"
    JOIN_REQUESTS = "join-requests"
    MARKS = "marks"
    PROOFS = "proofs"
    DECISIONS = "decisions"
    CHECK_INS = "check-ins"
    TOPICS = "topics"
    PROMISES = "promises"
    GOALS = "goals"
    CONSENTS = "consents"
    LISTS = "lists"
    LISTS_BEGUN = "lists-begun"
    ROUNDS = "rounds"
    ANSWERS = "answers"
    REPORTS = "reports"
    JOBS = "jobs"
    SESSIONS = "sessions"
    ERASURES = "erasures"
    CHILDREN = "children"
    CHILDREN_KEPT = "children-kept"
    TRAIL = "trail"


@dataclass(frozen=True, slots=True)
class Rule:
    """Kept for so many months or days, and why no shorter or longer."""

    because: str
    months: int = 0
    days: int = 0

    def before(self, at: datetime) -> datetime:
        """What is from before this moment is kept no longer."""
        return months_before(at, self.months) - timedelta(days=self.days)


Rules = Mapping[Kept, Rule]


class RulesWrong(Exception):
    """A file of rules cannot be used; ``problems`` has a sentence for each mistake."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_rules(text: str, *, besides: Rules | None = None) -> Rules:
    """The rules of a file. Raises ``RulesWrong``, naming every mistake at once.

    ``besides`` stands in for kinds that the file does not know of yet: it was put in force
    before Goround kept such things.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulesWrong([f"The file is not TOML: {error}."]) from None
    known = {kind.value for kind in Kept}
    problems = [
        f"[{name}] is not a thing that rules are about." for name in tables if name not in known
    ]
    problems += [
        f"[{name}] is missing." for name in sorted(known - set(tables) - set(besides or ()))
    ]
    for name, table in tables.items():
        if name in known:
            problems += [f"[{name}] {what}" for what in _mistakes(table)]
    if problems:
        raise RulesWrong(problems)
    return {**(besides or {}), **{Kept(name): Rule(**table) for name, table in tables.items()}}


def _mistakes(table: Any) -> list[str]:
    if not isinstance(table, dict):
        return ["must be a table with months or days, and because."]
    said = []
    because = table.get("because")
    if not isinstance(because, str) or not because.strip():
        said.append("must say because = a reason in words.")
    if ("months" in table) == ("days" in table):
        said.append("must say months or days, one of them.")
    for unit in ("months", "days"):
        number = table.get(unit, 1)
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= 1_200:
            said.append(f"{unit} must be a whole number from 1 to 1200.")
    said += [f"{name} is not known." for name in table if name not in {"because", "months", "days"}]
    return said


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and hour so many months earlier; the month's last day where it has no such.

    >>> months_before(datetime(2026, 3, 31), 1)
    datetime.datetime(2026, 2, 28, 0, 0)
    """
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
