"""A new root key: organisation keys are wrapped anew, and nothing else is touched."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from goround.apps.keys.holding import (
    check_root_key,
    new_nonce,
    open_organisation_key,
    organisation_spot,
)
from goround.apps.keys.models import OrganisationKey, Sentinel
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


def _names(at: datetime) -> Iterator[str]:
    yield f"{at:%Y-%m-%d}"
    yield from (f"{at:%Y-%m-%d}.{number}" for number in range(2, 1_000))


def _new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)
