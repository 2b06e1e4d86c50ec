"""The parts of a copy: a heading and a table, and how a table is read from rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise as LazyText

Words = str | LazyText
Columns = tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of thing that is kept: a heading, and a table of label and value for each row."""

    key: str
    title: Words
    rows: tuple[tuple[tuple[str, Words, Any], ...], ...]


@dataclass(frozen=True, slots=True)
class Holding:
    """Rows of one model about a parent, and which of their values are told, by which name."""

    model: type[models.Model]
    to_parent: str
    title: Words
    columns: Columns
