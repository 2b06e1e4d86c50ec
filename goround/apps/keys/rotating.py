"""A new root key, or a new key for one organisation: what lies below is wrapped anew, no more."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from goround.apps.keys.holding import (
    check_root_key,
    data_spot,
    new_nonce,
    new_organisation_key,
    open_data_key,
    open_organisation_key,
    organisation_spot,
)
from goround.apps.keys.models import DataKey, OrganisationKey, Sentinel
from goround.apps.keys.roots import KeyTrouble, replace_key_file, root_keys
from goround.domain.privacy.envelope import SECRET_BYTES, wrap


def add_root_key(*, at: datetime) -> str:
    """Put a new root key at the head of the key file, beside the old ones; its name.

    The file comes first: killed in between, everything still opens, and it is begun again.
    """
    check_root_key()
    ring = root_keys()
    name = next(name for name in _names(at) if name not in ring.roots)
    replace_key_file(Path(settings.KEY_FILE), ring.with_newest(name, _new_secret()))
    return name


@transaction.atomic
def wrap_anew() -> int:
    """Wrap every organisation's key under the newest root key; how many were not yet.

    Data keys, and what they lock, stay as they are.
    """
    check_root_key()
    newest = root_keys().newest
    rows = OrganisationKey.objects.select_for_update(no_key=True).exclude(root_id=newest.id.hex())
    changed = list(rows.order_by("pk"))
    for row in changed:
        spot = organisation_spot(row.organisation_id)
        key = open_organisation_key(row)
        row.wrapped = wrap(key, under=newest, spot=spot, nonce=new_nonce())
        row.root_id = newest.id.hex()
    OrganisationKey.objects.bulk_update(changed, ["wrapped", "root_id"], batch_size=500)
    return len(changed)


def forget_old_root_keys() -> int:
    """Take all but the newest root key out of the key file; how many. A backup still needs them.

    Raises ``KeyTrouble`` while an organisation's key is wrapped under one of them.
    """
    ring = root_keys()
    newest = ring.newest.id.hex()
    if OrganisationKey.objects.exclude(root_id=newest).exists():
        raise KeyTrouble(
            "Some organisation keys still need an older root key. Nothing was taken out of the "
            "key file. Run this first: goround keys rotate"
        )
    Sentinel.objects.exclude(root_id=newest).delete()
    replace_key_file(Path(settings.KEY_FILE), ring.only_newest())
    return len(ring.roots) - 1


@transaction.atomic
def renew_organisation_key(organisation_id: int) -> None:
    """Give the organisation a new key; what is made from now on is wrapped under it.

    The one before stays until the next time: somebody may be about to wrap a parent's key under it.
    """
    here = OrganisationKey.objects.filter(organisation_id=organisation_id)
    here.filter(is_current=False, datakey=None).delete()
    here.filter(is_current=True).update(is_current=False)
    new_organisation_key(organisation_id)


def wrap_data_keys_anew(organisation_id: int) -> int:
    """Wrap each data key under the organisation's current key; how many were not yet.

    What they lock stays as it is. A parent's key made while this runs may still be wrapped under
    the one before: it opens, and is seen to the next time.
    """
    with transaction.atomic():
        current = OrganisationKey.objects.get(organisation_id=organisation_id, is_current=True)
        under = open_organisation_key(current)
        rows = DataKey.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
        here = rows.filter(organisation_id=organisation_id)
        older = list(here.exclude(organisation_key=current).select_related("organisation_key"))
        for row in older:
            spot = data_spot(organisation_id, row.parent_id)
            row.wrapped = wrap(open_data_key(row), under=under, spot=spot, nonce=new_nonce())
            row.organisation_key = current
        DataKey.objects.bulk_update(older, ["wrapped", "organisation_key"], batch_size=300)
    return len(older)


def _names(at: datetime) -> Iterator[str]:
    yield f"{at:%Y-%m-%d}"
    yield from (f"{at:%Y-%m-%d}.{number}" for number in range(2, 1_000))


def _new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)
