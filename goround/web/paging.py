from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Page, Paginator


class CountedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of a list whose length is known already, so that it is not counted again."""

    count = 0

    def __init__(self, rows: Any, per_page: int, *, count: int) -> None:
        super().__init__(rows, per_page)
        self.count = count


class PartPaginator(CountedPaginator):
    """Pages that are asked for by where they begin and end: ``part(start=100, end=150)``."""

    def __init__(self, part: Callable[..., Any], per_page: int, *, count: int) -> None:
        super().__init__((), per_page, count=count)
        self.part = part

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        rows = self.part(start=start, end=min(start + self.per_page, self.count))
        return Page(rows, number, self)
