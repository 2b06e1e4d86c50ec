"""Whether the key file opens every key that is stored."""

from __future__ import annotations

from dataclasses import dataclass

from goround.apps.keys.holding import check_root_key, open_data_key, open_organisation_key
from goround.apps.keys.models import DataKey, OrganisationKey
from goround.apps.keys.roots import KeyTrouble

AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Checked:
    organisations: int
    data: int
    # A sentence for each key that does not open, naming it and never showing it.
    troubles: tuple[str, ...]


def check_keys() -> Checked:
    """Open every stored key once. Raises ``KeyTrouble`` when the key file is not the one."""
    check_root_key()
    troubles: list[str] = []
    rows = list(OrganisationKey.objects.order_by("pk"))
    for row in rows:
        try:
            open_organisation_key(row)
        except KeyTrouble as error:
            troubles.append(f"{row}: {error}")
    data = DataKey.objects.select_related("organisation_key").order_by("pk")
    opened = 0
    for key in data.iterator(chunk_size=AT_ONCE):
        opened += 1
        try:
            open_data_key(key)
        except KeyTrouble as error:
            troubles.append(f"{key}: {error}")
    return Checked(len(rows), opened, tuple(troubles))
