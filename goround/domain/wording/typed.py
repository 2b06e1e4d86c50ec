"""What people type, in the signs that we count with."""

from __future__ import annotations

import re
import unicodedata

ARABIC_DECIMAL = "\N{ARABIC DECIMAL SEPARATOR}"
_BETWEEN = re.compile(r"[,;،؛\s]+")


def western_digits(typed: str) -> str:
    """Digits of any writing as 0 to 9, and the Arabic decimal separator as a point."""
    plain = typed.replace(ARABIC_DECIMAL, ".")
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in plain)


def words_typed(typed: str) -> list[str]:
    """What stands between commas, semicolons and spaces, its digits made Western."""
    return [word for word in _BETWEEN.split(western_digits(typed)) if word]
