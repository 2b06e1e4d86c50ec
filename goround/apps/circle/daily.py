from __future__ import annotations

from datetime import datetime

from goround.apps.circle.services import forget_closed
from goround.apps.jobs.daily import every_day


@every_day("forget circles that nobody closed")
def forget(at: datetime) -> None:
    forget_closed(by=None, at=at)
