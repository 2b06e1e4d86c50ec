"""What nobody needs any more goes every day: counts of wrong tries, and sessions that are over."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session

from goround.apps.accounts.guessing import forget_old_tries
from goround.apps.jobs.daily import every_day


@every_day("forget old tries and sessions")
def forget(at: datetime) -> None:
    forget_old_tries(at=at)
    Session.objects.filter(expire_date__lte=at).delete()
