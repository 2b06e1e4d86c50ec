from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.domain.privacy.envelope import (
    Key,
    Spot,
    Unreadable,
    key_id_of,
    lock,
    unlock,
    unwrap,
    wrap,
)

SPOT = Spot("people_parentdetails", "locked", 7, 3)
NONCE = b"n" * 12
KEY = Key.of(b"k" * 32)

spots = st.builds(
    Spot,
    table=st.sampled_from(["people_parent", "people_listimport", "keys_datakey"]),
    column=st.sampled_from(["locked", "text", "wrapped"]),
    row=st.integers(0, 2**62),
    organisation=st.integers(0, 2**62),
)
secrets = st.binary(min_size=32, max_size=32)
nonces = st.binary(min_size=12, max_size=12)


@given(st.binary(), secrets, spots, nonces)
def test_what_was_locked_opens_at_its_spot(plain, secret, spot, nonce):
    key = Key.of(secret)

    locked = lock(plain, key=key, spot=spot, nonce=nonce)

    assert unlock(locked, key=key, spot=spot) == plain
    assert key_id_of(locked) == key.id


@given(st.binary(max_size=60), st.data())
def test_any_changed_byte_is_refused(plain, data):
    locked = bytearray(lock(plain, key=KEY, spot=SPOT, nonce=NONCE))
    place = data.draw(st.integers(0, len(locked) - 1))
    locked[place] ^= data.draw(st.integers(1, 255))

    with pytest.raises(Unreadable):
        unlock(bytes(locked), key=KEY, spot=SPOT)


@given(st.binary(max_size=60), st.data())
def test_a_cut_or_longer_value_is_refused(plain, data):
    locked = lock(plain, key=KEY, spot=SPOT, nonce=NONCE)
    cut = data.draw(st.integers(0, len(locked) - 1))

    for wrong in (locked[:cut], locked + b"\0"):
        with pytest.raises(Unreadable):
            unlock(wrong, key=KEY, spot=SPOT)


@given(spots, spots)
def test_another_spot_is_refused(here, there):
    locked = lock(b"call me", key=KEY, spot=here, nonce=NONCE)

    if here == there:
        assert unlock(locked, key=KEY, spot=there) == b"call me"
    else:
        with pytest.raises(Unreadable):
            unlock(locked, key=KEY, spot=there)


@pytest.mark.parametrize(
    "change", [{"table": "people_parent"}, {"column": "text"}, {"row": 8}, {"organisation": 4}]
)
def test_each_part_of_the_spot_counts(change):
    locked = lock(b"call me", key=KEY, spot=SPOT, nonce=NONCE)

    with pytest.raises(Unreadable):
        unlock(locked, key=KEY, spot=replace(SPOT, **change))


@given(secrets)
def test_another_key_is_refused_and_both_are_named(secret):
    locked, other = lock(b"call me", key=KEY, spot=SPOT, nonce=NONCE), Key.of(secret)
    if other == KEY:
        return

    with pytest.raises(Unreadable) as refusal:
        unlock(locked, key=other, spot=SPOT)

    assert KEY.id.hex() in str(refusal.value)
    assert other.id.hex() in str(refusal.value)
    assert secret.hex() not in str(refusal.value)


@given(secrets, secrets, spots, nonces)
def test_a_wrapped_key_comes_back_whole(inner, outer, spot, nonce):
    wrapped = wrap(Key.of(inner), under=Key.of(outer), spot=spot, nonce=nonce)

    assert unwrap(wrapped, under=Key.of(outer), spot=spot) == Key.of(inner)


def test_a_key_does_not_show_itself():
    assert repr(KEY) == f"Key({KEY.id.hex()})"


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(length):
    with pytest.raises(ValueError, match=f"32 bytes, this one {length}"):
        Key.of(b"k" * length)


def test_a_nonce_of_another_length_is_refused():
    with pytest.raises(ValueError, match="12 bytes, this one 11"):
        lock(b"", key=KEY, spot=SPOT, nonce=b"n" * 11)
