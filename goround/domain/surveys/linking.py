"""The code somebody makes for themselves, so that later answers find the earlier ones."""

from __future__ import annotations

import unicodedata

LEAST, MOST = 5, 40


class CodeUnfit(ValueError):
    """The code is too short to be one person's, or too long to be typed again."""


def tidy_link(typed: str) -> str:
    """The code as it is compared: letters and digits only, without case or accents.

    What people write once as "Málaga 14-b" and once as "malaga14B" is the same code, in the digits
    of any writing. Raises ``CodeUnfit`` with fewer than five letters or digits, or more than forty.

    >>> tidy_link("Málaga 14-b")
    'malaga14b'
    """
    parts = unicodedata.normalize("NFKD", typed).casefold()
    tidy = "".join(str(unicodedata.decimal(sign, sign)) for sign in parts if sign.isalnum())
    if not LEAST <= len(tidy) <= MOST:
        raise CodeUnfit(f"a code has {LEAST} to {MOST} letters and digits")
    return tidy
