"""The names of barred adults, for the pages that may show them."""

from __future__ import annotations

from collections.abc import Iterable

from goround.apps.children.locking import barred_name
from goround.apps.children.models import BarredAdult


def barred_names(rows: Iterable[BarredAdult]) -> list[str]:
    return [barred_name(row) for row in rows]
