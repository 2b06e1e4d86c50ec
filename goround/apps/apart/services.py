"""Who must not meet whom is recorded and closed; nothing is ever deleted.

The organisation's lock makes each pair one record at a time: the database cannot, because it
cannot read them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.apart.asking import hold
from goround.apps.apart.models import KeepApart
from goround.apps.audit import services as audit
from goround.apps.keys.models import SealedText
from goround.apps.keys.sealing import seal
from goround.apps.organisations.models import Organisation
from goround.apps.people.models import Parent
from goround.domain.privacy.apart import Pair, Scope


class NotOfThisOrganisation(ValueError):
    """One of the two is of another organisation."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a lead says of a record, by the ids of the two. Only leads and the card read it."""

    parts: dict[str, str]
    reason: str
    authorised_by: str


@transaction.atomic
def record(
    *, one: Parent, other: Parent, scope: Scope, told: Told | None, by: User, at: datetime
) -> KeepApart:
    """Let two parents never meet from now on.

    Two already kept apart keep the record they have; one that came with a list takes the words
    that it lacks. Whoever is in one group already stays there: see
    ``groups.selectors.meeting_now``.
    """
    if one.organisation_id != other.organisation_id:
        raise NotOfThisOrganisation(f"{one} and {other} are of two organisations")
    hold(one.organisation_id)
    pair = Pair.of(one.pk, other.pk, scope)
    kept = _open_record(one.organisation_id, pair)
    if kept is None:
        kept = KeepApart.objects.create(
            organisation=one.organisation,
            source=KeepApart.Source.LEAD,
            recorded_by=by,
            recorded_at=at,
        )
        _lock_each([(kept, pair)])
        audit.record("keep_apart.recorded", kept, by=by, at=at)
    if told and kept.told is None:
        kept.told = _seal(kept, "keep-apart", told)
        kept.save(update_fields=["told"])
        audit.record("keep_apart.explained", kept, by=by, at=at)
    return kept


@transaction.atomic
def record_listed(
    *, organisation: Organisation, pairs: Sequence[tuple[int, int]], by: User | None, at: datetime
) -> int:
    """Record the pairs that a list names; how many were new.

    A pair that was ever recorded stays as it is: no list reopens what a lead has closed.
    """
    hold(organisation.pk)
    known = {_two(row.pair) for row in KeepApart.objects.filter(organisation=organisation)}
    wanted = sorted({Pair.of(*pair) for pair in pairs}, key=_two)
    unknown = [pair for pair in wanted if _two(pair) not in known]
    new = KeepApart.objects.bulk_create(
        KeepApart(
            organisation=organisation,
            source=KeepApart.Source.LIST,
            recorded_by=by,
            recorded_at=at,
        )
        for _ in unknown
    )
    _lock_each(zip(new, unknown, strict=True))
    audit.record_each(
        kind="keep_apart.recorded", subjects=new, organisation_id=organisation.pk, by=by, at=at
    )
    return len(new)


@transaction.atomic
def close(*, kept: KeepApart, because: str, by: User, at: datetime) -> KeepApart:
    """Let the two meet again. The record stays; one closed before is left as it is."""
    hold(kept.organisation_id)
    held = KeepApart.objects.select_for_update(of=("self",), no_key=True).get(pk=kept.pk)
    if held.closed_at:
        return held
    held.closed_by, held.closed_at = by, at
    held.told_at_the_end = seal(
        organisation_id=held.organisation_id, kind="keep-apart end", row_id=held.pk, text=because
    )
    held.save(update_fields=["closed_by", "closed_at", "told_at_the_end"])
    audit.record("keep_apart.closed", held, by=by, at=at)
    return held


def _open_record(organisation_id: int, pair: Pair) -> KeepApart | None:
    rows = KeepApart.objects.filter(organisation=organisation_id, closed_at=None)
    there = (row for row in rows.order_by("pk") if _two(row.pair) == _two(pair))
    return next(there, None)


def _two(pair: Pair) -> tuple[int, int]:
    return pair.one, pair.other


def _lock_each(rows: Iterable[tuple[KeepApart, Pair]]) -> None:
    locked = []
    for row, pair in rows:
        row.lock(pair)
        locked.append(row)
    KeepApart.objects.bulk_update(locked, ["locked"])


def _seal(kept: KeepApart, kind: str, told: Told) -> SealedText:
    return seal(
        organisation_id=kept.organisation_id,
        kind=kind,
        row_id=kept.pk,
        text=json.dumps(asdict(told)),
    )
