"""A page as somebody reads it."""

from __future__ import annotations

import re

from django.http import HttpResponseBase


def words(page: HttpResponseBase | str) -> str:
    """What stands on the page, without tags and attributes, single spaces between the words.

    Look here for what must not be shown when it is short: in the whole text a random token of a
    form may spell it.
    """
    html = page if isinstance(page, str) else page.text
    body = re.sub(r"(?s)<head>.*?</head>", "", html)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())
