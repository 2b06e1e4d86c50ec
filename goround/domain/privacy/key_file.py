"""The text of the root key file: named root keys, newest first, and one lasting secret.

    # a remark
    root home-2026 <44 letters, base64>
    root first <44 letters>
    lasting <44 letters>

The root keys lock the organisations' keys and may be changed. From the lasting secret the
other keys of the installation are derived: it stays the same when the root keys change.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass

from goround.domain.privacy.envelope import SECRET_BYTES, Key

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}")

HEADING = """\
# Goround's root keys, newest first. Whoever has this file and the database can read everything
# but sealed records. Whoever loses it cannot read contact details ever again.
# Keep a copy on paper or in a password safe, and never beside a backup.
"""


class KeyFileWrong(Exception):
    """The text is no key file. Says the line and what is wrong with it, never the key."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The root keys by name, newest first, and the lasting secret."""

    roots: Mapping[str, Key]
    lasting: bytes

    @property
    def newest(self) -> Key:
        return next(iter(self.roots.values()))

    def root(self, key_id: bytes) -> Key | None:
        return next((key for key in self.roots.values() if key.id == key_id), None)

    def with_newest(self, name: str, secret: bytes) -> KeyRing:
        return KeyRing({name: Key.of(secret), **self.roots}, self.lasting)

    def only_newest(self) -> KeyRing:
        return KeyRing(dict(list(self.roots.items())[:1]), self.lasting)

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self.names())})"

    def names(self) -> list[str]:
        """Each root key as people are told of it: its name and its id."""
        return [f"{name} ({key.id.hex()})" for name, key in self.roots.items()]


def read_key_file(text: str) -> KeyRing:
    """Raises ``KeyFileWrong``, naming the first wrong line."""
    roots: dict[str, Key] = {}
    lasting = b""
    for number, line in enumerate(text.splitlines(), start=1):
        match line.split():
            case []:
                continue
            case [word, *_] if word.startswith("#"):
                continue
            case ["root", name, told] if _NAME.fullmatch(name) and name not in roots:
                roots[name] = Key.of(_secret(told, number))
            case ["lasting", told] if not lasting:
                lasting = _secret(told, number)
            case _:
                raise KeyFileWrong(f"line {number} is neither a new root key nor a remark")
    if not roots or not lasting:
        raise KeyFileWrong("it has no root key or no lasting secret; part of it is missing")
    return KeyRing(roots, lasting)


def key_file_text(ring: KeyRing) -> str:
    lines = [f"root {name} {_told(key.secret)}" for name, key in ring.roots.items()]
    return HEADING + "\n".join([*lines, f"lasting {_told(ring.lasting)}", ""])


def _told(secret: bytes) -> str:
    return b64encode(secret).decode()


def _secret(told: str, number: int) -> bytes:
    try:
        secret = b64decode(told, validate=True)
    except NotBase64:
        secret = b""
    if len(secret) != SECRET_BYTES:
        raise KeyFileWrong(f"line {number} holds no whole key; part of it is missing or mistyped")
    return secret
