"""Keeps out of the log what somebody typed: addresses of pages, and what foreign errors quote."""

from __future__ import annotations

import copy
import logging
import traceback
from collections.abc import Iterator


class WithoutAddress(logging.Filter):
    """Says which page was asked for by its name, never by its address, which may hold a key."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None and record.name.startswith("django."):
            match = getattr(request, "resolver_match", None)
            record.msg = f"{record.levelname.lower()} {getattr(record, 'status_code', '')} at %s"
            record.args = (match.view_name if match else "no page of ours",)
        return True


class WithoutQuotes(logging.Formatter):
    """Tells where an error arose and of what kind it is, without what it says.

    A database quotes the row it refused, and ``int()`` what it was given. Only errors of our own
    keep their words, which hold ids.
    """

    def format(self, record: logging.LogRecord) -> str:
        # Another handler may have kept the whole text with the record.
        mine = copy.copy(record)
        mine.exc_text = None
        return super().format(mine)

    def formatException(self, ei: object) -> str:  # noqa: N802  the standard library's name
        error = ei[1] if isinstance(ei, tuple) else None
        return "\n".join(_told(error)) if isinstance(error, BaseException) else ""


def _told(error: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _told(before)
        yield "which led to:"
    yield from (line.rstrip() for line in traceback.format_tb(error.__traceback__))
    kind = type(error)
    words = f": {error}" if kind.__module__.startswith("goround.") else ""
    yield f"{kind.__module__}.{kind.__qualname__}{words}"
