from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey, SealedBox

from goround.domain.privacy.sealed_box import BoxUnreadable, open_box, public_of, seal_to

keys = st.binary(min_size=32, max_size=32)


@given(st.binary(), keys, keys)
def test_a_box_opens_with_its_private_key(content, private, one_time):
    box = seal_to(public_of(private), content, one_time=one_time)

    assert open_box(private, box) == content


@given(st.binary(max_size=40), keys, keys)
def test_a_box_is_libsodiums_behind_a_version_byte(content, private, one_time):
    ours = seal_to(public_of(private), content, one_time=one_time)
    theirs = bytes(SealedBox(PrivateKey(private).public_key).encrypt(content))

    assert bytes(SealedBox(PrivateKey(private)).decrypt(ours[1:])) == content
    assert open_box(private, b"\x01" + theirs) == content


@given(st.binary(max_size=40), keys, keys, st.data())
def test_any_changed_byte_is_refused(content, private, one_time, data):
    box = bytearray(seal_to(public_of(private), content, one_time=one_time))
    # The last bit of an X25519 key is not part of it.
    place = data.draw(st.integers(0, len(box) - 1).filter(lambda at: at != 32))
    box[place] ^= data.draw(st.integers(1, 255))

    with pytest.raises(BoxUnreadable):
        open_box(private, bytes(box))


@given(keys, keys, keys)
def test_another_private_key_is_refused(private, other, one_time):
    if public_of(private) == public_of(other):
        return
    box = seal_to(public_of(private), b"worried", one_time=one_time)

    with pytest.raises(BoxUnreadable):
        open_box(other, box)


@pytest.mark.parametrize("box", [b"", b"\x01", b"\x02" + b"b" * 60, b"\x01" + b"b" * 20])
def test_what_is_no_box_is_refused(box):
    with pytest.raises(BoxUnreadable):
        open_box(b"p" * 32, box)
