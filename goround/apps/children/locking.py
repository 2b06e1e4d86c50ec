"""What is kept of children and their adults, locked many at once and opened many at once.

With the data key of the child's parent, which an erasure destroys; for a child who came in at
the door, and for barred adults, with the organisation's own. Once a parent's key is gone, what
it locked opens as empty.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass

from goround.apps.children.models import Adult, BarredAdult, Child, Visit
from goround.apps.keys.content import lock_text, locker, unlock_text
from goround.apps.keys.holding import new_nonce, new_parent_keys, open_data_key
from goround.apps.keys.models import DataKey
from goround.apps.keys.roots import KeyTrouble
from goround.domain.privacy.envelope import Key, Spot, Unreadable, lock, unlock

Keys = dict[int, Key]


@dataclass(frozen=True, slots=True)
class Needs:
    """What whoever looks after a child must know of them."""

    allergies: str = ""
    needs: str = ""

    def __repr__(self) -> str:
        return "Needs(…)"

    def __bool__(self) -> bool:
        return bool(self.allergies or self.needs)


def keys_of(parent_ids: Collection[int | None]) -> Keys:
    """The data keys of these parents, opened. One query."""
    ids = {pk for pk in parent_ids if pk}
    rows = DataKey.objects.filter(parent_id__in=ids).select_related("organisation_key")
    return {row.parent_id: open_data_key(row) for row in rows if row.parent_id}


def lock_needs(child: Child, needs: Needs) -> bytes:
    text = json.dumps(asdict(needs))
    return _lock(child, text, _spot(child, "children_child", "locked"))


def needs_of(child: Child) -> Needs:
    said = _open(child, child.locked, _spot(child, "children_child", "locked"), None)
    return Needs(**json.loads(said)) if said else Needs()


def lock_adult(adult: Adult, name: str) -> bytes:
    return _lock(adult.child, name, _spot(adult, "children_adult", "locked"))


def names_of(adults: Iterable[Adult]) -> dict[int, str]:
    """The adults' names, by their ids. One query, for rows that come with their child."""
    rows = list(adults)
    keys = keys_of({row.child.parent_id for row in rows})
    return {
        row.pk: _open(row.child, row.locked, _spot(row, "children_adult", "locked"), keys)
        for row in rows
    }


def lock_visitor(visit: Visit, column: str, name: str) -> bytes:
    return _lock(visit.child, name, _spot(visit, "children_visit", column))


def who_came(visits: Iterable[Visit]) -> dict[int, tuple[str, str]]:
    """Who brought and who collected, by the visit's id. One query."""
    rows = list(visits)
    keys = keys_of({row.child.parent_id for row in rows})
    return {
        row.pk: (
            _open(row.child, row.brought, _spot(row, "children_visit", "brought"), keys),
            _open(row.child, row.collected, _spot(row, "children_visit", "collected"), keys),
        )
        for row in rows
    }


def lock_beside(child: Child, name: str, *, table: str, row: int) -> bytes:
    """An adult's name in another app's row about this child, locked as the child's own are."""
    return _lock(child, name, Spot(table, "locked", row, child.organisation_id))


def open_beside(child: Child, locked: bytes | memoryview, *, table: str, row: int) -> str:
    return _open(child, locked, Spot(table, "locked", row, child.organisation_id), None)


def lock_barred(barred: BarredAdult, name: str) -> bytes:
    return lock_text(
        name,
        organisation_id=barred.organisation_id,
        table="children_barredadult",
        column="locked",
        row=barred.pk,
    )


def barred_name(barred: BarredAdult) -> str:
    if not barred.locked:
        return ""
    return unlock_text(
        barred.locked,
        organisation_id=barred.organisation_id,
        table="children_barredadult",
        column="locked",
        row=barred.pk,
    )


def _spot(row: Child | Adult | Visit, table: str, column: str) -> Spot:
    return Spot(table, column, row.pk, row.organisation_id)


def _lock(child: Child, text: str, spot: Spot) -> bytes:
    here = child.organisation_id
    if child.parent_id is None:
        return locker(here)(text, spot)
    key = keys_of([child.parent_id]).get(child.parent_id)
    key = key or new_parent_keys(here, [child.parent_id])[child.parent_id].key
    return lock(text.encode(), key=key, spot=spot, nonce=new_nonce())


def _open(child: Child, locked: bytes | memoryview, spot: Spot, keys: Keys | None) -> str:
    if not locked:
        return ""
    if child.parent_id is None:
        return unlock_text(
            locked,
            organisation_id=spot.organisation,
            table=spot.table,
            column=spot.column,
            row=spot.row,
        )
    held = keys_of([child.parent_id]) if keys is None else keys
    key = held.get(child.parent_id)
    if key is None:
        return ""
    try:
        return unlock(bytes(locked), key=key, spot=spot).decode()
    except Unreadable as error:
        raise KeyTrouble(f"Something about a child does not open: {error}.") from error
