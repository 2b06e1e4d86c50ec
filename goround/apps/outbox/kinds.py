"""What can be told: each kind of message and how its words are found in the moment of sending.

An app that has something to tell registers a kind, as it registers work for the worker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from goround.apps.outbox.models import Message


@dataclass(frozen=True, slots=True)
class Words:
    """What is sent. The first line is what a telephone shows beside the subject."""

    subject: str
    lines: tuple[str, ...]

    def everything(self) -> str:
        return "\n".join((self.subject, *self.lines))


# Words for the message, or None when what it told is no longer so.
Writer = Callable[[Message, datetime], Words | None]


@dataclass(frozen=True, slots=True)
class Kind:
    key: str
    # For the coordinator's page.
    label: str | Promise
    write: Writer
    # Nobody but the person it goes to learns that there is one.
    is_private: bool = False


_kinds: dict[str, Kind] = {}


def tells(
    key: str, label: str | Promise, *, is_private: bool = False
) -> Callable[[Writer], Writer]:
    """Register a kind of message. Its writer runs in the language of who reads it."""

    def register(writer: Writer) -> Writer:
        _kinds[key] = Kind(key, label, writer, is_private)
        return writer

    return register


def kind_of(message: Message) -> Kind:
    return _kinds[message.kind]


def all_kinds() -> tuple[Kind, ...]:
    return tuple(_kinds.values())


def private_kinds() -> list[str]:
    return [kind.key for kind in _kinds.values() if kind.is_private]
