"""The beginning of a vote: its days are looked at, its box is set up, its voters are told."""

from __future__ import annotations

from datetime import date, datetime

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.decisions import boxes
from goround.apps.decisions.models import Decision
from goround.apps.decisions.notices import tell_opened

MOST_DAYS_OPEN = 60


class TooFewForSecret(Exception):
    """Of two people who vote in secret, each knows what the other said."""


class WrongQuestion(ValueError):
    """The question cannot be voted on: no choice between two, or no day to vote on."""


def begin_voting(decision: Decision, *, by: User | None, at: datetime) -> None:
    """Set up the box and tell the members; the decision is saved and open."""
    if decision.is_secret:
        boxes.set_up(decision)
    tell_opened(decision, by=by, at=at)
    audit.record(
        "decision.opened",
        decision,
        by=by,
        at=at,
        group=decision.group_id,
        vote=decision.kind,
        secret=decision.is_secret,
        voters=len(decision.electorate),
    )


def check_days(today: date, closes_on: date) -> None:
    if not 0 <= (closes_on - today).days <= MOST_DAYS_OPEN:
        raise WrongQuestion(f"a vote is open for {MOST_DAYS_OPEN} days at most")
