"""Adults who may never collect a child: written down and ended by a safeguarding lead.

The children's leader sees the name on the page where a child is handed over. Why is sealed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import chains
from goround.apps.audit import services as audit
from goround.apps.children.locking import barred_name, lock_barred
from goround.apps.children.models import BarredAdult, Child
from goround.apps.children.services import LONGEST_NAME
from goround.apps.keys.sealing import seal
from goround.domain.children.adults import words_of


@transaction.atomic
def bar(
    *,
    children: Sequence[Child],
    name: str,
    reason: str,
    authorised_by: str,
    by: User,
    at: datetime,
) -> list[BarredAdult]:
    """Let an adult never collect these children, from this moment on.

    Whoever is barred from a child already stays as they are.
    """
    for organisation in sorted({child.organisation_id for child in children}):
        chains.hold(organisation)
    return [_bar(child, name, reason, authorised_by, by=by, at=at) for child in children]


@transaction.atomic
def end(*, barred: BarredAdult, by: User, at: datetime) -> None:
    """The adult is like any other again. The record stays, with who ended it."""
    chains.hold(barred.organisation_id)
    held = BarredAdult.objects.select_for_update(of=("self",), no_key=True).get(pk=barred.pk)
    if held.ended_at:
        return
    held.ended_by, held.ended_at = by, at
    held.save(update_fields=["ended_by", "ended_at"])
    audit.record("barred_adult.ended", held, by=by, at=at)


def _bar(
    child: Child, name: str, reason: str, authorised_by: str, *, by: User, at: datetime
) -> BarredAdult:
    for there in child.barred.filter(ended_at=None).order_by("pk"):
        if words_of(barred_name(there)) == words_of(name):
            return there
    row = BarredAdult.objects.create(child=child, barred_by=by, barred_at=at)
    row.locked = lock_barred(row, name[:LONGEST_NAME])
    row.told = seal(
        organisation_id=row.organisation_id,
        kind="barred adult",
        row_id=row.pk,
        text=json.dumps({"reason": reason, "authorised_by": authorised_by}),
    )
    row.save(update_fields=["locked", "told"])
    audit.record("barred_adult.recorded", row, by=by, at=at)
    return row
