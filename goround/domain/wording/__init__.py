"""How words stand together in a sentence, in each language."""

from goround.domain.wording.joining import joined, mark, side_by_side
from goround.domain.wording.retelling import retold
from goround.domain.wording.typed import western_digits, words_typed

__all__ = ["joined", "mark", "retold", "side_by_side", "western_digits", "words_typed"]
