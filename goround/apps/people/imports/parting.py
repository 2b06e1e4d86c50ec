"""Where the column ``apart`` of a list goes: to whoever keeps such records.

They stand above people in the order of the apps and register themselves here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from goround.apps.accounts.models import User
from goround.apps.organisations.models import Organisation

# Organisation, pairs of parents' ids, by whom, when.
Keeper = Callable[[Organisation, Sequence[tuple[int, int]], User, datetime], None]
_keepers: list[Keeper] = []


def keeps_apart(keeper: Keeper) -> Keeper:
    """Register who is told of every pair that a list names. Told twice must be told once."""
    _keepers.append(keeper)
    return keeper


def keep_apart(
    organisation: Organisation, pairs: Sequence[tuple[int, int]], by: User, at: datetime
) -> None:
    for keeper in _keepers:
        keeper(organisation, pairs, by, at)
