"""One sealed text for one person besides the leads, who was told six words for it.

    sealed, phrase = seal_for_one(organisation_id=…, user_id=…, kind="reader", row_id=3, text="…")
    text = open_spoken(sealed.spoken_key, phrase)           # or WrongPhrase
    sealed.spoken_key.delete()                              # the words open nothing any more

The words open this text and no other, and nobody else's sign-in is of use with them.
"""

from __future__ import annotations

import secrets

from django.db import transaction

from goround.apps.keys import lead_keys
from goround.apps.keys.holding import new_nonce
from goround.apps.keys.lead_keys import WrongPhrase, phrase_key
from goround.apps.keys.models import SealedText, SpokenKey
from goround.apps.keys.sealing import open_text, seal_and_tell
from goround.domain.privacy.alias import passphrase
from goround.domain.privacy.envelope import Key, Spot, Unreadable, lock, unlock


@transaction.atomic
def seal_for_one(
    *, organisation_id: int, user_id: int, kind: str, row_id: int, text: str
) -> tuple[SealedText, str]:
    """Sealed to the leads as ever; and the phrase for one more, which is kept nowhere."""
    sealed, content = seal_and_tell(
        organisation_id=organisation_id, kind=kind, row_id=row_id, text=text
    )
    phrase = passphrase(secrets.SystemRandom())
    row = SpokenKey(
        organisation_id=organisation_id,
        sealed_text=sealed,
        user_id=user_id,
        salt=secrets.token_bytes(lead_keys.SALT_BYTES),
        memory_kib=lead_keys.MEMORY_KIB,
        passes=lead_keys.PASSES,
    )
    under = phrase_key(row, phrase)
    row.locked = lock(content.secret, key=under, spot=_spot(row), nonce=new_nonce())
    row.save()
    return sealed, phrase


def open_spoken(row: SpokenKey, phrase: str) -> str:
    """The text. Raises ``WrongPhrase``. Takes a fifth of a second, right or wrong."""
    try:
        content = unlock(bytes(row.locked), key=phrase_key(row, phrase), spot=_spot(row))
    except Unreadable:
        raise WrongPhrase(f"{row} does not open with these words") from None
    return open_text(row.sealed_text, Key.of(content))


def _spot(row: SpokenKey) -> Spot:
    return Spot(
        f"keys_spokenkey of user {row.user_id}", "locked", row.sealed_text_id, row.organisation_id
    )
