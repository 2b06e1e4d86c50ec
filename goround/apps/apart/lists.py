"""Pairs that an imported list names, recorded like any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from goround.apps.accounts.models import User
from goround.apps.apart.services import record_listed
from goround.apps.organisations.models import Organisation
from goround.apps.people.imports.parting import keeps_apart


@keeps_apart
def from_list(
    organisation: Organisation, pairs: Sequence[tuple[int, int]], by: User, at: datetime
) -> None:
    record_listed(organisation=organisation, pairs=pairs, by=by, at=at)
