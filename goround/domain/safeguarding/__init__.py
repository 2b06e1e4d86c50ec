"""A worry about somebody's safety: the way it goes, and the dates that the law sets."""

from goround.domain.safeguarding.concern import Way
from goround.domain.safeguarding.duties import Duties

__all__ = ["Duties", "Way"]
