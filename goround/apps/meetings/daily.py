from __future__ import annotations

from datetime import datetime

from goround.apps.jobs.daily import every_day
from goround.apps.meetings.notices import remind_all
from goround.apps.meetings.services import plan_all


@every_day("plan meetings")
def plan(at: datetime) -> None:
    plan_all(by=None, at=at)


@every_day("remind of meetings")
def remind(at: datetime) -> None:
    remind_all(at=at)
