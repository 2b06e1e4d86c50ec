"""Texts that only an organisation's safeguarding leads and its recovery card can open.

    sealed = seal(organisation_id=7, kind="concern", row_id=3, text="...")    # a SealedText
    text = open_with(private_key, sealed)                                     # or NotForThisKey

Sealing needs nobody's phrase and never fails for want of a reader: until a lead of the
organisation has opened their key once, the content key is held under the organisation's key
besides, and handed to the lead who is first. ``private_key`` is what
``goround.apps.keys.opening`` gives back for the session of a lead who typed their phrase.
``open_each`` opens many in one query.

Point a one-to-one foreign key at the ``SealedText`` and delete it with its record.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q

from goround.apps.keys.content import lock_text, unlock_text
from goround.apps.keys.holding import new_key, new_nonce
from goround.apps.keys.models import LeadKey, RecoveryKey, SealedKey, SealedText
from goround.apps.keys.roots import KeyTrouble
from goround.domain.privacy.envelope import Key, Spot, Unreadable, lock, unlock
from goround.domain.privacy.sealed_box import KEY_BYTES, open_box, public_of, seal_to


class NotForThisKey(Exception):
    """This private key opens no copy of the sealed text's key."""


@transaction.atomic
def seal(*, organisation_id: int, kind: str, row_id: int | None, text: str) -> SealedText:
    """Seal a text to the organisation's leads and its recovery card."""
    return seal_and_tell(organisation_id=organisation_id, kind=kind, row_id=row_id, text=text)[0]


@transaction.atomic
def seal_and_tell(
    *, organisation_id: int, kind: str, row_id: int | None, text: str
) -> tuple[SealedText, Key]:
    """``seal``, with the content key besides, for somebody else who is to open this one text."""
    key = new_key()
    sealed = SealedText(organisation_id=organisation_id, kind=kind, row_id=row_id)
    sealed.locked = lock(text.encode(), key=key, spot=_spot(sealed), nonce=new_nonce())
    sealed.save()
    SealedKey.objects.bulk_create(_copies(sealed, key))
    return sealed, key


def open_with(private_key: bytes, sealed: SealedText) -> str:
    """The text. Raises ``NotForThisKey``, and ``KeyTrouble`` for one that was tampered with."""
    texts = open_each(private_key, [sealed])
    if sealed.pk not in texts:
        raise NotForThisKey(f"{sealed} is not sealed to this key")
    return texts[sealed.pk]


def open_each(private_key: bytes, sealed: Sequence[SealedText]) -> dict[int, str]:
    """Those that the key opens, by the sealed text's id; the others are absent."""
    found = keys_for(private_key, [row.pk for row in sealed])
    return {row.pk: open_text(row, found[row.pk]) for row in sealed if row.pk in found}


def keys_for(private_key: bytes, sealed_ids: Sequence[int] | None = None) -> dict[int, Key]:
    """The content keys that were sealed to this private key, by sealed text; all, or these."""
    public = public_of(private_key)
    mine = SealedKey.objects.filter(Q(lead_key__public=public) | Q(recovery_key__public=public))
    if sealed_ids is not None:
        mine = mine.filter(sealed_text__in=sealed_ids)
    boxes = mine.values_list("sealed_text_id", "box")
    return {pk: Key.of(open_box(private_key, bytes(box))) for pk, box in boxes}


def reseal(*, keys: dict[int, Key], reader: LeadKey | RecoveryKey) -> int:
    """Give a reader those content keys that they lack. How many there were."""
    have = set(reader.sealed_keys.values_list("sealed_text_id", flat=True))
    new = [box_for(pk, key, reader) for pk, key in keys.items() if pk not in have]
    SealedKey.objects.bulk_create(new)
    return len(new)


def held_keys(organisation_id: int) -> dict[int, Key]:
    """Content keys that wait under the organisation's key for the first lead."""
    rows = SealedKey.objects.filter(
        organisation_id=organisation_id, lead_key=None, recovery_key=None
    )
    return {
        pk: Key.of(bytes.fromhex(_held_text(bytes(box), organisation_id, pk)))
        for pk, box in rows.values_list("sealed_text_id", "box")
    }


def let_go_of_held(organisation_id: int) -> None:
    SealedKey.objects.filter(
        organisation_id=organisation_id, lead_key=None, recovery_key=None
    ).delete()


def box_for(sealed_id: int, key: Key, reader: LeadKey | RecoveryKey) -> SealedKey:
    box = seal_to(bytes(reader.public), key.secret, one_time=secrets.token_bytes(KEY_BYTES))
    return SealedKey(
        organisation_id=reader.organisation_id,
        sealed_text_id=sealed_id,
        lead_key=reader if isinstance(reader, LeadKey) else None,
        recovery_key=reader if isinstance(reader, RecoveryKey) else None,
        box=box,
    )


def _copies(sealed: SealedText, key: Key) -> Iterable[SealedKey]:
    leads = list(LeadKey.objects.filter(organisation_id=sealed.organisation_id))
    cards = list(RecoveryKey.objects.filter(organisation_id=sealed.organisation_id))
    readers: list[LeadKey | RecoveryKey] = [*leads, *cards]
    for reader in readers:
        yield box_for(sealed.pk, key, reader)
    if not any(lead.proven_at for lead in leads):
        box = _hold(key, sealed.organisation_id, sealed.pk)
        yield SealedKey(organisation_id=sealed.organisation_id, sealed_text=sealed, box=box)


def _hold(key: Key, organisation_id: int, sealed_id: int) -> bytes:
    return lock_text(
        key.secret.hex(),
        organisation_id=organisation_id,
        table="keys_sealedkey",
        column="box",
        row=sealed_id,
    )


def _held_text(box: bytes, organisation_id: int, sealed_id: int) -> str:
    return unlock_text(
        box, organisation_id=organisation_id, table="keys_sealedkey", column="box", row=sealed_id
    )


def open_text(sealed: SealedText, key: Key) -> str:
    """What the text says. Raises ``KeyTrouble`` for one that was tampered with."""
    try:
        return unlock(bytes(sealed.locked), key=key, spot=_spot(sealed)).decode()
    except Unreadable as error:
        raise KeyTrouble(f"A sealed text does not open: {error}.") from error


def _spot(sealed: SealedText) -> Spot:
    return Spot(f"sealed {sealed.kind}", "text", sealed.row_id or 0, sealed.organisation_id)
