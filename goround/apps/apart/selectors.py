"""Keep-apart records, for an organisation's safeguarding leads and nobody else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from goround.apps.apart.models import KeepApart
from goround.apps.audit import services as audit
from goround.apps.keys.sealing import open_each
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import Viewer, organisations_for
from goround.apps.people.models import Parent
from goround.domain.privacy.apart import Pair

MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Person:
    """One of the two, by the alias they go by; none for somebody who was erased."""

    pk: int
    alias: str


@dataclass(frozen=True, slots=True)
class Kept:
    row: KeepApart
    pair: Pair
    one: Person
    other: Person


@dataclass(frozen=True, slots=True)
class ToldOf:
    """What is sealed; ``is_readable`` is False where it was not sealed to this lead."""

    is_readable: bool
    part_of_one: str = ""
    part_of_other: str = ""
    reason: str = ""
    authorised_by: str = ""
    at_the_end: str = ""


def kept_for(viewer: Viewer, organisation: Organisation) -> list[Kept]:
    """Every record of the organisation, the newest first. Two queries."""
    rows = list(_rows(viewer, organisation).order_by("-recorded_at", "-pk"))
    return _with_people(rows, organisation)


def kept_one(viewer: Viewer, organisation: Organisation, pk: int) -> Kept | None:
    return next(
        iter(_with_people(list(_rows(viewer, organisation).filter(pk=pk)), organisation)), None
    )


@transaction.atomic
def told_of(viewer: Viewer, kept: Kept, *, private_key: bytes, at: datetime) -> ToldOf:
    """What is sealed about a record; that it was opened is written down."""
    row = kept.row
    sealed = [text for text in (row.told, row.told_at_the_end) if text]
    texts = open_each(private_key, sealed)
    if sealed:
        audit.record("keep_apart.opened", row, by=viewer, at=at)
    said = json.loads(texts.get(row.told_id or 0, "{}"))
    parts = said.get("parts", {})
    return ToldOf(
        is_readable=len(texts) == len(sealed),
        part_of_one=parts.get(str(kept.one.pk), ""),
        part_of_other=parts.get(str(kept.other.pk), ""),
        reason=said.get("reason", ""),
        authorised_by=said.get("authorised_by", ""),
        at_the_end=texts.get(row.told_at_the_end_id or 0, ""),
    )


def people_called(viewer: Viewer, organisation: Organisation, called: str) -> list[Parent]:
    """Parents whose alias holds these letters, for a lead who records a pair."""
    may = organisations_for(viewer, needs=Permission.HANDLE_CONCERNS)
    found = Parent.objects.filter(
        organisation=organisation, organisation__in=may, alias__icontains=called
    )
    return list(found.order_by("alias", "pk")[:MOST_FOUND])


def _rows(viewer: Viewer, organisation: Organisation) -> QuerySet[KeepApart]:
    may = organisations_for(viewer, needs=Permission.HANDLE_CONCERNS)
    rows = KeepApart.objects.filter(organisation=organisation, organisation__in=may)
    return rows.select_related("recorded_by", "closed_by", "told", "told_at_the_end")


def _with_people(rows: list[KeepApart], organisation: Organisation) -> list[Kept]:
    pairs = [(row, row.pair) for row in rows]
    ids = {pk for _, pair in pairs for pk in (pair.one, pair.other)}
    known = Parent.objects.filter(organisation=organisation, pk__in=ids)
    names = dict(known.values_list("pk", "alias"))
    return [
        Kept(
            row,
            pair,
            Person(pair.one, names.get(pair.one, "")),
            Person(pair.other, names.get(pair.other, "")),
        )
        for row, pair in pairs
    ]
