"""The second factor: an app that shows codes, and words for the day it is lost."""

from __future__ import annotations

from datetime import datetime
from hmac import compare_digest
from random import SystemRandom

import pyotp
from django.db import transaction
from django.utils.crypto import salted_hmac

from goround.apps.accounts.guessing import guess
from goround.apps.accounts.hiding import hide, show
from goround.apps.accounts.models import CodeApp, Passkey, RecoveryCode, User
from goround.apps.audit import services as audit
from goround.apps.keys.roots import derived
from goround.domain.privacy.alias import passphrase as words_of
from goround.domain.privacy.guessing import Secret, plain_words

RECOVERY_CODES, WORDS_EACH = 8, 4
# A phone's clock may be half a minute off, and typing takes time.
STEPS_AROUND = (-1, 0, 1)


def new_secret() -> str:
    return pyotp.random_base32()


def address_for_app(secret: str, *, user: User, issuer: str) -> str:
    """What the app's camera reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.handle, issuer_name=issuer)


@transaction.atomic
def add_code_app(*, user: User, secret: str, code: str, by: User, at: datetime) -> bool:
    """Ask for codes of this app from now on, in place of one before; False for a wrong code."""
    step = guess(
        secret=Secret.SECOND_FACTOR,
        name=user.handle,
        at=at,
        check=lambda: _step_of(secret, code, at),
    )
    if step is None:
        return False
    CodeApp.objects.filter(user=user).delete()
    app = CodeApp.objects.create(
        user=user, hidden_secret=hide(secret, user_id=user.pk), added_at=at, last_step=step
    )
    audit.record("code_app.added", app, by=by, at=at, user=user.pk)
    return True


@transaction.atomic
def make_recovery_codes(*, user: User, by: User, at: datetime) -> list[str]:
    """Eight new ones, in place of all before. Returned once and kept nowhere."""
    RecoveryCode.objects.filter(user=user).delete()
    codes = [words_of(SystemRandom(), WORDS_EACH) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, words_hash=_hash(user, words)) for words in codes
    )
    audit.record("recovery_codes.made", user, by=by, at=at)
    return codes


def second_factor_fits(*, user: User, code: str, at: datetime) -> bool:
    """Whether this is the app's code or an unused recovery code; using it uses it up.

    Raises ``TooManyTries``.
    """
    found = guess(
        secret=Secret.SECOND_FACTOR,
        name=user.handle,
        at=at,
        check=lambda: _used(user, code, at) or None,
    )
    return bool(found)


@transaction.atomic
def forget_factors(*, user: User, by: User, at: datetime) -> None:
    """Remove app, passkeys and recovery codes: somebody begins anew."""
    gone = 0
    for model in (CodeApp, Passkey, RecoveryCode):
        gone += model._default_manager.filter(user=user).delete()[0]
    if gone:
        audit.record("factors.removed", user, by=by, at=at)


def _used(user: User, code: str, at: datetime) -> bool:
    plain = code.replace(" ", "")
    if plain.isdigit():
        return _app_code_used(user, plain, at)
    unused = RecoveryCode.objects.filter(user=user, words_hash=_hash(user, code), used_at=None)
    return bool(unused.update(used_at=at))


def _app_code_used(user: User, code: str, at: datetime) -> bool:
    """Each code once: of two that arrive together one finds its half minute gone."""
    app = CodeApp.objects.filter(user=user).first()
    step = _step_of(show(bytes(app.hidden_secret), user_id=user.pk), code, at) if app else None
    if app is None or step is None:
        return False
    return bool(CodeApp.objects.filter(pk=app.pk, last_step__lt=step).update(last_step=step))


def _step_of(secret: str, code: str, at: datetime) -> int | None:
    """The half minute the code belongs to, if it is one around now."""
    totp = pyotp.TOTP(secret)
    now = totp.timecode(at)
    for step in (now + offset for offset in STEPS_AROUND):
        if compare_digest(totp.generate_otp(step), code.replace(" ", "")):
            return step
    return None


def _hash(user: User, words: str) -> str:
    value = f"{user.pk} {plain_words(words)}"
    key = derived("recovery codes")
    return salted_hmac("goround.recovery_code", value, secret=key, algorithm="sha256").hexdigest()
