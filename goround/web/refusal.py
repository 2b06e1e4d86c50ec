"""The page for whoever comes while the server is full, written once for each language."""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_supported_language_variant, override

from goround.web.headers import put_on


def come_back(scope: MutableMapping[str, Any]) -> tuple[bytes, dict[str, str]]:
    """Body and headers; nothing is looked up for it, for there is no time."""
    asked = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
    return _page(_spoken(asked)), _headers()


@lru_cache(maxsize=64)
def _spoken(asked: str) -> str:
    first = asked.split(",", maxsplit=1)[0].split(";", maxsplit=1)[0].strip().lower()
    try:
        return get_supported_language_variant(first)
    except LookupError:
        return settings.LANGUAGE_CODE


@lru_cache
def _page(language: str) -> bytes:
    with override(language):
        return render_to_string("503.html").encode()


def _headers() -> dict[str, str]:
    headers = {"Content-Type": "text/html; charset=utf-8"}
    put_on(headers, path="/")
    return headers
