"""Work that comes round every day, and the worker's small clock for it.

Nothing is stored: a worker does all of it when it starts and again after every midnight (UTC).
So whatever is registered here must be safe to do twice, by two workers at once too.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime

from goround.apps.walls.places import working_for_all

log = logging.getLogger("goround.jobs")

Chore = Callable[[datetime], object]
_chores: dict[str, Chore] = {}


def every_day(name: str) -> Callable[[Chore], Chore]:
    """Register work to be done every day; it is given the moment it is done at."""

    def register(chore: Chore) -> Chore:
        _chores[name] = chore
        return chore

    return register


class Clock:
    """Knows on which day the daily work was last tried by this worker."""

    def __init__(self) -> None:
        self.done_on: date | None = None

    def tick(self, *, at: datetime) -> bool:
        """Do the daily work unless it was done today; whether there was any to do.

        One chore that fails is logged by its type alone and does not keep back the others.
        """
        if self.done_on == at.date():
            return False
        self.done_on = at.date()
        for name, chore in _chores.items():
            try:
                with working_for_all():
                    chore(at)
            except Exception as error:
                log.error("the daily work %r failed with %s", name, type(error).__name__)
        return bool(_chores)
