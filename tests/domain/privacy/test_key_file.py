from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.domain.privacy.envelope import Key
from goround.domain.privacy.key_file import KeyFileWrong, KeyRing, key_file_text, read_key_file

secrets = st.binary(min_size=32, max_size=32)
names = st.from_regex(r"\A[a-z0-9][a-z0-9.-]{0,39}\Z")
RING = KeyRing({"second": Key.of(b"b" * 32), "first": Key.of(b"a" * 32)}, b"l" * 32)


@given(st.dictionaries(names, secrets.map(Key.of), min_size=1, max_size=4), secrets)
def test_a_key_file_reads_back_in_order(roots, lasting):
    read = read_key_file(key_file_text(KeyRing(roots, lasting)))

    assert list(read.roots.items()) == list(roots.items())
    assert read.lasting == lasting


def test_the_newest_root_key_stands_first():
    ring = RING.with_newest("third", b"c" * 32)

    assert list(ring.roots) == ["third", "second", "first"]
    assert ring.newest == Key.of(b"c" * 32)
    assert list(ring.only_newest().roots) == ["third"]
    assert ring.lasting == RING.lasting


def test_a_root_key_is_found_by_its_id():
    assert RING.root(Key.of(b"a" * 32).id) == Key.of(b"a" * 32)
    assert RING.root(b"\0" * 8) is None


def test_a_ring_shows_names_and_ids_only():
    told = f"second ({Key.of(b'b' * 32).id.hex()}), first ({Key.of(b'a' * 32).id.hex()})"

    assert repr(RING) == f"KeyRing({told})"


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda text: "", "no root key or no lasting secret"),
        (lambda text: text.replace("lasting ", "# lasting "), "no lasting secret"),
        (lambda text: text.replace("root second", "root first"), "line 5 is neither"),
        (lambda text: text.replace("root first ", "root First! "), "line 5 is neither"),
        (lambda text: text + "hello\n", "line 7 is neither"),
        (lambda text: text.replace("YWFh", ""), "line 5 holds no whole key"),
        (lambda text: text.replace("YWFh", "*WFh", 1), "line 5 holds no whole key"),
    ],
)
def test_a_spoilt_key_file_is_refused_by_its_line(spoil, complaint):
    with pytest.raises(KeyFileWrong, match=complaint) as refusal:
        read_key_file(spoil(key_file_text(RING)))

    assert "YWFh" not in str(refusal.value)
