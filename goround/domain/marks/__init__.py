"""What devices marked without a signal, laid together. Nobody's word is lost or preferred."""

from goround.domain.marks.folding import Folded, Mark, Side, Word, Written, fold

__all__ = ["Folded", "Mark", "Side", "Word", "Written", "fold"]
