"""Entries of one act made of many, kept together and written in one stretch at its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from goround.apps.audit.chains import append
from goround.apps.audit.models import Event

# The organisation whose entries are kept until the end, and those so far.
_stretch: ContextVar[tuple[int, list[Event]] | None] = ContextVar("stretch", default=None)


@contextmanager
def in_one_stretch(organisation_id: int) -> Iterator[None]:
    """Write all entries of this organisation recorded within at the end, in three statements.

    For one act made of many in one transaction. An error must end the whole act: caught within,
    it would undo a part whose entry is written all the same. Stretches are not nested.
    """
    kept: list[Event] = []
    before = _stretch.set((organisation_id, kept))
    try:
        yield
    finally:
        _stretch.reset(before)
    append(organisation_id, kept)


def append_in_turn(organisation_id: int | None, events: Sequence[Event]) -> None:
    """At once, or at the end of the stretch that is going on."""
    stretch = _stretch.get()
    if stretch is not None and stretch[0] == organisation_id:
        stretch[1].extend(events)
    else:
        append(organisation_id, events)
