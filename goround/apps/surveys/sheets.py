"""A sheet is one form handed out: which wave it is of, from which minute, and that it counts once.

It travels with the page, signed, so that neither the server nor the device has to remember it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from django.core import signing

SALT = "goround.surveys.sheet"


@dataclass(frozen=True, slots=True)
class Sheet:
    wave_id: int
    began_at: datetime
    once: str

    def minutes(self, *, at: datetime) -> int:
        """Whole minutes since it was handed out, from the beginning of that minute."""
        return max(0, int((at - self.began_at).total_seconds()) // 60)


def new_sheet(wave_id: int, *, at: datetime) -> str:
    minute = int(at.timestamp()) // 60
    told = {"wave": wave_id, "minute": minute, "once": secrets.token_hex(16)}
    return signing.dumps(told, salt=SALT)


def read_sheet(signed: str, *, wave_id: int) -> Sheet | None:
    """The sheet, or None for one of another wave or that we did not hand out."""
    try:
        told = signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        return None
    if told["wave"] != wave_id:
        return None
    once = sha256(f"goround sheet {told['once']}".encode()).hexdigest()
    return Sheet(wave_id, datetime.fromtimestamp(told["minute"] * 60, tz=UTC), once)
