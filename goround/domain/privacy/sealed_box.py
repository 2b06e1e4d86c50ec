"""Boxes that anybody can close to a public key and only its private key opens.

The boxes are libsodium's sealed boxes behind a version byte. The one-time key comes from
the caller, so that nothing here draws at random.
"""

from __future__ import annotations

from hashlib import blake2b

from nacl.exceptions import CryptoError
from nacl.public import Box, PrivateKey, PublicKey, SealedBox

VERSION = b"\x01"
KEY_BYTES = 32


class BoxUnreadable(Exception):
    """A box that this private key does not open."""


def public_of(private: bytes) -> bytes:
    return bytes(PrivateKey(private).public_key)


def seal_to(public: bytes, content: bytes, *, one_time: bytes) -> bytes:
    """A box for the holder of one private key. ``one_time`` is 32 random bytes, used once."""
    sender = PrivateKey(one_time)
    head = bytes(sender.public_key)
    # As libsodium's crypto_box_seal does it.
    nonce = blake2b(head + public, digest_size=Box.NONCE_SIZE).digest()
    box = Box(sender, PublicKey(public)).encrypt(content, nonce).ciphertext
    return VERSION + head + box


def open_box(private: bytes, box: bytes) -> bytes:
    """Raises ``BoxUnreadable`` for a box closed to another key, or changed since."""
    if box[:1] != VERSION:
        raise BoxUnreadable("this is no sealed box of version 1")
    try:
        return SealedBox(PrivateKey(private)).decrypt(box[1:])
    except CryptoError:
        raise BoxUnreadable("this key does not open the box, or the box was changed") from None
