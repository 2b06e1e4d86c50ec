"""What a file of rules says to people, in another language."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

Told = TypeVar("Told")


def retold(told: Told, says: Callable[[str], str], *, texts: Collection[str]) -> Told:
    """A copy of a dataclass and of those in it, in which ``says`` was asked for each text.

    ``texts`` are the names of fields that hold words for people; what is empty stays so.
    """
    changed = {}
    for field in fields(cast("Any", told)):
        value = getattr(told, field.name)
        new = _anew(value, says, texts, is_text=field.name in texts)
        if new is not value:
            changed[field.name] = new
    return cast("Told", replace(cast("Any", told), **changed)) if changed else told


def _anew(value: Any, says: Callable[[str], str], texts: Collection[str], *, is_text: bool) -> Any:
    if is_text and isinstance(value, str):
        return says(value) if value else value
    if isinstance(value, tuple):
        return tuple(_anew(one, says, texts, is_text=False) for one in value)
    return retold(value, says, texts=texts) if is_dataclass(value) else value
