from __future__ import annotations

from datetime import datetime

from goround.apps.jobs.daily import every_day
from goround.apps.joining.leaving import forget_leavings
from goround.apps.joining.services import answer_due


@every_day("answer whoever asked to join by today")
def answer(at: datetime) -> None:
    answer_due(by=None, at=at)


@every_day("forget who left by themselves before today")
def forget(at: datetime) -> None:
    forget_leavings(by=None, at=at)
