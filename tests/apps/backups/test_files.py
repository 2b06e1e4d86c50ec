"""A backup's file gives back what was written, or says that it cannot."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.apps.backups import files

KEY, OTHER_KEY = bytes(range(32)), bytes(32)
LABEL = files.Label("2026-03-04T12:00:00+00:00", "0.1.0", "sqlite", "root-1")
WORDS = st.text(max_size=20)
LINES = st.lists(
    st.one_of(
        st.dictionaries(WORDS, WORDS, max_size=3),
        st.lists(st.one_of(st.none(), st.booleans(), st.integers(), WORDS), max_size=5),
    ),
    max_size=20,
)


def written(lines: list[object], *, label: files.Label = LABEL) -> bytes:
    file = io.BytesIO()
    files.write(file, label, lines, key=KEY)
    return file.getvalue()


def read(content: bytes, key: bytes = KEY) -> list[object]:
    return list(files.read(io.BytesIO(content), key_named=lambda _name: key))


def noise(size: int) -> list[object]:
    """Lines that no compression makes small, so that they fill several pieces."""
    source = random.Random(1)
    return [[source.randbytes(400).hex()] for _ in range(size)]


@given(LINES)
def test_file_gives_back_its_lines(lines):
    assert read(written(lines)) == lines


def test_file_of_several_pieces_gives_back_its_lines():
    lines = noise(3_000)

    content = written(lines)

    assert len(content) > 3 * files.PIECE
    assert read(content) == lines


def test_file_hides_what_is_in_it():
    assert b"CANARY" not in written([["CANARY"]])


def test_label_can_be_read_without_a_key():
    assert files.read_label(io.BytesIO(written([]))) == LABEL


def test_file_asks_for_the_key_its_label_names():
    asked = []

    def key_named(name: str) -> bytes:
        asked.append(name)
        return KEY

    assert list(files.read(io.BytesIO(written([[1]])), key_named=key_named)) == [[1]]
    assert asked == ["root-1"]


def test_file_of_another_key_is_refused():
    with pytest.raises(files.BadBackup, match="key is another one"):
        read(written([["row"]]), OTHER_KEY)


@given(st.data())
def test_file_with_any_changed_byte_is_refused(data):
    content = bytearray(written([["one"], ["two"]]))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))

    with pytest.raises(files.BadBackup):
        read(bytes(content))


def test_file_whose_piece_is_shorter_than_any_is_refused():
    content = bytearray(written([["one"]]))
    start = len(files.MAGIC) + content[len(files.MAGIC) :].index(b"\n") + 1 + 24
    content[start : start + 4] = (16).to_bytes(4, "big")

    with pytest.raises(files.BadBackup, match="between two pieces"):
        read(bytes(content))


@given(st.data())
def test_file_cut_off_anywhere_is_refused(data):
    content = written([["one"], ["two"]])
    size = data.draw(st.integers(0, len(content) - 1))

    with pytest.raises(files.BadBackup):
        read(content[:size])


def test_file_without_its_last_piece_is_refused():
    content = written(noise(2_000))
    start = len(files.MAGIC) + content[len(files.MAGIC) :].index(b"\n") + 1 + 24
    first = start + 4 + int.from_bytes(content[start : start + 4], "big")

    with pytest.raises(files.BadBackup, match="last piece is missing"):
        read(content[:first])


def test_file_with_two_pieces_exchanged_is_refused():
    content = written(noise(2_000))
    start = len(files.MAGIC) + content[len(files.MAGIC) :].index(b"\n") + 1 + 24
    size = 4 + int.from_bytes(content[start : start + 4], "big")
    pieces = [content[start : start + size], content[start + size : start + 2 * size]]

    with pytest.raises(files.BadBackup, match="Piece 1"):
        read(content[:start] + pieces[1] + pieces[0] + content[start + 2 * size :])


def test_file_with_something_added_is_refused():
    with pytest.raises(files.BadBackup, match="added after the end"):
        read(written([["row"]]) + b"x")


def test_anything_else_is_no_backup():
    with pytest.raises(files.BadBackup, match="no backup"):
        read(b"PGDMP and so on")
