from __future__ import annotations

from datetime import datetime

from goround.apps.jobs.daily import every_day
from goround.apps.meetings.services import plan_all


@every_day("plan meetings")
def plan(at: datetime) -> None:
    plan_all(by=None, at=at)
