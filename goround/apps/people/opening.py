"""Parents' details, locked and opened many at once: the one place that does either.

Each parent has a key of their own (``goround.apps.keys.holding``). Once that key was erased,
nothing was ever said, as far as anybody can tell: the details open as empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from goround.apps.keys.holding import (
    HeldKey,
    erase,
    new_nonce,
    new_parent_keys,
    open_wrapped,
    open_wrapped_organisation_key,
)
from goround.apps.keys.models import DataKey
from goround.apps.keys.roots import KeyTrouble
from goround.apps.people.details import NOTHING_SAID, Details
from goround.apps.people.models import Parent, ParentDetails
from goround.domain.privacy.envelope import Key, Spot, Unreadable, lock, unlock

# Fewer than the variables that any SQLite allows in one statement.
AT_ONCE = 5_000


def open_details(parents: Iterable[Parent]) -> None:
    """Read the details of all these parents. One query for every five thousand.

    What was set on a parent and not written yet stays as it was set.
    """
    closed: dict[int, list[Parent]] = defaultdict(list)
    for parent in parents:
        if parent.opened is None and parent.pk:
            closed[parent.pk].append(parent)
    told = details_of(closed)
    for pk, rows in closed.items():
        for row in rows:
            row.opened = told.get(pk, NOTHING_SAID)


def details_of(parent_ids: Collection[int]) -> dict[int, Details]:
    """The details of those parents who told any and were not erased, by the parent's id."""
    found = dict[int, Details]()
    for some in _few(parent_ids):
        rows = ParentDetails.objects.filter(parent__in=some, data_key__id__isnull=False)
        columns = ("parent_id", "organisation_id", "locked", *_KEY_COLUMNS)
        for pk, organisation_id, locked, *wrapped in rows.values_list(*columns):
            key = _data_key(organisation_id, pk, *wrapped)
            found[pk] = Details.from_bytes(_open(locked, key, _spot(pk, organisation_id)))
    return found


def keep_details(parents: Sequence[Parent], *, new: bool = False) -> None:
    """Write the details of saved parents as they are now set, in the caller's transaction.

    ``new`` says that none of them has been kept before, and saves a look.
    """
    by_organisation: dict[int, list[Parent]] = defaultdict(list)
    for parent in parents:
        if parent.opened is not None:
            by_organisation[parent.organisation_id].append(parent)
    for organisation_id, rows in by_organisation.items():
        held = {} if new else held_keys([row.pk for row in rows])
        told = [row for row in rows if row.pk in held or row.details != NOTHING_SAID]
        fresh = [row.pk for row in told if row.pk not in held]
        _write(organisation_id, told, held | new_parent_keys(organisation_id, fresh))


def erase_details(*, parent_ids: Collection[int]) -> int:
    """Destroy what these parents told, and the keys it was locked with.

    A whole backup from before still holds both. The caller has the transaction and writes the
    audit entry. How many keys there were.
    """
    ParentDetails.objects.filter(parent__in=parent_ids).delete()
    return erase(parent_ids=parent_ids)


def own_key(parent: Parent) -> HeldKey:
    """The parent's own key, made when there is none yet; for what they write besides."""
    held = held_keys([parent.pk])
    return held.get(parent.pk) or new_parent_keys(parent.organisation_id, [parent.pk])[parent.pk]


def _write(organisation_id: int, parents: Sequence[Parent], keys: Mapping[int, HeldKey]) -> None:
    ParentDetails.objects.bulk_create(
        (
            ParentDetails(
                parent_id=parent.pk,
                organisation_id=organisation_id,
                data_key_id=keys[parent.pk].row,
                locked=lock(
                    parent.details.as_bytes(),
                    key=keys[parent.pk].key,
                    spot=_spot(parent.pk, organisation_id),
                    nonce=new_nonce(),
                ),
            )
            for parent in parents
        ),
        update_conflicts=True,
        unique_fields=["parent"],
        update_fields=["locked", "data_key"],
    )


_KEY_COLUMNS = (
    "data_key__wrapped",
    "data_key__organisation_key__wrapped",
)


def held_keys(parent_ids: Collection[int]) -> dict[int, HeldKey]:
    """The own keys of those parents who have one. One query for every five thousand."""
    held = dict[int, HeldKey]()
    columns = ("parent_id", "organisation_id", "pk", "wrapped", "organisation_key__wrapped")
    for some in _few(parent_ids):
        rows = DataKey.objects.filter(parent_id__in=some).values_list(*columns)
        for pk, organisation_id, row, *wrapped in rows:
            held[pk] = HeldKey(row, _data_key(organisation_id, pk, *wrapped))
    return held


def _data_key(organisation_id: int, parent_id: int, wrapped: bytes, upper: bytes) -> Key:
    return open_wrapped(
        organisation_id=organisation_id,
        parent_id=parent_id,
        wrapped=bytes(wrapped),
        upper=open_wrapped_organisation_key(bytes(upper), organisation_id),
    )


def _open(locked: bytes, key: Key, spot: Spot) -> bytes:
    try:
        return unlock(bytes(locked), key=key, spot=spot)
    except Unreadable as error:
        raise KeyTrouble(f"A parent's details do not open: {error}.") from error


def _spot(parent_id: int, organisation_id: int) -> Spot:
    return Spot("people_parentdetails", "locked", parent_id, organisation_id)


def _few(ids: Iterable[int]) -> Iterator[list[int]]:
    left = iter(ids)
    while some := list(islice(left, AT_ONCE)):
        yield some
