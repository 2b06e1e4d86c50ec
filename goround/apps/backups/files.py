"""The file a backup is: a line that says what it is, and an encrypted stream of lines.

The stream is libsodium's ``secretstream`` (XChaCha20-Poly1305 in numbered pieces, the last one
marked), over zlib, over lines of JSON. A changed, missing, doubled or moved piece and a file
that was cut off are each noticed; so is a first line that was changed, which the first piece
vouches for.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import IO, Any

from nacl import bindings as sodium
from nacl.exceptions import RuntimeError as SodiumError

MAGIC = b"goround backup 1\n"
KEY_BYTES = sodium.crypto_secretstream_xchacha20poly1305_KEYBYTES
PIECE = 256 * 1024
_START = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_MORE = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_LAST = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
# What sealing a piece adds to it; an empty one is no shorter.
_SHORTEST = sodium.crypto_secretstream_xchacha20poly1305_ABYTES
_LONGEST = PIECE + 1024
_LONGEST_LABEL = 64 * 1024


class BadBackup(Exception):
    """The file is no backup, was changed or cut off, or was made with another key."""


@dataclass(frozen=True)
class Label:
    """What can be read on the outside of a backup, without any key."""

    made_at: str
    version: str
    database: str
    key: str


def write(file: IO[bytes], label: Label, lines: Iterable[Any], *, key: bytes) -> None:
    """Write the label and then every line, each anything JSON can hold."""
    outside = json.dumps(asdict(label)).encode() + b"\n"
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    start = sodium.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    file.write(MAGIC + outside + start)
    for piece, is_last in _pieces(lines):
        sealed = sodium.crypto_secretstream_xchacha20poly1305_push(
            state, piece, outside, _LAST if is_last else _MORE
        )
        file.write(len(sealed).to_bytes(4, "big") + sealed)


def _pieces(lines: Iterable[Any]) -> Iterator[tuple[bytes, bool]]:
    """Compressed bytes in pieces of one size, and whether it is the last."""
    packer, held = zlib.compressobj(level=6), b""
    for line in lines:
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
        held += packer.compress(text.encode() + b"\n")
        while len(held) > PIECE:
            yield held[:PIECE], False
            held = held[PIECE:]
    held += packer.flush()
    while len(held) > PIECE:
        yield held[:PIECE], False
        held = held[PIECE:]
    yield held, True


def read_label(file: IO[bytes]) -> Label:
    """The outside of a backup. Raises ``BadBackup``."""
    return _label(file)[0]


def read(file: IO[bytes], *, key_named: Callable[[str], bytes]) -> Iterator[Any]:
    """The lines of a backup, each as it was written. ``key_named`` finds the label's key.

    Raises ``BadBackup`` as soon as anything is wrong, which may be after some lines: whoever
    cannot take lines back goes through all of them once before using any.
    """
    label, outside = _label(file)
    start = file.read(_START)
    if len(start) != _START:
        raise BadBackup("The file ends after its first line.")
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, start, key_named(label.key))
    unpacker, rest = zlib.decompressobj(), b""
    for piece in _opened(file, state, outside):
        *whole, rest = (rest + unpacker.decompress(piece)).split(b"\n")
        yield from map(json.loads, whole)


def _label(file: IO[bytes]) -> tuple[Label, bytes]:
    if file.read(len(MAGIC)) != MAGIC:
        raise BadBackup("This is no backup that Goround made.")
    outside = file.readline(_LONGEST_LABEL)
    try:
        return Label(**json.loads(outside)), outside
    except (ValueError, TypeError) as error:
        raise BadBackup("The first line of the backup cannot be read.") from error


def _opened(file: IO[bytes], state: Any, outside: bytes) -> Iterator[bytes]:
    for number, sealed in enumerate(_frames(file), start=1):
        try:
            piece, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, sealed, outside)
        except SodiumError as error:
            what = "the key is another one, or the file was changed"
            raise BadBackup(f"Piece {number} cannot be opened: {what}.") from error
        yield piece
        if tag == _LAST:
            if file.read(1):
                raise BadBackup("Something was added after the end of the backup.")
            return
    raise BadBackup("The file was cut off: its last piece is missing.")


def _frames(file: IO[bytes]) -> Iterator[bytes]:
    while size := file.read(4):
        length = int.from_bytes(size, "big")
        if len(size) < 4 or not _SHORTEST <= length <= _LONGEST:
            raise BadBackup("The file was cut off or changed between two pieces.")
        sealed = file.read(length)
        if len(sealed) < length:
            raise BadBackup("The file was cut off: its last piece is not whole.")
        yield sealed
