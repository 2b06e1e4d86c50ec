"""A lead's open key between two pages: half in the session, half in a cookie.

The private key lies in the session locked under a random key that only an HttpOnly cookie
holds. A copy of the session table opens nothing, and neither does a stolen cookie by itself.
Fifteen minutes after it was opened it opens nothing either.

    kept, cookie = hold(private, lead_key_id=…, at=now)     # a dict for the session, a str
    private = take(kept, cookie, lead_key_id=…, at=now)     # or None: ask for the phrase
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from goround.apps.keys.holding import new_nonce
from goround.domain.privacy.envelope import SECRET_BYTES, Key, Spot, Unreadable, lock, unlock

OPEN_FOR = timedelta(minutes=15)


def hold(private_key: bytes, *, lead_key_id: int, at: datetime) -> tuple[dict[str, Any], str]:
    """What the session keeps and what the cookie says; neither is enough alone."""
    key, until = Key.of(secrets.token_bytes(SECRET_BYTES)), int((at + OPEN_FOR).timestamp())
    locked = lock(private_key, key=key, spot=_spot(lead_key_id, until), nonce=new_nonce())
    kept = {"locked": _text(locked), "until": until}
    return kept, _text(key.secret)


def take(
    kept: Mapping[str, Any] | None, cookie: str | None, *, lead_key_id: int, at: datetime
) -> bytes | None:
    """The private key, or None when it is closed: too late, or a half is missing or wrong."""
    if not kept or not cookie or at.timestamp() >= kept["until"]:
        return None
    try:
        key = Key.of(urlsafe_b64decode(cookie))
        spot = _spot(lead_key_id, kept["until"])
        return unlock(urlsafe_b64decode(kept["locked"]), key=key, spot=spot)
    except (NotBase64, ValueError, Unreadable):
        return None


def _spot(lead_key_id: int, until: int) -> Spot:
    # The end belongs to the spot: nobody who can write the session makes it longer.
    return Spot("session", f"open until {until}", lead_key_id, 0)


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode()
