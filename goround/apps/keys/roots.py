"""The root key file: read, made where that is allowed, and what is derived from it.

``derived("audit")`` gives an app a key of its own that needs no row: the same purpose
always gives the same 32 bytes, and no purpose's key says anything of another's. It comes from
the file's lasting secret and so survives a change of the root keys.

``root_keys()`` is for this app alone.
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from goround.domain.privacy.envelope import SECRET_BYTES, Key
from goround.domain.privacy.key_file import KeyFileWrong, KeyRing, key_file_text, read_key_file


class KeyTrouble(Exception):
    """The keys cannot be used, in words for whoever keeps the server. Never says a key."""


def derived(purpose: str) -> bytes:
    """32 bytes for one purpose, the same on every call and in every process."""
    info = b"goround derived key: " + purpose.encode()
    return HKDF(SHA256(), length=SECRET_BYTES, salt=None, info=info).derive(root_keys().lasting)


def root_keys() -> KeyRing:
    """What the key file holds now. Raises ``KeyTrouble``; makes the file in demo and tests."""
    path = Path(settings.KEY_FILE)
    if not path.exists() and not settings.PRODUCTION:
        make_key_file(path)
    try:
        about = path.stat()
    except OSError as error:
        raise KeyTrouble(_no_file(path, error)) from error
    return _read(path, about.st_mtime_ns, about.st_size, about.st_ino)


@lru_cache(maxsize=4)
def _read(path: Path, *_changes_with_the_file: int) -> KeyRing:
    _see_that_it_is_private(path)
    try:
        return read_key_file(path.read_text(encoding="ascii"))
    except (KeyFileWrong, UnicodeDecodeError) as error:
        why = error if isinstance(error, KeyFileWrong) else "it is no plain text"
        raise KeyTrouble(
            f"The key file {path} cannot be used: {why}. Put back the copy that you keep; "
            "without it contact details cannot be read. Nothing was changed."
        ) from None
    except OSError as error:
        raise KeyTrouble(_no_file(path, error)) from error


def make_key_file(path: Path) -> bool:
    """Write a new key file for the owner alone; False when there is one already."""
    ring = KeyRing({"first": _new_key()}, secrets.token_bytes(SECRET_BYTES))
    return _write(path, ring, over=False)


def replace_key_file(path: Path, ring: KeyRing) -> None:
    """Put a changed key file in place of the old, whole or not at all."""
    _write(path, ring, over=True)


def _write(path: Path, ring: KeyRing, *, over: bool) -> bool:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(key_file_text(ring))
            file.flush()
            os.fsync(file.fileno())
        return _put_in_place(draft, path, over=over)
    except OSError as error:
        raise KeyTrouble(
            f"The key file {path} cannot be written: {error.strerror}. GOROUND_KEY_FILE says "
            "where it is. Nothing was changed."
        ) from error


def _put_in_place(draft: Path, path: Path, *, over: bool) -> bool:
    if over:
        draft.replace(path)
    else:
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    is_ours = over or path.samefile(draft)
    draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return is_ours


def _new_key() -> Key:
    return Key.of(secrets.token_bytes(SECRET_BYTES))


def _see_that_it_is_private(path: Path) -> None:
    about = path.stat()
    if stat.S_IMODE(about.st_mode) & 0o077:
        raise KeyTrouble(
            f"Others on this machine may open the key file {path}. Close it to them, and think "
            f"about who may have read it: chmod 600 {path}"
        )
    if about.st_uid not in {os.geteuid(), 0}:
        raise KeyTrouble(
            f"The key file {path} belongs to another account on this machine than the one that "
            f"runs Goround. Make it Goround's own: chown {os.geteuid()} {path}"
        )


def _no_file(path: Path, error: OSError) -> str:
    return (
        f"The key file {path} cannot be read: {error.strerror}. GOROUND_KEY_FILE says where it "
        "is. If Goround ran here before, put back the copy that you keep: a new file would not "
        "open what is stored. On a new server make one: goround keys new"
    )
