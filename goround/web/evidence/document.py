"""One page of figures: the same words and drawings for the screen and for a tagged PDF.

The page takes what it is given. Inside an organisation that is exact and marked as not for
publication; what a release lets out comes with its own mark and without drawings of single parents.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from typst import Fonts

TEMPLATE = Path(__file__).with_name("one_page.typ")


@dataclass(frozen=True)
class Row:
    """One part of a survey; drawings are empty where there is no figure."""

    name: str
    since: str
    strip: SafeString
    strip_words: str
    mean: str
    moved: SafeString
    moved_words: str
    summary: str


@dataclass(frozen=True)
class Fact:
    name: str
    number: str
    share: str


@dataclass(frozen=True)
class Facts:
    """A small table of figures."""

    title: str
    rows: tuple[Fact, ...]


@dataclass(frozen=True)
class OnePage:
    """``is_open``: its mark is no warning, anybody may read it. ``heads`` without a middle one
    leave the strips out.
    """

    title: str
    lead: str
    mark: str
    foot: str
    language: str
    right_to_left: bool
    paper: str
    summary_title: str
    summary: tuple[str, ...]
    rows_title: str
    heads: tuple[str, str, str]
    rows: tuple[Row, ...]
    notes_title: str
    notes: tuple[str, ...]
    is_open: bool = False
    facts: tuple[Facts, ...] = ()


def as_pdf(page: OnePage) -> bytes:
    """The page as PDF/UA. Nothing is read but our own template, and nothing fetched."""
    # A compiler of its own, loaded when somebody asks for paper.
    import typst  # noqa: PLC0415

    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(asdict(page))},
        pdf_standards="ua-1",  # refuses a picture without words
    )


@lru_cache(maxsize=1)
def _fonts() -> Fonts:
    """Looking for fonts takes longer than the page does: once a process."""
    import typst  # noqa: PLC0415

    return typst.Fonts()
