from __future__ import annotations

from datetime import datetime

from goround.apps.jobs.daily import every_day
from goround.apps.surveys.notices import remind_all


@every_day("ask newcomers and remind of surveys")
def remind(at: datetime) -> None:
    remind_all(at=at)
