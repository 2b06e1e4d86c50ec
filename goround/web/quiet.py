"""Keeps addresses of pages out of the log: one may hold a word that is somebody's key."""

from __future__ import annotations

import logging


class WithoutAddress(logging.Filter):
    """Says which page was asked for by its name, never by its address."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None and record.name.startswith("django."):
            match = getattr(request, "resolver_match", None)
            record.msg = f"{record.levelname.lower()} {getattr(record, 'status_code', '')} at %s"
            record.args = (match.view_name if match else "no page of ours",)
        return True
