"""What two versions of a text differ in, word by word, and how two changes go together."""

from goround.domain.agreement.differences import Change, Line, Piece, differences, tidy
from goround.domain.agreement.together import put_together

__all__ = ["Change", "Line", "Piece", "differences", "put_together", "tidy"]
