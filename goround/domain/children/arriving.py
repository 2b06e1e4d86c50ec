"""What a mark made without a signal means once it arrives: others may have written since.

A child was here from when they came until they went, however many devices say so. What was said
already changes nothing; what says something else is for a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    NEW = "new"
    SAID = "said"
    DIFFERS = "differs"
    NOT_IN = "not-in"


@dataclass(frozen=True, slots=True)
class Stay:
    """From when to when a child was here, as it is written down; ``went`` None: still here."""

    came: datetime
    went: datetime | None = None


def coming(stays: Sequence[Stay], *, at: datetime) -> Verdict:
    """What it means that a child came then; a stay that ended later tells of the same coming."""
    known = any(stay.went is None or stay.went >= at for stay in stays)
    return Verdict.SAID if known else Verdict.NEW


def going(stays: Sequence[Stay], *, at: datetime, same_adult: bool) -> tuple[Verdict, Stay | None]:
    """What it means that a child went then, and from which stay.

    ``same_adult``: who is written down as having collected them last is who this mark names.
    """
    before = [stay for stay in stays if stay.came <= at]
    if not before:
        return Verdict.NOT_IN, None
    stay = max(before, key=lambda each: each.came)
    if stay.went is None:
        return Verdict.NEW, stay
    return (Verdict.SAID if same_adult else Verdict.DIFFERS), stay
