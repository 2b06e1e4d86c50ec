"""Looking into a PDF with what Python has: its streams unpacked, and nothing else understood."""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib

import pytest

_WORD = re.compile(r'<word xMin="([0-9.]+)"[^>]*>([^<]*)</word>')
_PAGE = re.compile(rb"/Type\s*/Page\b")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def unpacked(pdf: bytes) -> bytes:
    """The file with every stream that can be unpacked behind it."""
    parts = [pdf]
    for found in _STREAM.finditer(pdf):
        try:
            parts.append(zlib.decompress(found.group(1)))
        except zlib.error:
            continue
    return b"\n".join(parts)


def text_of_pdf(pdf: bytes) -> str:
    """Its text in reading order; skips the test, and says so, where there is no pdftotext."""
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed here, so the text was not looked at")
    read = subprocess.run([tool, "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(read.stdout.decode().split())


def places_of_words(pdf: bytes) -> dict[str, float]:
    """How far from the left edge each word of the first page begins, in points; the last of each.

    Skips the test where there is no pdftotext.
    """
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed here, so the places were not looked at")
    command = [tool, "-bbox", "-l", "1", "-", "-"]
    read = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    return {word: float(left) for left, word in _WORD.findall(read)}


def pages_in(pdf: bytes) -> int:
    return len(_PAGE.findall(unpacked(pdf)))


def assert_tagged(pdf: bytes, *, language: str) -> None:
    """A tree of tags, a title that is shown, a language, and the mark of PDF/UA."""
    inside = unpacked(pdf)
    assert pdf.startswith(b"%PDF-")
    missing = [
        mark
        for mark in (
            b"/StructTreeRoot",
            b"/Marked true",
            b"/DisplayDocTitle true",
            b"/Title",
            b"pdfuaid:part>1",
            b"/Lang (" + language.encode() + b")",
        )
        if mark.replace(b" ", b"") not in inside.replace(b" ", b"")
    ]
    assert missing == []
