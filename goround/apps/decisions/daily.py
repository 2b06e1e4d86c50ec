from __future__ import annotations

from datetime import datetime

from goround.apps.decisions.services.elections import begin_all_due
from goround.apps.decisions.services.voting import end_all_over
from goround.apps.jobs.daily import every_day


@every_day("begin and count votes whose day has come")
def count_votes(at: datetime) -> None:
    begin_all_due(by=None, at=at)
    end_all_over(by=None, at=at)
