"""Who else wants to know that somebody came to a group, or left it.

Groups know nothing of what other apps keep about a member. An app that keeps something says here
what is to happen with it, and it happens in the act's own transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from goround.apps.audit.services import Actor
from goround.apps.groups.models import Membership

Caller = Callable[[Membership, Actor | None, datetime], None]
_on_joining: list[Caller] = []
_on_leaving: list[Caller] = []


def when_somebody_joins(caller: Caller) -> Caller:
    """Register what happens when a membership begins, or is taken up again."""
    _on_joining.append(caller)
    return caller


def when_somebody_leaves(caller: Caller) -> Caller:
    """Register what happens when a membership ends while the group goes on."""
    _on_leaving.append(caller)
    return caller


def joined(membership: Membership, *, by: Actor | None, at: datetime) -> None:
    for caller in _on_joining:
        caller(membership, by, at)


def left(membership: Membership, *, by: Actor | None, at: datetime) -> None:
    for caller in _on_leaving:
        caller(membership, by, at)
