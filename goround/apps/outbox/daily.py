from __future__ import annotations

from datetime import datetime, timedelta

from goround.apps.jobs.daily import every_day
from goround.apps.outbox.models import Message

# Long enough to answer "did you write to me?", and no longer.
KEPT = timedelta(days=90)


@every_day("forget old messages")
def forget_old(at: datetime) -> None:
    """Drop what ended long ago: a list of who was told what is a list of who comes here."""
    Message.objects.filter(ended_at__lt=at - KEPT).delete()


@every_day("give up late messages")
def give_up_late(at: datetime) -> None:
    """What waits past its time, as where no mail service was set up, is given up."""
    late = Message.objects.filter(status=Message.Status.WAITING, best_before__lte=at)
    late.filter(leased_until=None).update(
        status=Message.Status.GIVEN_UP,
        because=Message.Because.TOO_LATE,
        ended_at=at,
        leased_until=None,
    )
