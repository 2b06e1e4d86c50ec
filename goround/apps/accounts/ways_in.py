"""Words that open an account once: invitations, recovery cards, codes from a meeting."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from random import SystemRandom

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from goround.apps.accounts.factors import forget_factors
from goround.apps.accounts.guessing import guess
from goround.apps.accounts.models import User, WayIn
from goround.apps.accounts.sessions import end_sessions
from goround.apps.audit import services as audit
from goround.apps.keys.roots import derived
from goround.domain.privacy.alias import passphrase as words_of
from goround.domain.privacy.guessing import Secret, first_word, plain_words

Kind = WayIn.Kind

# Eight words are 88 bits, which need no key; four are said aloud and live for minutes.
WORDS = {Kind.SIGN_UP: 8, Kind.CARD: 8, Kind.CODE: 4}
GOOD_FOR = {
    Kind.SIGN_UP: timedelta(days=7),
    Kind.CARD: None,
    Kind.CODE: timedelta(minutes=20),
}
SECRETS = {Kind.SIGN_UP: Secret.SIGN_UP, Kind.CARD: Secret.CARD, Kind.CODE: Secret.CODE}
MADE = {
    Kind.SIGN_UP: "user.invited",
    Kind.CARD: "recovery_card.made",
    Kind.CODE: "code.issued",
}
USED = {
    Kind.SIGN_UP: "user.signed_up",
    Kind.CARD: "recovery_card.used",
    Kind.CODE: "code.used",
}
CODES_AN_HOUR = 3


class WayInClosed(Exception):
    """The words were used before, replaced by newer ones, or their time is over."""


class AccountClosed(Exception):
    """No words open a closed account, so none are made for it."""


class TooManyCodes(Exception):
    """So many codes were made for this account lately that there is none for now."""


@transaction.atomic
def make_way_in(*, user: User, kind: WayIn.Kind, by: User | None, at: datetime) -> str:
    """New words for ``user``; earlier ones of the same kind open nothing from now on.

    They are returned once and kept nowhere. Raises ``TooManyCodes`` and ``AccountClosed``.
    """
    if not User.objects.select_for_update(no_key=True).get(pk=user.pk).is_active:
        raise AccountClosed(f"{user} is closed")
    if kind is Kind.CODE:
        _leave_some_time(user, at)
    _open(at).filter(user=user, kind=kind).update(good_until=at)
    words = words_of(SystemRandom(), WORDS[kind])
    good_for = GOOD_FOR[kind]
    way = WayIn.objects.create(
        user=user,
        kind=kind,
        words_hash=_hash(kind, words),
        made_by=by,
        made_at=at,
        good_until=at + good_for if good_for else None,
    )
    audit.record(MADE[kind], way, by=by, at=at, user=user.pk)
    return words


def way_in_by_words(*, kind: WayIn.Kind, words: str, at: datetime) -> WayIn | None:
    """What the words open, if anything. Raises ``TooManyTries``."""
    return guess(
        secret=SECRETS[kind],
        name=first_word(words),
        at=at,
        check=lambda: _open(at).filter(kind=kind, words_hash=_hash(kind, words)).first(),
    )


def way_in_found(*, way_id: int, at: datetime) -> WayIn | None:
    """One whose words were said before in this session, if it is still open."""
    return _open(at).filter(pk=way_id).select_related("user").first()


@transaction.atomic
def come_in(*, way: WayIn, passphrase: str, at: datetime) -> User:
    """Choose a passphrase by a way in, which it uses up. Every session before is ended.

    An invitation also clears a second factor: it is how somebody who lost everything begins
    anew. Raises ``WayInClosed``, and ``ValidationError`` for a passphrase that will not do.
    """
    if not _open(at).filter(pk=way.pk).update(used_at=at):
        raise WayInClosed
    user = User.objects.select_for_update(no_key=True).get(pk=way.user_id)
    validate_password(passphrase, user)
    user.set_password(passphrase)
    user.save(update_fields=["password"])
    if way.kind == Kind.SIGN_UP:
        forget_factors(user=user, by=user, at=at)
    end_sessions(user=user)
    audit.record(USED[Kind(way.kind)], way, by=user, at=at, user=user.pk)
    return user


@transaction.atomic
def mark_told(*, user: User, by: User, at: datetime) -> None:
    """Its owner has read of the codes that were made for this account."""
    WayIn.objects.filter(user=user, kind=Kind.CODE, told_at=None).update(told_at=at)


def _leave_some_time(user: User, at: datetime) -> None:
    lately = WayIn.objects.filter(user=user, kind=Kind.CODE, made_at__gt=at - timedelta(hours=1))
    if lately.count() >= CODES_AN_HOUR:
        raise TooManyCodes(f"{CODES_AN_HOUR} codes within an hour for {user}")


def _open(at: datetime) -> QuerySet[WayIn]:
    """Ways in that open something now."""
    in_time = Q(good_until=None) | Q(good_until__gt=at)
    return WayIn.objects.filter(in_time, used_at=None, user__is_active=True)


def _hash(kind: WayIn.Kind, words: str) -> str:
    plain = f"goround {kind} {plain_words(words)}"
    if kind is Kind.CODE:
        key = derived("codes from a meeting")
        return salted_hmac("goround.code", plain, secret=key, algorithm="sha256").hexdigest()
    return sha256(plain.encode()).hexdigest()
