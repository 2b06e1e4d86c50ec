"""How words stand together in a sentence, in each language."""

from goround.domain.wording.joining import joined

__all__ = ["joined"]
