"""Safeguarding leads' keys and the recovery card: made, opened with a phrase, handed on.

    key, phrase = make_lead_key(organisation_id=…, user_id=…, at=now)   # the phrase is shown once
    private = open_lead_key(key, phrase, at=now)                        # or WrongPhrase
    welcome(newcomer, private_key=private)       # a lead with an open key lets a newcomer read
    words = make_recovery_key(organisation_id=…, private_key=private, at=now)
    remove_lead_key(organisation_id=…, user_id=…)

Whoever calls these has looked at roles, bounds the guesses, and writes the audit entry;
``goround.apps.organisations.leads`` does so for the pages.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from argon2.low_level import Type, hash_secret_raw
from django.db import transaction
from django.db.models import Q

from goround.apps.keys.holding import new_nonce
from goround.apps.keys.models import LeadKey, RecoveryKey, SealedKey, SealedText, SpokenKey
from goround.apps.keys.sealing import held_keys, keys_for, let_go_of_held, reseal
from goround.domain.privacy.alias import passphrase
from goround.domain.privacy.envelope import SECRET_BYTES, Key, Spot, Unreadable, lock, unlock
from goround.domain.privacy.sealed_box import public_of
from goround.domain.privacy.written_key import WordsWrong, key_from_words, key_in_words

# A phrase is typed a few times a day, so it may cost more than a sign-in.
MEMORY_KIB, PASSES = 64 * 1024, 3
SALT_BYTES = 16


class WrongPhrase(Exception):
    """These words do not open this key."""


class LastReader(Exception):
    """Nobody else could open the sealed records any more: no other lead and no proven card."""


class NotTheCard(Exception):
    """The words on the card are not the ones of this organisation's recovery key."""


@transaction.atomic
def make_lead_key(*, organisation_id: int, user_id: int, at: datetime) -> tuple[LeadKey, str]:
    """A lead's new key and the phrase that opens it, which is kept nowhere.

    A key that this person had before goes. What was sealed before the organisation had a lead
    is handed to the first. Raises ``LastReader`` rather than make records unreadable.
    """
    remove_lead_key(organisation_id=organisation_id, user_id=user_id)
    phrase, private = passphrase(secrets.SystemRandom()), secrets.token_bytes(SECRET_BYTES)
    row = LeadKey(
        organisation_id=organisation_id,
        user_id=user_id,
        public=public_of(private),
        salt=secrets.token_bytes(SALT_BYTES),
        memory_kib=MEMORY_KIB,
        passes=PASSES,
        made_at=at,
    )
    key = phrase_key(row, phrase)
    row.private_locked = lock(private, key=key, spot=_spot(row), nonce=new_nonce())
    row.save()
    reseal(keys=held_keys(organisation_id), reader=row)
    return row, phrase


def open_lead_key(row: LeadKey, phrase: str, *, at: datetime) -> bytes:
    """The private key. Raises ``WrongPhrase``. Takes a fifth of a second, right or wrong."""
    try:
        private = unlock(bytes(row.private_locked), key=phrase_key(row, phrase), spot=_spot(row))
    except Unreadable:
        raise WrongPhrase(f"{row} does not open with these words") from None
    if row.proven_at is None:
        _prove(row, at=at)
    return private


@transaction.atomic
def _prove(row: LeadKey, *, at: datetime) -> None:
    """They have their phrase: nothing need be held for a first lead any more."""
    LeadKey.objects.filter(pk=row.pk).update(proven_at=at)
    row.proven_at = at
    reseal(keys=held_keys(row.organisation_id), reader=row)
    let_go_of_held(row.organisation_id)


@transaction.atomic
def welcome(newcomer: LeadKey, *, private_key: bytes) -> int:
    """Let a newcomer read what the holder of ``private_key`` can. How many records they lacked."""
    keys = keys_for(private_key)
    here = SealedText.objects.filter(organisation_id=newcomer.organisation_id, pk__in=keys)
    return reseal(keys={pk: keys[pk] for pk in here.values_list("pk", flat=True)}, reader=newcomer)


@transaction.atomic
def make_recovery_key(
    *, organisation_id: int, private_key: bytes, at: datetime
) -> tuple[RecoveryKey, tuple[str, ...]]:
    """A new recovery key and the words for its card, which are kept nowhere.

    An older card stops working. ``private_key`` is an open lead's: the new card opens
    what that lead can open.
    """
    private = secrets.token_bytes(SECRET_BYTES)
    RecoveryKey.objects.filter(organisation_id=organisation_id).delete()
    row = RecoveryKey.objects.create(
        organisation_id=organisation_id, public=public_of(private), made_at=at
    )
    here = SealedText.objects.filter(organisation_id=organisation_id).values_list("pk", flat=True)
    keys = keys_for(private_key)
    reseal(keys={pk: keys[pk] for pk in here if pk in keys}, reader=row)
    return row, key_in_words(private)


def open_recovery_key(*, organisation_id: int, words: str, at: datetime) -> bytes:
    """The private key that a card holds. Raises ``WordsWrong`` and ``NotTheCard``.

    Typing the card once proves that it was printed, and works.
    """
    private = key_from_words(words)
    rows = RecoveryKey.objects.filter(organisation_id=organisation_id, public=public_of(private))
    if not rows.exists():
        raise NotTheCard(f"no recovery key of organisation #{organisation_id} has these words")
    rows.filter(proven_at=None).update(proven_at=at)
    return private


@transaction.atomic
def remove_lead_key(*, organisation_id: int, user_id: int) -> bool:
    """Take a lead's key away; what is sealed from now on is not sealed to them.

    Raises ``LastReader`` when records are sealed and nobody else could open them all.
    """
    leads = LeadKey.objects.select_for_update(no_key=True).filter(organisation_id=organisation_id)
    going = leads.filter(user_id=user_id).first()
    if going is None:
        return False
    if going.proven_at and _only_for(going):
        raise LastReader(f"user #{user_id} is the last at organisation #{organisation_id}")
    going.delete()
    return True


def _only_for(going: LeadKey) -> bool:
    """Whether a record would be left that no other proven lead and no proven card opens."""
    others = SealedKey.objects.exclude(lead_key=going).filter(
        Q(lead_key__proven_at__isnull=False) | Q(recovery_key__proven_at__isnull=False)
    )
    mine = SealedKey.objects.filter(lead_key=going)
    return mine.exclude(sealed_text__in=others.values("sealed_text")).exists()


def lacking(newcomer: LeadKey) -> int:
    """How many of the organisation's sealed records a lead cannot open yet."""
    all_here = SealedText.objects.filter(organisation_id=newcomer.organisation_id)
    return all_here.exclude(pk__in=newcomer.sealed_keys.values("sealed_text")).count()


def phrase_key(row: LeadKey | SpokenKey, phrase: str) -> Key:
    """The key that these words make; upper case, hyphens and spaces do not matter."""
    plain = " ".join(phrase.replace("-", " ").lower().split())
    return Key.of(
        hash_secret_raw(
            plain.encode(),
            salt=bytes(row.salt),
            time_cost=row.passes,
            memory_cost=row.memory_kib,
            parallelism=1,
            hash_len=SECRET_BYTES,
            type=Type.ID,
        )
    )


def _spot(row: LeadKey) -> Spot:
    return Spot("keys_leadkey", "private_locked", row.user_id, row.organisation_id)


__all__ = [
    "LastReader",
    "NotTheCard",
    "WordsWrong",
    "WrongPhrase",
    "lacking",
    "make_lead_key",
    "make_recovery_key",
    "open_lead_key",
    "open_recovery_key",
    "phrase_key",
    "remove_lead_key",
    "welcome",
]
