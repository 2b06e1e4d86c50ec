"""A page that only reads finds out once what opens to its viewer, and not for each of its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Told = TypeVar("Told")

_look: ContextVar[dict[tuple[Any, ...], Any] | None] = ContextVar("one_look", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Until its end the database is asked once, of each viewer, what opens to them.

    For a page that gives and takes no role, place or lead. Whoever is put out in this very moment
    still gets this page, as if they had asked for it an instant before, and no other.
    """
    before = _look.set({})
    try:
        yield
    finally:
        _look.reset(before)


def is_looking() -> bool:
    return _look.get() is not None


def asked_once(question: tuple[Any, ...], ask: Callable[[], Told]) -> Told:
    """The answer, which within one look is asked for only the first time.

    The question names whom it is about: an answer is never another viewer's.
    """
    look = _look.get()
    if look is None:
        return ask()
    if question not in look:
        look[question] = ask()
    told: Told = look[question]
    return told
